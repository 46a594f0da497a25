import { randomBytes } from 'node:crypto';
import {
  CreateKeyCommand,
  DecryptCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  ReEncryptCommand,
} from '@aws-sdk/client-kms';
import { createLocalKms } from '@cdk-keysmith/local-kms';
import { decodeBlob } from '../src/crypto/blob.ts';
import { derContent } from '../src/crypto/der.ts';
import { administrator, failure, raw } from './support.ts';

async function setUp() {
  const kms = createLocalKms();
  const client = administrator(kms);
  const create = async () => (await client.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? '';
  const encrypt = async (KeyId: string, Plaintext: Uint8Array, EncryptionContext?: Record<string, string>) => {
    const answer = await client.send(
      new EncryptCommand({ KeyId, Plaintext, ...(EncryptionContext && { EncryptionContext }) }),
    );
    return answer.CiphertextBlob ?? new Uint8Array();
  };
  return { kms, client, create, encrypt };
}

const INVALID = { name: 'InvalidCiphertextException', message: 'UnknownError' };

describe('a ciphertext', () => {
  test('decrypts without a key id, and names its key and material', async () => {
    const { client, create, encrypt } = await setUp();
    const key = await create();
    const plaintext = randomBytes(100);
    const decrypted = await client.send(new DecryptCommand({ CiphertextBlob: await encrypt(key, plaintext) }));
    expect(Buffer.from(decrypted.Plaintext ?? [])).toEqual(plaintext);
    expect(decrypted.KeyId).toBe(key);
    expect(decrypted.KeyMaterialId).toMatch(/^[0-9a-f]{64}$/);
    expect(decrypted.EncryptionAlgorithm).toBe('SYMMETRIC_DEFAULT');
  });

  test('of a 32-byte data key has 184 bytes and begins as those of AWS KMS', async () => {
    const { client, create } = await setUp();
    const KeyId = await create();
    const { CiphertextBlob } = await client.send(
      new GenerateDataKeyWithoutPlaintextCommand({ KeyId, KeySpec: 'AES_256' }),
    );
    expect(CiphertextBlob).toHaveLength(184);
    expect(Buffer.from(CiphertextBlob ?? []).toString('base64')).toMatch(/^AQICAH/);
  });

  test.each([1, 32, 69, 70, 100, 101, 102, 228, 229, 4095, 4096])('of %i bytes decrypts', async (size) => {
    const { client, create, encrypt } = await setUp();
    const plaintext = randomBytes(size);
    const CiphertextBlob = await encrypt(await create(), plaintext);
    expect(Buffer.from((await client.send(new DecryptCommand({ CiphertextBlob }))).Plaintext ?? [])).toEqual(plaintext);
  });

  test('differs every time, and shows neither key id nor plaintext', async () => {
    const { create, encrypt } = await setUp();
    const key = await create();
    const plaintext = Buffer.from('a plaintext that nobody may read');
    const [one, other] = [Buffer.from(await encrypt(key, plaintext)), Buffer.from(await encrypt(key, plaintext))];
    expect(one.equals(other)).toBe(false);
    const id = key.slice(key.lastIndexOf('/') + 1);
    expect(one.includes(id)).toBe(false);
    expect(one.includes(Buffer.from(id.replaceAll('-', ''), 'hex'))).toBe(false);
    expect(one.includes(plaintext.subarray(0, 8))).toBe(false);
  });

  test('with any byte changed is invalid, with the key id and without', async () => {
    const { client, create, encrypt } = await setUp();
    const KeyId = await create();
    const blob = await encrypt(KeyId, randomBytes(32));
    for (let i = 0; i < blob.length; i++) {
      const changed = Uint8Array.from(blob);
      changed[i] = (changed[i] ?? 0) ^ (1 << (i % 8));
      const input = { CiphertextBlob: changed, ...(i % 2 === 0 && { KeyId }) };
      const error = await failure(client.send(new DecryptCommand(input)));
      expect([i, error.name, error.message]).toEqual([i, INVALID.name, INVALID.message]);
    }
  });

  test('cut anywhere or continued is invalid', async () => {
    const { client, create, encrypt } = await setUp();
    const KeyId = await create();
    const blob = await encrypt(KeyId, randomBytes(32));
    for (let length = 1; length < blob.length; length += 7) {
      const error = await failure(client.send(new DecryptCommand({ KeyId, CiphertextBlob: blob.slice(0, length) })));
      expect([length, error.name]).toEqual([length, INVALID.name]);
    }
    const longer = Uint8Array.from([...blob, 0]);
    expect(await failure(client.send(new DecryptCommand({ CiphertextBlob: longer })))).toMatchObject(INVALID);
    expect(await failure(client.send(new DecryptCommand({ CiphertextBlob: randomBytes(184) })))).toMatchObject(INVALID);
  });

  test('never crashes its parser, whatever the bytes', () => {
    for (let i = 0; i < 3000; i++) expect(decodeBlob(randomBytes(i % 200))).toBeUndefined();
    expect(derContent(0x30, Uint8Array.of(0x30, 0x82, 0x00, 0x01, 0x00))).toBeUndefined();
    expect(derContent(0x30, Uint8Array.of(0x30, 0x84, 0, 0, 0, 0))).toBeUndefined();
    expect(derContent(0x30, new Uint8Array())).toBeUndefined();
  });

  test('of another run of the local KMS is one of a key that is not here', async () => {
    const [there, here] = [await setUp(), await setUp()];
    const CiphertextBlob = await there.encrypt(await there.create(), randomBytes(32));
    expect(await failure(here.client.send(new DecryptCommand({ CiphertextBlob })))).toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('refers to a customer master key that does not exist'),
    });
    const KeyId = await here.create();
    expect(await failure(here.client.send(new DecryptCommand({ CiphertextBlob, KeyId })))).toMatchObject({
      name: 'IncorrectKeyException',
      message: 'The key ID in the request does not identify a CMK that can perform this operation.',
    });
  });

  test('is not one of the same key in another Region', async () => {
    const { kms, create, encrypt } = await setUp();
    const CiphertextBlob = await encrypt(await create(), randomBytes(32));
    const elsewhere = administrator(kms, undefined, { region: 'eu-west-1' });
    expect((await failure(elsewhere.send(new DecryptCommand({ CiphertextBlob })))).name).toBe('AccessDeniedException');
  });
});

