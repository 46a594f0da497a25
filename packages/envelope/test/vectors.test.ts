import { createPrivateKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { DecryptCommandInput } from '@aws-sdk/client-kms';
import { openEnvelope } from '../src/envelope.ts';
import { EnvelopeError } from '../src/errors.ts';
import type { KmsClient } from '../src/kms/client.ts';
import { kmsWrapping } from '../src/kms/wrapping.ts';
import type { DataKeyWrapping } from '../src/wrapping.ts';
import { type RawKey, rawAes, rawRsaOaep, type Unwrap, unwrapping } from './raw-wrapping.ts';
import { settingsFor } from './settings.ts';

interface RawKeyring extends RawKey {
  readonly type: 'raw-aes' | 'raw-rsa';
  readonly key: string;
  readonly privateKey: string;
  readonly padding?: string;
  readonly hash: string;
}
interface KmsAnswer {
  readonly ciphertextBlobBase64: string;
  readonly requestKeyId?: string;
  readonly keyId: string;
  readonly encryptionContext?: Record<string, string>;
  readonly plaintextBase64?: string;
  readonly error?: string;
}
type Keyring =
  | RawKeyring
  | { readonly type: 'static-data-key'; readonly dataKeyBase64: string }
  | { readonly type: 'multi'; readonly generator: RawKeyring; readonly children: readonly RawKeyring[] }
  | {
      readonly type: 'aws-kms-fake';
      readonly mode: string;
      readonly keyIds?: readonly string[];
      readonly responses: readonly KmsAnswer[];
    };
interface Vector {
  readonly id: string;
  readonly expect: 'success' | 'failure';
  readonly keyring: Keyring;
  readonly cmm?: unknown;
  readonly stage?: keyof typeof CODES_OF_STAGE;
  readonly header?: { readonly contentType: string } | null;
  readonly ciphertextBase64: string;
  readonly plaintextBase64?: string;
  readonly maxEncryptedDataKeys?: number;
  readonly reproducedEncryptionContext?: Record<string, string>;
}
interface TestKey {
  readonly base64: string;
  readonly pem: string;
}

/** Where a careful reader stops, and the codes that this one has for it. */
const CODES_OF_STAGE = {
  parse: ['NOT_AUTHENTIC', 'NOT_A_MESSAGE', 'UNSUPPORTED_MESSAGE', 'LIMIT'],
  policy: ['LIMIT'],
  cmm: ['CONTEXT_MISMATCH', 'NOT_AUTHENTIC', 'UNSUPPORTED_MESSAGE'],
  edk: ['KEY_NOT_ALLOWED', 'NOT_AUTHENTIC', 'CONTEXT_MISMATCH', 'KMS_ANSWER', 'KMS_FAILED'],
  commitment: ['NOT_AUTHENTIC'],
  'header-auth': ['NOT_AUTHENTIC'],
  sequence: ['NOT_AUTHENTIC'],
  body: ['NOT_AUTHENTIC'],
  'body-auth': ['NOT_AUTHENTIC'],
  trailing: ['NOT_AUTHENTIC'],
} as const;

const folder = join(process.env['KEYSMITH_VECTORS'] ?? join(__dirname, '../../../../shared/vectors'), 'esdk');
const present = existsSync(join(folder, 'vectors.jsonl.gz'));
const withVectors = present ? describe : describe.skip;

const keys: Record<string, TestKey> = present
  ? JSON.parse(readFileSync(join(folder, 'keys.json'), 'utf8')).keys
  : Object.create(null);

/** Framed version 2 messages of suite 0x0478, and altered ones that began as such. */
function readVectors(): Vector[] {
  return gunzipSync(readFileSync(join(folder, 'vectors.jsonl.gz')))
    .toString('utf8')
    .split('\n')
    .filter((line) => line.includes('"ciphertextBase64":"AgR4') || /^\{"id":"neg-[^"]*0478/.test(line))
    .map((line) => JSON.parse(line) as Vector);
}

function unwrapOf(keyring: RawKeyring): Unwrap | undefined {
  if (keyring.type === 'raw-aes') return rawAes(keyring, Buffer.from(keys[keyring.key]?.base64 ?? '', 'base64'));
  if (keyring.type !== 'raw-rsa' || keyring.padding !== 'oaep-mgf1') return undefined;
  return rawRsaOaep(keyring, createPrivateKey(keys[keyring.privateKey]?.pem ?? ''), keyring.hash);
}

/** A KMS that knows the answers of one vector. */
function answering(answers: readonly KmsAnswer[]): KmsClient {
  return {
    send: async (command) => {
      const { KeyId, CiphertextBlob, EncryptionContext } = command.input as DecryptCommandInput;
      const blob = Buffer.from(CiphertextBlob ?? []).toString('base64');
      const sorted = JSON.stringify(Object.entries(EncryptionContext ?? {}).sort());
      const answer = answers.find(
        (candidate) =>
          candidate.ciphertextBlobBase64 === blob &&
          (candidate.requestKeyId ?? candidate.keyId) === KeyId &&
          (candidate.encryptionContext === undefined ||
            JSON.stringify(Object.entries(candidate.encryptionContext).sort()) === sorted),
      );
      if (answer?.plaintextBase64 === undefined) throw new Error(answer?.error ?? 'no such ciphertext');
      return { KeyId: answer.keyId, Plaintext: Buffer.from(answer.plaintextBase64, 'base64') };
    },
  };
}

/** The wrapping that a vector asks for, or `undefined` where it asks for a keyring that there is not here. */
function wrappingOf(keyring: Keyring, expected: Vector['expect']): DataKeyWrapping | undefined {
  switch (keyring.type) {
    case 'static-data-key':
      return unwrapping(() => Buffer.from(keyring.dataKeyBase64, 'base64'));
    case 'multi': {
      const unwraps = [keyring.generator, ...keyring.children].map(unwrapOf);
      const known = unwraps.filter((unwrap) => unwrap !== undefined);
      return known.length === unwraps.length ? unwrapping(...known) : undefined;
    }
    case 'aws-kms-fake': {
      const client = answering(keyring.responses);
      if (keyring.mode === 'strict') return kmsWrapping({ wrapKeys: [], unwrapKeys: keyring.keyIds ?? [], client });
      // Discovery is what an allow list replaces; what only a discovery filter refuses cannot be asked here.
      if (keyring.mode !== 'discovery' || expected === 'failure') return undefined;
      return kmsWrapping({ wrapKeys: [], unwrapKeys: keyring.responses.map(({ keyId }) => keyId), client });
    }
    default: {
      const unwrap = unwrapOf(keyring as RawKeyring);
      return unwrap === undefined ? undefined : unwrapping(unwrap);
    }
  }
}

function openVector(vector: Vector, wrapping: DataKeyWrapping): Promise<Uint8Array> {
  const maxEncryptedDataKeys = vector.maxEncryptedDataKeys ?? 65_535;
  return openEnvelope(settingsFor(wrapping, { maxEncryptedDataKeys })).decrypt(
    Buffer.from(vector.ciphertextBase64, 'base64'),
    vector.reproducedEncryptionContext ?? {},
  );
}

withVectors('published and crafted messages of suite 0x0478', () => {
  const cases = (present ? readVectors() : []).flatMap((vector) => {
    // A context that is required but not stored in the message is something this package does not write or read.
    const wrapping = vector.cmm === undefined ? wrappingOf(vector.keyring, vector.expect) : undefined;
    return wrapping === undefined ? [] : [{ id: vector.id, vector, wrapping }];
  });

  const isFramed = (vector: Vector) => vector.header?.contentType !== 'non-framed';
  const mustFail = cases.filter(({ vector }) => vector.expect === 'failure');
  const mustDecrypt = cases.filter(({ vector }) => vector.expect === 'success' && isFramed(vector));
  const nonFramed = cases.filter(({ vector }) => vector.expect === 'success' && !isFramed(vector));

  test('there are as many as are known', () => {
    expect([mustDecrypt.length, mustFail.length, nonFramed.length]).toEqual([57, 171, 4]);
  });

  test.each(mustDecrypt)('$id decrypts', async ({ vector, wrapping }) => {
    const plaintext = await openVector(vector, wrapping);
    expect(Buffer.from(plaintext).toString('base64')).toBe(vector.plaintextBase64);
  });

  test.each(mustFail)('$id is refused', async ({ vector, wrapping }) => {
    const error = await openVector(vector, wrapping).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(EnvelopeError);
    const codes = CODES_OF_STAGE[vector.stage ?? 'parse'];
    expect(isFramed(vector) ? codes : [...codes, 'UNSUPPORTED_MESSAGE']).toContain((error as EnvelopeError).code);
  });

  test.each(nonFramed)('$id says that it is not framed', async ({ vector, wrapping }) => {
    await expect(openVector(vector, wrapping)).rejects.toMatchObject({ code: 'UNSUPPORTED_MESSAGE' });
  });
});
