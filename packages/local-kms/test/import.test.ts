import {
  constants,
  createCipheriv,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  publicEncrypt,
  randomBytes,
} from 'node:crypto';
import {
  type AlgorithmSpec,
  CreateKeyCommand,
  DecryptCommand,
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EncryptCommand,
  GetParametersForImportCommand,
  ImportKeyMaterialCommand,
  type ImportKeyMaterialCommandInput,
  type KeySpec,
  type KeyUsageType,
  type KMSClient,
  ListKeyRotationsCommand,
  ReplicateKeyCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
  type WrappingKeySpec,
} from '@aws-sdk/client-kms';
import { createLocalKms } from '@cdk-keysmith/local-kms';
import { administrator, failure, newKey } from './support.ts';

/** One server for all that need no clock of their own: it makes its wrapping keys once. */
const shared = createLocalKms();

const DAY = 24 * 60 * 60 * 1000;
const START = new Date('2026-01-01T00:00:00Z');

let now = START;
const clocked = createLocalKms({ clock: () => now });

/** A server with a clock that is moved by hand, and a client whose signatures follow it. */
function atTheClock() {
  const kms = clocked;
  const client = () => administrator(kms, undefined, { systemClockOffset: now.getTime() - Date.now() });
  return { client, move: (milliseconds: number) => (now = new Date(now.getTime() + milliseconds)), now: () => now };
}

async function externalKey(client: KMSClient, spec?: KeySpec, usage?: KeyUsageType) {
  const { KeyMetadata } = await client.send(
    new CreateKeyCommand({ Origin: 'EXTERNAL', KeySpec: spec, KeyUsage: usage }),
  );
  return { id: KeyMetadata?.KeyId ?? '', arn: KeyMetadata?.Arn ?? '' };
}

/** Wraps as AWS documents it, by an implementation that is not the one of the server. */
function wrap(publicKey: Uint8Array, algorithm: AlgorithmSpec, material: Uint8Array): Buffer {
  const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
  const oaepHash = algorithm.endsWith('256') ? 'sha256' : 'sha1';
  const oaep = (bytes: Uint8Array) =>
    publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, bytes);
  if (algorithm.startsWith('RSAES')) return oaep(material);
  const aesKey = randomBytes(32);
  const cipher = createCipheriv('id-aes256-wrap-pad', aesKey, Buffer.from('A65959A6', 'hex'));
  return Buffer.concat([oaep(aesKey), cipher.update(material), cipher.final()]);
}

interface Options extends Partial<ImportKeyMaterialCommandInput> {
  readonly algorithm?: AlgorithmSpec | undefined;
  readonly wrappingKeySpec?: WrappingKeySpec | undefined;
}

async function parameters(client: KMSClient, KeyId: string, { algorithm, wrappingKeySpec }: Options = {}) {
  const answer = await client.send(
    new GetParametersForImportCommand({
      KeyId,
      WrappingAlgorithm: algorithm ?? 'RSAES_OAEP_SHA_256',
      WrappingKeySpec: wrappingKeySpec ?? 'RSA_2048',
    }),
  );
  return { ...answer, PublicKey: answer.PublicKey ?? new Uint8Array() };
}

async function importInto(client: KMSClient, KeyId: string, material: Uint8Array, options: Options = {}) {
  const { algorithm = 'RSAES_OAEP_SHA_256', wrappingKeySpec, ...more } = options;
  const { PublicKey, ImportToken } = await parameters(client, KeyId, { algorithm, wrappingKeySpec });
  return client.send(
    new ImportKeyMaterialCommand({
      KeyId,
      ImportToken,
      EncryptedKeyMaterial: wrap(PublicKey, algorithm, material),
      ExpirationModel: more.ValidTo === undefined ? 'KEY_MATERIAL_DOES_NOT_EXPIRE' : 'KEY_MATERIAL_EXPIRES',
      ...more,
    }),
  );
}

/** Id, import state and material state of all that is known of a key. */
const rotations = async (client: KMSClient, KeyId: string) => {
  const { Rotations = [] } = await client.send(
    new ListKeyRotationsCommand({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }),
  );
  return Rotations.map(({ KeyMaterialId, ImportState, KeyMaterialState }) => [
    KeyMaterialId,
    ImportState,
    KeyMaterialState,
  ]);
};