describe('the encryption context', () => {
  const CONFUSABLE: readonly (readonly [Record<string, string>, Record<string, string>])[] = [
    [{ a: 'bc' }, { ab: 'c' }],
    [{ a: 'b', c: 'd' }, { a: 'bcd' }],
    [{ a: 'b' }, { A: 'b' }],
    [{ a: 'b' }, { a: 'B' }],
    [{ a: 'b' }, {}],
    [{ a: 'b' }, { a: 'b', c: '' }],
    [{ a: '' }, { '': 'a' }],
    [{ '\u00e9': 'x' }, { 'e\u0301': 'x' }],
    [
      { a: '1', b: '2' },
      { a: '', b: '2', c: '1' },
    ],
    [{ a: '3:abc' }, { a: '', abc: '' }],
  ];
  test.each(CONFUSABLE)('%j does not open for %j', async (sealed, asked) => {
    const { client, create, encrypt } = await setUp();
    const CiphertextBlob = await encrypt(await create(), randomBytes(8), sealed);
    const error = await failure(client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: asked })));
    expect(error).toMatchObject(INVALID);
  });

  test('may have halves of surrogate pairs, which UTF-8 would make all the same', async () => {
    const { kms, create } = await setUp();
    const of = (context: string) => `"EncryptionContext":{"a":"${context}"}`;
    const sealed = await raw(kms, 'Encrypt', `{"KeyId":"${await create()}","Plaintext":"AAAA",${of('\\ud800')}}`);
    const blob = `"CiphertextBlob":"${sealed.body['CiphertextBlob']}"`;
    expect((await raw(kms, 'Decrypt', `{${blob},${of('\\ud800')}}`)).body['Plaintext']).toBe('AAAA');
    const other = await raw(kms, 'Decrypt', `{${blob},${of('\\ud801')}}`);
    expect(other.body).toEqual({ __type: 'InvalidCiphertextException' });
  });

  test('does not depend on the order of its pairs', async () => {
    const { client, create, encrypt } = await setUp();
    const CiphertextBlob = await encrypt(await create(), randomBytes(8), { b: '2', a: '1', ä: '3' });
    const EncryptionContext = { ä: '3', a: '1', b: '2' };
    await expect(client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }))).resolves.toBeDefined();
  });

  test('may have keys that JavaScript gives a meaning', async () => {
    const { kms, create } = await setUp();
    const KeyId = await create();
    const context = '{"__proto__":"x","constructor":"y"}';
    const sealed = await raw(kms, 'Encrypt', `{"KeyId":"${KeyId}","Plaintext":"AAAA","EncryptionContext":${context}}`);
    const blob = `"CiphertextBlob":"${sealed.body['CiphertextBlob']}"`;
    const opened = await raw(kms, 'Decrypt', `{${blob},"EncryptionContext":${context}}`);
    expect(opened.body['Plaintext']).toBe('AAAA');
    const without = await raw(kms, 'Decrypt', `{${blob},"EncryptionContext":{"constructor":"y"}}`);
    expect(without.body).toEqual({ __type: 'InvalidCiphertextException' });
  });
});

describe('data keys and ReEncrypt', () => {
  test.each([
    [{ KeySpec: 'AES_128' }, 16],
    [{ KeySpec: 'AES_256' }, 32],
    [{ NumberOfBytes: 1 }, 1],
    [{ NumberOfBytes: 1024 }, 1024],
  ] as const)('GenerateDataKey %j gives %i bytes and the same bytes encrypted', async (size, bytes) => {
    const { client, create } = await setUp();
    const KeyId = await create();
    const { Plaintext, CiphertextBlob } = await client.send(new GenerateDataKeyCommand({ KeyId, ...size }));
    expect(Plaintext).toHaveLength(bytes);
    expect((await client.send(new DecryptCommand({ KeyId, CiphertextBlob }))).Plaintext).toEqual(Plaintext);
  });

  test('ReEncrypt moves a ciphertext to another key and another context, and the old one still decrypts', async () => {
    const { client, create, encrypt } = await setUp();
    const [from, to] = [await create(), await create()];
    const plaintext = randomBytes(32);
    const CiphertextBlob = await encrypt(from, plaintext, { a: '1' });
    const moved = await client.send(
      new ReEncryptCommand({
        CiphertextBlob,
        DestinationKeyId: to,
        SourceEncryptionContext: { a: '1' },
        DestinationEncryptionContext: { b: '2' },
      }),
    );
    expect([moved.SourceKeyId, moved.KeyId]).toEqual([from, to]);
    const opened = await client.send(
      new DecryptCommand({ KeyId: to, CiphertextBlob: moved.CiphertextBlob, EncryptionContext: { b: '2' } }),
    );
    expect(Buffer.from(opened.Plaintext ?? [])).toEqual(plaintext);
    expect(opened.KeyMaterialId).toBe(moved.DestinationKeyMaterialId);
    await expect(
      client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: { a: '1' } })),
    ).resolves.toBeDefined();
  });
});
