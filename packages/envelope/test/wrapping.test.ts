import { generateKeyPairSync, randomBytes } from 'node:crypto';
import {
  type DataKeyWrapping,
  decryptRange,
  decryptStream,
  EnvelopeError,
  type EnvelopeOptions,
  encryptStream,
  envelope,
  inspect,
  type KmsClient,
  kmsWrapping,
  rawAesWrapping,
  rawRsaWrapping,
  signedMessages,
} from '../src/index.ts';
import { localKms } from './kms.ts';
import { ALIAS, GLOBAL_KEY, KEY, OTHER_KEY, REPLICA_KEY } from './settings.ts';

const names = { keyNamespace: 'orders', keyName: 'first' };
const declared = { direction: 'both', context: {}, requiredContext: [] } as const;

function over(wrapping: NonNullable<EnvelopeOptions['wrapping']>) {
  return envelope(undefined, { ...declared, wrapping });
}

function errorOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('an alias', () => {
  test('writes with the key that it points at, whose ARN the message carries', async () => {
    const client = localKms();
    for (const wrapKeys of [[ALIAS], [OTHER_KEY, ALIAS]]) {
      const message = await over(kmsWrapping({ wrapKeys, unwrapKeys: [KEY], client })).encrypt('x', {});
      expect(inspect(message).wrappedBy.map(({ keyArn }) => keyArn)).toContain(KEY);
      expect(await over(kmsWrapping({ unwrapKeys: [KEY], client })).decrypt(message, {}, 'text')).toBe('x');
    }
  });

  test.each([
    ['a key of another account', OTHER_KEY],
    ['a key in another Region', KEY.replace('eu-west-1', 'us-east-1')],
    ['itself', ALIAS],
    ['no ARN', KEY.slice(-36)],
  ])('that is answered for by %s is refused', async (_case, keyId) => {
    const client = localKms();
    client.local.inject({ fault: { kind: 'other-key', keyId } });
    await expect(over(kmsWrapping({ wrapKeys: [ALIAS], client })).encrypt('x', {})).rejects.toMatchObject({
      code: 'KMS_ANSWER',
    });
  });
});

describe('a multi-Region key', () => {
  const kms = localKms();
  /** The Region of the replica, which the local KMS does not have: it shares the key material, and answers by its own name. */
  const there: KmsClient = {
    send: async (command) => {
      if (command.input.KeyId === REPLICA_KEY) command.input.KeyId = GLOBAL_KEY;
      return { ...((await (kms as KmsClient).send(command)) as object), KeyId: REPLICA_KEY };
    },
  };

  test('is read by the replica that is named, if that is asked for', async () => {
    const message = await over(kmsWrapping({ wrapKeys: [GLOBAL_KEY], client: kms })).encrypt('x', {});
    const reader = over(kmsWrapping({ unwrapKeys: [REPLICA_KEY], replicas: 'read', client: there }));
    expect(await reader.decrypt(message, {}, 'text')).toBe('x');
    const strict = over(kmsWrapping({ unwrapKeys: [REPLICA_KEY], client: there }));
    await expect(strict.decrypt(message, {})).rejects.toMatchObject({ code: 'KEY_NOT_ALLOWED' });
  });

  test('is read in the Region that discovery names', async () => {
    const message = await over(kmsWrapping({ wrapKeys: [GLOBAL_KEY], client: kms })).encrypt('x', {});
    const discovery = { partition: 'aws', accounts: ['111122223333'], region: 'us-east-1' };
    expect(await over(kmsWrapping({ discovery, client: there })).decrypt(message, {}, 'text')).toBe('x');
  });

  test('is related to no key whose id is another, or that is in another account', async () => {
    const message = await over(kmsWrapping({ wrapKeys: [GLOBAL_KEY], client: kms })).encrypt('x', {});
    for (const key of [REPLICA_KEY.slice(0, -1), REPLICA_KEY.replace('111122223333', '444455556666'), KEY]) {
      const reader = over(kmsWrapping({ unwrapKeys: [key], replicas: 'read', client: there }));
      await expect(reader.decrypt(message, {})).rejects.toMatchObject({ code: 'KEY_NOT_ALLOWED' });
    }
  });
});

describe('discovery', () => {
  const accounts = ['111122223333'];
  test.each([
    ['another account', { partition: 'aws', accounts: ['444455556666'] }],
    ['another partition', { partition: 'aws-cn', accounts }],
    ['another Region', { partition: 'aws', accounts, region: 'us-east-1' }],
  ])('of %s does not ask KMS', async (_case, discovery) => {
    const kms = localKms();
    const message = await over(kmsWrapping({ wrapKeys: [KEY], client: kms })).encrypt('x', {});
    await expect(over(kmsWrapping({ discovery, client: kms })).decrypt(message, {})).rejects.toMatchObject({
      code: 'KEY_NOT_ALLOWED',
    });
    expect(kms.calls.length).toBe(1);
  });
});