const stateOf = async (client: KMSClient, KeyId: string) =>
  (await client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata;

const der = (key: KeyObject) => key.export({ format: 'der', type: 'pkcs8' });
const ec = (namedCurve: string) => der(generateKeyPairSync('ec', { namedCurve }).privateKey);

/** The private half of one key and the public half of another, which ends both their forms. */
function halvesOfTwo(): Buffer {
  const [key, other] = [ec('prime256v1'), ec('prime256v1')];
  return Buffer.concat([key.subarray(0, -64), other.subarray(-64)]);
}

/** What is before the private number of P-256 where there is no public half. */
const HALF = '3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420';

describe('imported material', () => {
  test('a key waits for it, works with it, and stops when it is deleted; the same material opens again', async () => {
    const client = administrator(shared);
    const { id, arn } = await externalKey(client);
    expect(await stateOf(client, id)).not.toHaveProperty('CurrentKeyMaterialId');
    const material = randomBytes(32);
    const { KeyId, KeyMaterialId } = await importInto(client, id, material);
    expect(KeyId).toBe(arn);
    expect(KeyMaterialId).toMatch(/^[0-9a-f]{64}$/);
    expect(await stateOf(client, id)).toMatchObject({
      KeyState: 'Enabled',
      CurrentKeyMaterialId: KeyMaterialId,
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
    });
    const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId: id, Plaintext: Buffer.from('chalk') }));

    const deleted = await client.send(new DeleteImportedKeyMaterialCommand({ KeyId: id }));
    expect(deleted).toMatchObject({ KeyId: arn, KeyMaterialId });
    const waiting = await stateOf(client, id);
    expect(waiting).toMatchObject({ KeyState: 'PendingImport', CurrentKeyMaterialId: KeyMaterialId });
    expect(waiting).not.toHaveProperty('ExpirationModel');
    expect(await failure(client.send(new DecryptCommand({ CiphertextBlob })))).toMatchObject({
      name: 'KMSInvalidStateException',
      message: `${arn} is pending import.`,
    });

    expect((await importInto(client, id, material)).KeyMaterialId).toBe(KeyMaterialId);
    const { Plaintext } = await client.send(new DecryptCommand({ CiphertextBlob }));
    expect(Buffer.from(Plaintext ?? []).toString()).toBe('chalk');
  });

  test('other material is refused where the same was to be imported again; new material waits for a rotation', async () => {
    const client = administrator(shared);
    const { id, arn } = await externalKey(client);
    const first = await importInto(client, id, randomBytes(32));
    expect(await failure(importInto(client, id, randomBytes(32)))).toMatchObject({
      name: 'IncorrectKeyMaterialException',
    });
    const second = await importInto(client, id, randomBytes(32), { ImportType: 'NEW_KEY_MATERIAL' });
    expect((await stateOf(client, id))?.CurrentKeyMaterialId).toBe(first.KeyMaterialId);
    const refused = await failure(importInto(client, id, randomBytes(32), { ImportType: 'NEW_KEY_MATERIAL' }));
    expect(refused.name).toBe('KMSInvalidStateException');
    expect(refused.message).toMatch(
      new RegExp(
        `^New key material \\(id: [0-9a-f]{64}\\) cannot be imported into KMS key ${arn}, because another key material \\(id: ${second.KeyMaterialId}\\) is pending rotation\\.$`,
      ),
    );
  });

  test('what waits for a rotation goes from the key when it is deleted or expires, and something else may come', async () => {
    const { client: now, move, now: instant } = atTheClock();
    let client = now();
    const { id } = await externalKey(client);
    const { KeyMaterialId: first } = await importInto(client, id, randomBytes(32));
    const second = await importInto(client, id, randomBytes(32), { ImportType: 'NEW_KEY_MATERIAL' });
    await client.send(new DeleteImportedKeyMaterialCommand({ KeyId: id, KeyMaterialId: second.KeyMaterialId }));
    expect(await rotations(client, id)).toEqual([[first, 'IMPORTED', 'CURRENT']]);
    const ValidTo = new Date(instant().getTime() + DAY);
    await importInto(client, id, randomBytes(32), { ImportType: 'NEW_KEY_MATERIAL', ValidTo });
    move(2 * DAY);
    client = now();
    expect(await rotations(client, id)).toEqual([[first, 'IMPORTED', 'CURRENT']]);
    const third = await importInto(client, id, randomBytes(32), { ImportType: 'NEW_KEY_MATERIAL' });
    await client.send(new RotateKeyOnDemandCommand({ KeyId: id }));
    expect(await stateOf(client, id)).toMatchObject({ KeyState: 'Enabled', CurrentKeyMaterialId: third.KeyMaterialId });
  });

  test('a replica lists what its primary key has and it lacks; what waits is deleted from the primary for all', async () => {
    const client = administrator(shared);
    const replica = administrator(shared, undefined, { region: 'eu-west-1' });
    const create = new CreateKeyCommand({ Origin: 'EXTERNAL', MultiRegion: true });
    const { KeyId = '' } = (await client.send(create)).KeyMetadata ?? {};
    const [first, next] = [randomBytes(32), randomBytes(32)];
    const { KeyMaterialId: old } = await importInto(client, KeyId, first);
    await client.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'eu-west-1' }));
    expect(await rotations(replica, KeyId)).toEqual([[old, 'PENDING_IMPORT', 'CURRENT']]);
    await importInto(replica, KeyId, first);
    const { KeyMaterialId: waiting } = await importInto(client, KeyId, next, { ImportType: 'NEW_KEY_MATERIAL' });
    const missing = 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION';
    const settled = [old, 'IMPORTED', 'CURRENT'];
    expect(await rotations(client, KeyId)).toEqual([settled, [waiting, 'IMPORTED', missing]]);
    expect(await rotations(replica, KeyId)).toEqual([settled, [waiting, 'PENDING_IMPORT', missing]]);
    const remove = new DeleteImportedKeyMaterialCommand({ KeyId, KeyMaterialId: waiting });
    for (const from of [replica, client]) {
      await importInto(replica, KeyId, next);
      expect(await rotations(client, KeyId)).toEqual([settled, [waiting, 'IMPORTED', 'PENDING_ROTATION']]);
      await from.send(remove);
      const left = from === client ? [] : [[waiting, 'IMPORTED', missing]];
      expect(await rotations(client, KeyId)).toEqual([settled, ...left]);
    }
    expect(await rotations(replica, KeyId)).toEqual([settled]);
    await importInto(client, KeyId, randomBytes(32), { ImportType: 'NEW_KEY_MATERIAL' });
  });

  test('a replica needs all materials of its primary key, in any order, and has the same current one', async () => {
    const client = administrator(shared);
    const replica = administrator(shared, undefined, { region: 'eu-west-1' });
    const create = new CreateKeyCommand({ Origin: 'EXTERNAL', MultiRegion: true });
    const { KeyId = '' } = (await client.send(create)).KeyMetadata ?? {};
    const [old, current] = [randomBytes(32), randomBytes(32)];
    await importInto(client, KeyId, old);
    const { KeyMaterialId } = await importInto(client, KeyId, current, { ImportType: 'NEW_KEY_MATERIAL' });
    await client.send(new RotateKeyOnDemandCommand({ KeyId }));
    await client.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'eu-west-1' }));
    await importInto(replica, KeyId, current);
    expect(await stateOf(replica, KeyId)).toMatchObject({ KeyState: 'PendingImport' });
    await importInto(replica, KeyId, old);
    expect(await stateOf(replica, KeyId)).toMatchObject({ KeyState: 'Enabled', CurrentKeyMaterialId: KeyMaterialId });
  });

  test('material expires at its time, and not before', async () => {
    const { client, move, now } = atTheClock();
    const { id } = await externalKey(client());
    const ValidTo = new Date(now().getTime() + DAY);
    const material = randomBytes(32);
    await importInto(client(), id, material, { ValidTo });
    expect(await stateOf(client(), id)).toMatchObject({ ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo });
    move(DAY - 1000);
    expect((await stateOf(client(), id))?.KeyState).toBe('Enabled');
    move(1000);
    expect((await stateOf(client(), id))?.KeyState).toBe('PendingImport');
    await importInto(client(), id, material);
    expect((await stateOf(client(), id))?.KeyState).toBe('Enabled');
  });

  test('an expiry must be said, in the future, within 365 days, or be denied', async () => {
    const { client, now } = atTheClock();
    const { id } = await externalKey(client());
    const material = randomBytes(32);
    const expiring = (options: Options) =>
      failure(importInto(client(), id, material, { ExpirationModel: 'KEY_MATERIAL_EXPIRES', ...options }));
    expect(await expiring({})).toMatchObject({
      name: 'ValidationException',
      message: 'A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES',
    });
    for (const ahead of [-1, 366]) {
      const ValidTo = new Date(now().getTime() + ahead * DAY);
      expect((await expiring({ ValidTo })).name).toBe('ValidationException');
    }
    const ValidTo = new Date(now().getTime() + DAY);
    expect((await expiring({ ValidTo, ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' })).name).toBe(
      'ValidationException',
    );
  });

  test('a token is for its key, for a day, and for what was wrapped with its public key', async () => {
    const { client, move } = atTheClock();
    const [one, other] = [await externalKey(client()), await externalKey(client())];
    const { PublicKey, ImportToken } = await parameters(client(), one.id);
    const EncryptedKeyMaterial = wrap(PublicKey, 'RSAES_OAEP_SHA_256', randomBytes(32));
    const send = (input: Partial<ImportKeyMaterialCommandInput>) =>
      failure(
        client().send(
          new ImportKeyMaterialCommand({
            KeyId: one.id,
            ImportToken,
            EncryptedKeyMaterial,
            ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
            ...input,
          }),
        ),
      );
    expect((await send({ KeyId: other.id })).name).toBe('InvalidImportTokenException');
    expect((await send({ ImportToken: randomBytes(2000) })).name).toBe('InvalidImportTokenException');
    const altered = Buffer.from(EncryptedKeyMaterial);
    altered.writeUInt8(altered.readUInt8(9) ^ 1, 9);
    expect((await send({ EncryptedKeyMaterial: altered })).name).toBe('InvalidCiphertextException');
    const another = administrator(shared);
    const { PublicKey: ofAnother } = await parameters(another, (await externalKey(another)).id);
    const wrong = wrap(ofAnother, 'RSAES_OAEP_SHA_256', randomBytes(32));
    expect((await send({ EncryptedKeyMaterial: wrong })).name).toBe('InvalidCiphertextException');
    move(DAY);
    expect((await send({})).name).toBe('ExpiredImportTokenException');
  });

  test.each<[KeySpec, KeyUsageType, () => Uint8Array, AlgorithmSpec]>([
    ['SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', () => randomBytes(32), 'RSAES_OAEP_SHA_1'],
    ['HMAC_224', 'GENERATE_VERIFY_MAC', () => randomBytes(28), 'RSAES_OAEP_SHA_256'],
    ['HMAC_512', 'GENERATE_VERIFY_MAC', () => randomBytes(64), 'RSAES_OAEP_SHA_1'],
    ['ECC_NIST_P256', 'SIGN_VERIFY', () => ec('prime256v1'), 'RSAES_OAEP_SHA_256'],
    ['ECC_NIST_P384', 'KEY_AGREEMENT', () => ec('secp384r1'), 'RSA_AES_KEY_WRAP_SHA_256'],
    ['ECC_NIST_P521', 'SIGN_VERIFY', () => ec('secp521r1'), 'RSA_AES_KEY_WRAP_SHA_1'],
    ['ECC_SECG_P256K1', 'SIGN_VERIFY', () => ec('secp256k1'), 'RSA_AES_KEY_WRAP_SHA_256'],
    [
      'RSA_2048',
      'SIGN_VERIFY',
      () => der(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey),
      'RSA_AES_KEY_WRAP_SHA_1',
    ],
  ])('%s takes its material, wrapped by the algorithm of its kind', async (spec, usage, make, algorithm) => {
    const client = administrator(shared);
    const { id, arn } = await externalKey(client, spec, usage);
    const material = make();
    const answer = await importInto(client, id, material, { algorithm });
    expect(answer.KeyId).toBe(arn);
    expect(answer.KeyMaterialId === undefined).toBe(spec !== 'SYMMETRIC_DEFAULT');
    expect((await stateOf(client, id))?.KeyState).toBe('Enabled');
    expect((await failure(importInto(client, id, make(), { algorithm }))).name).toBe('IncorrectKeyMaterialException');
    await client.send(new DeleteImportedKeyMaterialCommand({ KeyId: id }));
    await importInto(client, id, material, { algorithm });
    expect((await stateOf(client, id))?.KeyState).toBe('Enabled');
  });

  test.each<[KeySpec, KeyUsageType, () => Uint8Array, AlgorithmSpec]>([
    ['SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', () => randomBytes(31), 'RSAES_OAEP_SHA_256'],
    ['HMAC_384', 'GENERATE_VERIFY_MAC', () => randomBytes(32), 'RSAES_OAEP_SHA_256'],
    ['ECC_NIST_P256', 'SIGN_VERIFY', () => ec('secp256k1'), 'RSAES_OAEP_SHA_256'],
    ['ECC_NIST_P256', 'SIGN_VERIFY', () => randomBytes(100), 'RSAES_OAEP_SHA_256'],
    ['ECC_NIST_P256', 'SIGN_VERIFY', () => halvesOfTwo(), 'RSAES_OAEP_SHA_256'],
    ['ECC_NIST_P256', 'SIGN_VERIFY', () => Buffer.concat([ec('prime256v1'), Buffer.of(0)]), 'RSAES_OAEP_SHA_256'],
  ])('%s refuses material that is none for it: %#', async (spec, usage, make, algorithm) => {
    const client = administrator(shared);
    const { id } = await externalKey(client, spec, usage);
    expect((await failure(importInto(client, id, make(), { algorithm }))).name).toBe('IncorrectKeyMaterialException');
    expect((await stateOf(client, id))?.KeyState).toBe('PendingImport');
  });

  test('a key on a curve is the same material with and without its public half', async () => {
    const client = administrator(shared);
    const { id } = await externalKey(client, 'ECC_NIST_P256', 'SIGN_VERIFY');
    const whole = ec('prime256v1');
    await importInto(client, id, whole);
    await client.send(new DeleteImportedKeyMaterialCommand({ KeyId: id }));
    // PKCS #8 of RFC 5208 around an ECPrivateKey of RFC 5915 that ends with the private number.
    const scalar = whole.subarray(36, 68);
    await importInto(client, id, Buffer.concat([Buffer.from(HALF, 'hex'), scalar]));
    expect((await stateOf(client, id))?.KeyState).toBe('Enabled');
  });

  test('wrapping keys have the length asked for; algorithms that are retired or do not fit are refused', async () => {
    const client = administrator(shared);
    const { id } = await externalKey(client);
    const { PublicKey } = await parameters(client, id, { wrappingKeySpec: 'RSA_3072' });
    const key = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
    expect(key.asymmetricKeyDetails?.modulusLength).toBe(3072);
    for (const algorithm of ['RSAES_PKCS1_V1_5', 'SM2PKE', 'RSA_AES_KEY_WRAP_SHA_256'] as const) {
      expect((await failure(parameters(client, id, { algorithm }))).name).toBe('UnsupportedOperationException');
    }
  });

  test('a key whose material KMS made takes none; one that is going takes none; a disabled one stays disabled', async () => {
    const client = administrator(shared);
    const made = await newKey(client);
    const origin = `${made.arn} origin is AWS_KMS which is not valid for this operation.`;
    expect(await failure(parameters(client, made.id))).toMatchObject({
      name: 'UnsupportedOperationException',
      message: origin,
    });
    const deleting = client.send(new DeleteImportedKeyMaterialCommand({ KeyId: made.id }));
    expect((await failure(deleting)).message).toBe(origin);
    const { id, arn } = await externalKey(client);
    const material = randomBytes(32);
    await importInto(client, id, material);
    await client.send(new DisableKeyCommand({ KeyId: id }));
    await importInto(client, id, material);
    expect((await stateOf(client, id))?.KeyState).toBe('Disabled');
    await client.send(new ScheduleKeyDeletionCommand({ KeyId: id }));
    expect((await failure(parameters(client, id))).message).toBe(`${arn} is pending deletion.`);
  });
});
