import { type ChildProcess, fork } from 'node:child_process';
import { createHmac, hkdfSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DecryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { type LocalKmsServer, startLocalKms } from '@cdk-keysmith/local-kms';
import { encryptedDataKeysOf, parseHeader } from '../src/header.ts';
import { ORDERS_APP } from './kms.ts';
import { countInMemory, withMemory } from './process-memory.ts';
import { EVERYTHING } from './settings.ts';

/*
 * Where data keys are in the memory of a process, and where they are not.
 *
 * The envelope is in a process of its own; the KMS is in this one, and so are the data keys that are looked for: it asks
 * the KMS for them. All of the other process's memory is searched for their bytes, so that nothing counts but that they
 * are nowhere, whoever left them.
 *
 * What is not claimed: that the base64 text of a data key is nowhere. The SDK makes strings of the answers of KMS, and
 * JavaScript cannot wipe strings. What is claimed of it is that nothing refers to it any more.
 */

const ROOT = resolve(__dirname, '../../..');
const TENANTS = ['a', 'b', 'c', 'driven out', 'kept'];

type Counts = Record<string, number>;

withMemory('the memory of a process', () => {
  let kms: LocalKmsServer;
  let child: ChildProcess;
  let live: Counts;
  let moved: Counts;
  let disposed: Counts;
  let collected: Counts;
  let snapshot: Buffer;
  /** What is looked for, by name. */
  const secrets: Record<string, Buffer> = {};

  const order = async (...words: string[]): Promise<void> => {
    child.send(words);
    await once(child, 'message');
  };
  const count = (kind = ''): Counts => {
    const wanted = Object.entries(secrets).filter(([name]) => name.startsWith(kind));
    return countInMemory(child.pid ?? 0, Object.fromEntries(wanted));
  };

  beforeAll(async () => {
    kms = await startLocalKms({ app: ORDERS_APP, region: 'eu-west-1' });
    const { accessKeyId, secretAccessKey } = kms.administratorCredentials();
    child = fork(join(__dirname, 'children', 'held-keys.ts'), {
      execArgv: ['--no-warnings', '--expose-gc', '--import', 'tsx'],
      env: {
        PATH: process.env['PATH'],
        TSX_TSCONFIG_PATH: join(ROOT, 'packages', 'tsconfig.json'),
        AWS_REGION: 'eu-west-1',
        AWS_ENDPOINT_URL_KMS: kms.url,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
      },
    });
    const [messages] = (await once(child, 'message')) as [Record<string, string>];
    for (const [tenant, message] of Object.entries(messages)) await learn(tenant, Buffer.from(message, 'base64'));
    live = count();
    await order('collect');
    moved = count('data key');
    await order('dispose');
    disposed = count('data key');
    await order('collect');
    collected = count();
    snapshot = await takeSnapshot();
    child.send(['end']);
  });
  afterAll(async () => {
    child?.kill();
    await kms?.close();
  });

  /** Asks KMS for the data key of a message, and derives the keys of the message as the specification has it. */
  async function learn(tenant: string, message: Uint8Array): Promise<void> {
    const header = parseHeader(message, 2, EVERYTHING.suites);
    const { context, messageId } = header;
    const client = new KMSClient(kms.clientConfig());
    const CiphertextBlob = encryptedDataKeysOf(header)[0]?.ciphertext;
    const { Plaintext } = await client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: context }));
    const dataKey = Buffer.from(Plaintext ?? []);
    const info = Buffer.from('\u0004\u0078DERIVEKEY', 'latin1');
    secrets[`data key ${tenant}`] = dataKey;
    secrets[`extracted ${tenant}`] = createHmac('sha512', messageId).update(dataKey).digest();
    secrets[`message key ${tenant}`] = Buffer.from(hkdfSync('sha512', dataKey, messageId, info, 32));
  }

  async function takeSnapshot(): Promise<Buffer> {
    const folder = mkdtempSync(join(tmpdir(), 'hygiene-'));
    try {
      const file = join(folder, 'child.heapsnapshot');
      await order('snapshot', file);
      return readFileSync(file);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  const of = (counts: Counts, kind: string) => TENANTS.map((tenant) => counts[`${kind} ${tenant}`]);

  test('holds a data key once for each cache that keeps it, and no copy on its way there', () => {
    expect(of(live, 'data key').slice(0, 3)).toEqual([2, 2, 2]);
    expect(live['data key kept']).toBe(1);
  });

  test('holds no second one after the garbage collector has moved everything about', () => {
    expect(of(moved, 'data key')).toEqual(of(live, 'data key'));
  });

  test('holds none that has left its cache', () => {
    expect([live['data key driven out'], moved['data key driven out']]).toEqual([0, 0]);
  });

  test('holds none as soon as the envelopes are disposed of', () => {
    expect(of(disposed, 'data key')).toEqual([0, 0, 0, 0, 0]);
    expect(of(collected, 'data key')).toEqual([0, 0, 0, 0, 0]);
  });

  // Before a collection there may be some, or none where the engine has collected of its own accord: not asked here.
  test('holds no key of a single message once its garbage is collected', () => {
    expect(of(collected, 'message key')).toEqual([0, 0, 0, 0, 0]);
    expect(of(collected, 'extracted')).toEqual([0, 0, 0, 0, 0]);
  });

  test('has no object left that refers to the text of a data key, as the SDK got it from KMS', () => {
    // What is there can be found: a constant of the program.
    expect(snapshot.includes('driven out')).toBe(true);
    for (const tenant of TENANTS) {
      const text = secrets[`data key ${tenant}`]?.toString('base64') ?? '';
      expect(text).toHaveLength(44);
      expect(snapshot.includes(text)).toBe(false);
    }
  });
});