test.each([0, 65_536])('a wrapping that answers with a data key wrapped %i times writes nothing', async (times) => {
  const { wrapDataKey, unwrapDataKey } = rawAesWrapping({ keyNamespace: 'n', keyName: 'k', key: randomBytes(32) });
  const one = { providerId: 'n', providerInfo: new Uint8Array(0), ciphertext: new Uint8Array(0) };
  let dataKey: Uint8Array | undefined;
  const wrapping: DataKeyWrapping = {
    wrapDataKey: async (request) => {
      ({ dataKey } = await wrapDataKey(request));
      return { dataKey, encryptedDataKeys: Array(times).fill(one) };
    },
    unwrapDataKey,
  };
  await expect(over(wrapping).encrypt('x', {})).rejects.toMatchObject({ code: 'LIMIT' });
  expect(dataKey).toEqual(new Uint8Array(32));
});

test('discovery keeps no more clients than there may be Regions, however many messages name', async () => {
  const asked: string[] = [];
  const client = (region: string): KmsClient => {
    asked.push(region);
    return { send: async () => Promise.reject(new Error('no such Region')) };
  };
  const wrapping = kmsWrapping({ discovery: { partition: 'aws', accounts: ['111122223333'] }, client });
  const unwrap = async (region: string): Promise<void> => {
    const providerInfo = Buffer.from(`arn:aws:kms:${region}:111122223333:key/k`);
    const key = { providerId: 'aws-kms', providerInfo, ciphertext: new Uint8Array(1) };
    const unwrapping = wrapping.unwrapDataKey({ encryptedDataKeys: [key], context: {}, dataKeyLength: 32 });
    await expect(unwrapping).rejects.toMatchObject({ code: 'KMS_FAILED' });
  };
  for (let region = 0; region < 64; region += 1) await unwrap(`r-${region}`);
  await unwrap('r-0');
  expect(asked.length).toBe(64);
  await unwrap('r-64');
  await unwrap('r-0');
  expect(asked.slice(64)).toEqual(['r-64', 'r-0']);
});

describe('a KMS wrapping', () => {
  const discovery = { partition: 'aws', accounts: ['111122223333'] };
  test.each<[string, Parameters<typeof kmsWrapping>[0], string]>([
    ['without keys', {}, 'are all missing'],
    [
      'with something else to wrap',
      { wrapKeys: ['alias/orders'] },
      'wrapKeys[0] is neither a key ARN nor an alias ARN',
    ],
    ['with an alias to unwrap', { unwrapKeys: [ALIAS] }, 'unwrapKeys[0] is not a key ARN'],
    ['with a key twice', { wrapKeys: [KEY, KEY] }, 'wrapKeys names a key twice'],
    ['with two replicas', { unwrapKeys: [GLOBAL_KEY, REPLICA_KEY], replicas: 'read' }, 'name one of them'],
    ['with keys and discovery', { unwrapKeys: [KEY], discovery }, 'exclude each other'],
    ['with all accounts', { discovery: { partition: 'aws', accounts: [] } }, 'discovery.accounts'],
    ['with all partitions', { discovery: { partition: '', accounts: ['111122223333'] } }, 'discovery.partition'],
  ])('%s is refused', (_case, options, text) => {
    expect(errorOf(() => kmsWrapping(options))).toMatchObject({
      code: 'CONFIG',
      message: expect.stringContaining(text),
    });
  });

  test('that only reads cannot write', async () => {
    const reader = over(kmsWrapping({ unwrapKeys: [KEY], client: localKms() }));
    await expect(reader.encrypt('x', {})).rejects.toMatchObject({ code: 'CONFIG' });
  });
});

