import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalKms, type LocalKms, type LocalKmsStateOptions, openLocalKms } from '@cdk-keysmith/local-kms';
import { openDatabase, openingError } from '../src/durable/database.ts';
import { newSpecs, provenance } from './state/story.ts';
import { LEDGER, raw } from './support.ts';

let folder: string;
let state: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'local-kms-state-'));
  state = join(folder, 'state');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (options: Partial<LocalKmsStateOptions> = {}) => openLocalKms({ state, ...options });

async function failureOf(options: Partial<LocalKmsStateOptions> = {}): Promise<[string, string]> {
  try {
    await (await open(options)).close();
  } catch (error) {
    return [(error as { code: string }).code, (error as Error).message];
  }
  throw new Error('the state was opened');
}

async function ok(kms: LocalKms, operation: string, body: unknown): Promise<Readonly<Record<string, unknown>>> {
  const { status, body: answer } = await raw(kms, operation, body);
  if (status !== 200) throw new Error(`${operation}: ${JSON.stringify(answer)}`);
  return answer;
}

const keyIdOf = (answer: Readonly<Record<string, unknown>>) => (answer['KeyMetadata'] as { KeyId: string }).KeyId;
const newKey = async (kms: LocalKms, body = {}) => keyIdOf(await ok(kms, 'CreateKey', body));

