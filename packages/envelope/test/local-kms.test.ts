import { buildClient, CommitmentPolicy, KmsKeyringNode } from '@aws-crypto/client-node';
import {
  CreateKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  KMS,
  KMSClient,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { doctor, envelope, keyMaterialOf } from '@cdk-keysmith/envelope';
import { type LocalKmsServer, startLocalKms } from '@cdk-keysmith/local-kms';

/*
 * Everything here goes over a socket to the local KMS, with Signature Version 4, through unmodified SDK clients: ours, and
 * the one that the official AWS Encryption SDK for JavaScript makes.
 */

const CONTEXT = { service: 'orders', tenant: 'acme' };
const ORDER = 'two boxes of chalk';
const official = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);

let kms: LocalKmsServer;
// The official client wants the form with one method for each operation.
let client: KMS;
let key: string;

async function newKey(): Promise<string> {
  const { KeyMetadata } = await client.send(new CreateKeyCommand({}));
  return KeyMetadata?.Arn ?? '';
}

beforeAll(async () => {
  kms = await startLocalKms();
  client = new KMS({
    endpoint: kms.url,
    region: 'us-east-1',
    credentials: kms.administratorCredentials(),
    maxAttempts: 1,
  });
  key = await newKey();
});
afterAll(async () => {
  client.destroy();
  await kms.close();
});

function box(keys: readonly string[] = [key]) {
  const declaration = { direction: 'both', wrapKeys: keys, unwrapKeys: keys } as const;
  return envelope<{ tenant: string }>('Orders', {
    ...declaration,
    context: { service: 'orders' },
    requiredContext: ['tenant'],
    kms: client,
  });
}

function officialKeyring(generatorKeyId: string, keyIds: string[] = []): KmsKeyringNode {
  // The official client has its own copy of the SDK's types; the client is the same at run time.
  const clientProvider = () => client as never;
  return new KmsKeyringNode({ generatorKeyId, keyIds, clientProvider });
}

describe('with the official AWS Encryption SDK, through the local KMS', () => {
  test('it opens what we seal', async () => {
    const message = await box().encrypt(ORDER, { tenant: 'acme' });
    const { plaintext, messageHeader } = await official.decrypt(officialKeyring(key), message);
    expect(plaintext.toString()).toBe(ORDER);
    expect({ ...messageHeader.encryptionContext }).toEqual(CONTEXT);
  });

  test('we open what it seals with suite 0x0478', async () => {
    const { result } = await official.encrypt(officialKeyring(key), Buffer.from(ORDER), {
      encryptionContext: CONTEXT,
      suiteId: 0x0478,
    });
    expect(await box().decrypt(result, { tenant: 'acme' }, 'text')).toBe(ORDER);
  });

  test('either key of two opens, in both directions', async () => {
    const second = await newKey();
    const ours = await box([key, second]).encrypt(ORDER, { tenant: 'acme' });
    const { result: theirs } = await official.encrypt(officialKeyring(key, [second]), Buffer.from(ORDER), {
      encryptionContext: CONTEXT,
      suiteId: 0x0478,
    });
    for (const one of [key, second]) {
      expect((await official.decrypt(officialKeyring(one), ours)).plaintext.toString()).toBe(ORDER);
      expect(await box([one]).decrypt(theirs, { tenant: 'acme' }, 'text')).toBe(ORDER);
    }
  });
});

describe('what KMS says becomes a code', () => {
  test('a disabled key is KEY_UNAVAILABLE until it is enabled', async () => {
    const own = await newKey();
    const message = await box([own]).encrypt(ORDER, { tenant: 'acme' });
    await client.send(new DisableKeyCommand({ KeyId: own }));
    await expect(box([own]).decrypt(message, { tenant: 'acme' })).rejects.toMatchObject({
      code: 'KEY_UNAVAILABLE',
      keyArn: own,
      action: 'kms:Decrypt',
    });
    await client.send(new EnableKeyCommand({ KeyId: own }));
    expect(await box([own]).decrypt(message, { tenant: 'acme' }, 'text')).toBe(ORDER);
  });

  test('a key pending deletion is KEY_UNAVAILABLE, and so is one that never was', async () => {
    const own = await newKey();
    await client.send(new ScheduleKeyDeletionCommand({ KeyId: own }));
    await expect(box([own]).encrypt(ORDER, { tenant: 'acme' })).rejects.toMatchObject({ code: 'KEY_UNAVAILABLE' });
    const none = key.replace(/[^/]+$/, '1234abcd-12ab-34cd-56ef-1234567890ab');
    await expect(box([none]).encrypt(ORDER, { tenant: 'acme' })).rejects.toMatchObject({ code: 'KEY_UNAVAILABLE' });
  });

  test('a secret that does not sign right is CREDENTIALS', async () => {
    const forged = new KMSClient({
      endpoint: kms.url,
      region: 'us-east-1',
      maxAttempts: 1,
      credentials: { ...kms.administratorCredentials(), secretAccessKey: 'not the secret' },
    });
    const { encrypt } = envelope<{ tenant: string }>('Orders', {
      direction: 'encrypt',
      wrapKeys: [key],
      context: {},
      requiredContext: ['tenant'],
      kms: forged,
    });
    await expect(encrypt(ORDER, { tenant: 'acme' })).rejects.toMatchObject({ code: 'CREDENTIALS' });
    forged.destroy();
  });
});

test('the id of the key material of a message is asked of KMS', async () => {
  const message = await box().encrypt(ORDER, { tenant: 'acme' });
  expect(await keyMaterialOf(message, { keys: [key], kms: client })).toMatch(/^[0-9a-f]{64}$/);
});

test('a hundred calls at once with a cold cache are one call of KMS in each direction', async () => {
  const writer = box();
  const before = kms.events.length;
  const messages = await Promise.all(Array.from({ length: 100 }, () => writer.encrypt(ORDER, { tenant: 'acme' })));
  const reader = box();
  await Promise.all(messages.map((message) => reader.decrypt(message, { tenant: 'acme' })));
  expect(kms.events.slice(before).map((event) => event.eventName)).toEqual(['GenerateDataKey', 'Decrypt']);
});

test('doctor finds the administrator of a healthy key in good health', async () => {
  const diagnosis = await doctor(
    'Orders',
    {
      direction: 'both',
      wrapKeys: [key],
      unwrapKeys: [key],
      context: { service: 'orders' },
      requiredContext: ['tenant'],
      kms: client,
    },
    { tenant: 'acme' },
  );
  expect(diagnosis).toMatchObject({ healthy: true });
});