describe('a raw key', () => {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const small = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = randomBytes(32);

  test.each<[string, () => unknown, string]>([
    ['of another length', () => rawAesWrapping({ ...names, key: randomBytes(20) }), '16, 24 or 32 bytes'],
    ['that is text', () => rawAesWrapping({ ...names, key: 'k'.repeat(32) as never }), '16, 24 or 32 bytes'],
    ['without a name', () => rawAesWrapping({ ...names, keyName: '', key }), 'keyName'],
    ['named like those of KMS', () => rawAesWrapping({ ...names, keyNamespace: 'aws-kms', key }), 'belongs to KMS'],
    ['of RSA without a half', () => rawRsaWrapping(names), 'neither publicKey nor privateKey'],
    ['of RSA with the wrong half', () => rawRsaWrapping({ ...names, privateKey: pair.publicKey }), 'private half'],
    ['of RSA that is too short', () => rawRsaWrapping({ ...names, publicKey: small.publicKey }), '2048 bits'],
    ['of another kind', () => rawRsaWrapping({ ...names, publicKey: curve.publicKey }), 'RSA key'],
    ['that is no PEM', () => rawRsaWrapping({ ...names, privateKey: 'secret' }), 'privateKey is not a PEM'],
    ['with another hash', () => rawRsaWrapping({ ...names, ...pair, oaepHash: 'md5' as never }), 'oaepHash'],
  ])('%s is refused without being shown', (_case, work, text) => {
    const error = errorOf(work);
    expect(error).toBeInstanceOf(EnvelopeError);
    expect(error).toMatchObject({ code: 'CONFIG', message: expect.stringContaining(text) });
    expect(String(error)).not.toContain('secret');
  });

  test('of AES opens nothing that another key of the same name wrapped', async () => {
    const message = await over(rawAesWrapping({ ...names, key })).encrypt('x', {});
    const other = over(rawAesWrapping({ ...names, key: randomBytes(32) }));
    await expect(other.decrypt(message, {})).rejects.toMatchObject({ code: 'NOT_AUTHENTIC' });
    const elsewhere = over(rawAesWrapping({ ...names, keyNamespace: 'invoices', key }));
    await expect(elsewhere.decrypt(message, {})).rejects.toMatchObject({ code: 'KEY_NOT_ALLOWED' });
  });

  test('of RSA writes with its public half alone, and reads with the private one', async () => {
    const writer = over(rawRsaWrapping({ ...names, publicKey: pair.publicKey }));
    const message = await writer.encrypt('x', { tenant: 'a' });
    await expect(writer.decrypt(message, {})).rejects.toMatchObject({ code: 'KEY_NOT_ALLOWED' });
    const reader = over(rawRsaWrapping({ ...names, privateKey: pair.privateKey }));
    expect(await reader.decrypt(message, { tenant: 'a' }, 'text')).toBe('x');
  });
});

describe('the options', () => {
  const wrapping = rawAesWrapping({ ...names, key: randomBytes(32) });

  test('say which suite is written', async () => {
    const signed = envelope(undefined, { ...declared, wrapping, writes: signedMessages });
    const message = await signed.encrypt('x', {});
    expect(inspect(message).suite).toMatchObject({ id: 0x0578, signed: true });
    expect(await signed.decrypt(message, {}, 'text')).toBe('x');
    const told = envelope(undefined, { ...declared, wrapping, reads: [signedMessages] });
    expect(await told.decrypt(message, {}, 'text')).toBe('x');
    await expect(over(wrapping).decrypt(message, {})).rejects.toMatchObject({
      code: 'UNSUPPORTED_MESSAGE',
      message: expect.stringContaining('reads: [signedMessages]'),
    });
  });

  test('give streams and ranges in both directions', async () => {
    const box = envelope(undefined, { ...declared, wrapping, frameLength: 16 });
    const sealing = encryptStream(box, { tenant: 'a' });
    const text = new Response(new Blob(['streams and ranges']).stream().pipeThrough(sealing));
    const message = new Uint8Array(await text.arrayBuffer());
    const opened = new Blob([message]).stream().pipeThrough(decryptStream(box, { tenant: 'a' }));
    expect(await new Response(opened).text()).toBe('streams and ranges');
    const part = await decryptRange(box, (from, to) => message.subarray(from, to), { tenant: 'a' }, 8, 11);
    expect(Buffer.from(part).toString()).toBe('and');
  });

  test('hold streams and ranges to the direction', async () => {
    const writer = envelope(undefined, { ...declared, direction: 'encrypt', wrapping });
    const reader = envelope(undefined, { ...declared, direction: 'decrypt', wrapping });
    expect(errorOf(() => encryptStream(reader, {}))).toMatchObject({ code: 'DIRECTION' });
    expect(errorOf(() => decryptStream(writer, {}))).toMatchObject({ code: 'DIRECTION' });
    const range = decryptRange(writer, () => new Uint8Array(0), {}, 0, 1);
    await expect(range).rejects.toMatchObject({ code: 'DIRECTION' });
  });

  test.each<[string, object, string]>([
    ['writes', { writes: '0x0178' }, 'writes is of type string; allowed: signedMessages'],
    ['reads', { reads: ['0x0178'] }, 'reads is a list; allowed: a list such as [signedMessages]'],
    ['wrapping', { wrapping: {} }, 'wrapping is of type object; allowed: a DataKeyWrapping'],
    ['wrapping', { wrapKeys: [KEY] }, 'wrapping excludes wrapKeys'],
  ])('refuse another %s', (_option, options, text) => {
    const error = errorOf(() => envelope(undefined, { ...declared, wrapping, ...options } as EnvelopeOptions));
    expect(error).toMatchObject({ code: 'CONFIG', message: expect.stringContaining(text) });
  });
});