describe('a state in a folder', () => {
  test('holds everything that calls made: what KMS tells is the same to the letter after it is opened again', async () => {
    const kms = await open();
    const story = await provenance(kms, (operation, body) => ok(kms, operation, body));
    await kms.close();
    const again = await open();
    expect(again.state).toMatchObject({ folder: state, isNew: false, keys: story.keys, grants: 1 });
    await story.check((operation, body) => ok(again, operation, body));
    await again.close();
  });

  test('holds keys of every spec, those whose secret was never asked for too', async () => {
    const kms = await open();
    const keys = await newSpecs((operation, body) => ok(kms, operation, body));
    await kms.close();
    const again = await open();
    for (const { KeyId, PublicKey } of keys) {
      expect(await ok(again, 'GetPublicKey', { KeyId })).toMatchObject({ PublicKey });
    }
    await again.close();
  });

  test('is new, and its local key is for its owner alone', async () => {
    const kms = await open();
    expect(kms.state).toEqual({ folder: state, isNew: true, keys: 0, aliases: 0, grants: 0 });
    await kms.close();
    if (process.platform !== 'win32') {
      expect(statSync(join(state, 'local-key')).mode & 0o777).toBe(0o600);
      expect(statSync(state).mode & 0o777).toBe(0o700);
      chmodSync(join(state, 'local-key'), 0o644);
      expect(await failureOf()).toEqual([
        'STATE_KEY',
        `others may read the local key of the state: chmod 600 ${state}/local-key`,
      ]);
    }
  });

  test('has no plaintext material in it', async () => {
    const kms = await open();
    const secret = randomBytes(32).toString('base64url');
    await newKey(kms, { Description: `description ${secret}` });
    await kms.close();
    const everything = readdirSync(join(state, 'db')).map((name) => readFileSync(join(state, 'db', name), 'latin1'));
    expect(everything.join().includes(secret)).toBe(false);
  });

  test('keeps nothing of a dry run or of a call that failed', async () => {
    const kms = await open();
    const KeyId = await newKey(kms);
    const files = () => readdirSync(join(state, 'db')).map((name) => statSync(join(state, 'db', name)).size);
    const before = files();
    await raw(kms, 'CreateGrant', {
      KeyId,
      GranteePrincipal: 'arn:aws:iam::111122223333:root',
      Operations: ['Decrypt'],
      DryRun: true,
    });
    await raw(kms, 'CreateAlias', { AliasName: 'none', TargetKeyId: KeyId });
    await ok(kms, 'DescribeKey', { KeyId });
    expect(files()).toEqual(before);
    await kms.close();
  });

  test('belongs to one server at a time', async () => {
    const kms = await open();
    const [code, message] = await failureOf();
    expect([code, message]).toEqual([
      'STATE_IN_USE',
      `the state in ${state} belongs to another local KMS that runs: stop it, or take another folder`,
    ]);
    await kms.close();
    await (await open()).close();
  });

  test('is not opened in passing by createLocalKms', () => {
    expect(() => createLocalKms({ state } as object)).toThrow(/await openLocalKms\(/);
  });

  test('is forgotten by a reset, on the disk too', async () => {
    const kms = await open({ app: LEDGER });
    const KeyId = await newKey(kms);
    const declared = kms.keys().find(({ constructPath }) => constructPath === 'Ledger/Key');
    kms.reset();
    await kms.close();
    const again = await open({ app: LEDGER });
    expect(again.keys().map(({ keyId }) => keyId)).not.toContain(KeyId);
    expect(again.keys().map(({ arn }) => arn)).toContain(declared?.arn);
    await again.close();
  });
});

describe('an app that meets an existing state', () => {
  test('finds its keys with their material, and keys of calls and of another app beside them', async () => {
    const kms = await open({ app: LEDGER });
    const made = await newKey(kms);
    const { CiphertextBlob } = await ok(kms, 'Encrypt', { KeyId: 'alias/ledger', Plaintext: 'AAAA' });
    await ok(kms, 'DisableKey', { KeyId: kms.keys().find(({ constructPath }) => constructPath === 'Ledger/Key')?.arn });
    await kms.close();

    const other = join(folder, 'other');
    cpSync(LEDGER, other, { recursive: true });
    const manifest = JSON.parse(readFileSync(join(other, 'manifest.json'), 'utf8'));
    delete manifest.artifacts.Ledger;
    writeFileSync(join(other, 'manifest.json'), JSON.stringify(manifest));
    await (await open({ app: other })).close();

    const again = await open({ app: LEDGER });
    expect(again.keys().map(({ keyState }) => keyState)).toEqual(Array(5).fill('Enabled'));
    expect(again.keys().map(({ keyId }) => keyId)).toContain(made);
    expect(await ok(again, 'Decrypt', { CiphertextBlob })).toMatchObject({ Plaintext: 'AAAA' });
    await again.close();
  });
});

describe('a state that is not what was written', () => {
  const withRecords = async (change: (database: Awaited<ReturnType<typeof openDatabase>>) => Promise<void>) => {
    const kms = await open();
    for (let count = 0; count < 2; count++) await newKey(kms);
    await kms.close();
    const database = await openDatabase(state, join(state, 'db'), false);
    await change(database);
    await database.close();
  };

  test('is refused under another local key, without its local key, and with one too many', async () => {
    const stateKey = randomBytes(32);
    await (await open({ stateKey })).close();
    expect(existsSync(join(state, 'local-key'))).toBe(false);
    expect((await failureOf({ stateKey: randomBytes(32) }))[1]).toBe(
      `the state in ${state} is sealed under another local key: give the one that it was made with, or take another folder`,
    );
    expect(await failureOf()).toEqual(['STATE_KEY', expect.stringContaining('KEYSMITH_STATE_KEY')]);
    await (await open({ stateKey })).close();
  });

  test('is refused when a record was changed', async () => {
    await withRecords(async (database) => {
      const [name = '', value = Buffer.of()] = (await database.iterator({ gte: 'key/', limit: 1 }).all())[0] ?? [];
      value[20] = (value[20] ?? 0) ^ 1;
      await database.put(name, value);
    });
    expect(await failureOf()).toEqual([
      'STATE_DAMAGED',
      expect.stringMatching(/damaged: its record key\/arn.* was changed; put back/),
    ]);
  });

  test('is refused when two records were swapped', async () => {
    await withRecords(async (database) => {
      const [one, other] = await database.iterator({ gte: 'material/', lt: 'material0' }).all();
      await database.batch([
        { type: 'put', key: one?.[0] ?? '', value: other?.[1] ?? Buffer.of() },
        { type: 'put', key: other?.[0] ?? '', value: one?.[1] ?? Buffer.of() },
      ]);
    });
    expect((await failureOf())[0]).toBe('STATE_DAMAGED');
  });

  test.each(['key/', 'material/', 'secrets'])('is refused when a record is gone: %s', async (kind) => {
    await withRecords(async (database) => {
      const [name = ''] = await database.keys({ gte: kind, limit: 1 }).all();
      await database.del(name);
    });
    expect(await failureOf()).toEqual(['STATE_DAMAGED', expect.stringContaining(`the state in ${state} is damaged`)]);
  });

  test('is refused when its files are gone or empty, and never begun anew', async () => {
    await withRecords(async () => undefined);
    const db = join(state, 'db');
    for (const name of readdirSync(db)) if (/\.(?:log|ldb)$/.test(name)) truncateSync(join(db, name));
    expect((await failureOf())[0]).toBe('STATE_DAMAGED');
    rmSync(db, { recursive: true });
    expect((await failureOf())[0]).toBe('STATE_DAMAGED');
  });

  test('that cannot be begun is not called damaged: there is nothing to delete', () => {
    // So Node.js tells of a file system that is read-only.
    const refused = Object.assign(new Error("ENOENT: no such file or directory, mkdir 'db'"), { code: 'ENOENT' });
    expect(openingError(state, refused).code).toBe('STATE_FAILED');
    const lost = Object.assign(new Error('IO error: db/CURRENT: No such file or directory'), {
      code: 'LEVEL_IO_ERROR',
    });
    expect(openingError(state, lost).code).toBe('STATE_DAMAGED');
  });

  test('is refused when its format is newer, or when the folder is not one of a state', async () => {
    await (await open()).close();
    const format = join(state, 'format.json');
    const json = JSON.parse(readFileSync(format, 'utf8'));
    writeFileSync(format, JSON.stringify({ ...json, version: 2 }));
    expect(await failureOf()).toEqual(['STATE_FORMAT', expect.stringContaining('has format version 2')]);
    expect(await failureOf({ state: folder })).toEqual(['STATE_FORMAT', expect.stringContaining('(it holds state)')]);
  });
});
