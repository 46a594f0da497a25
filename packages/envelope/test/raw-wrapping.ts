import { createCipheriv, createDecipheriv, type KeyLike, privateDecrypt, randomBytes } from 'node:crypto';
import { serializeContext } from '../src/context.ts';
import { EnvelopeError } from '../src/errors.ts';
import type { DataKeyWrapping, EncryptedDataKey, UnwrapRequest } from '../src/wrapping.ts';

/** What the raw keyrings of the format know a key by. */
export interface RawKey {
  readonly keyNamespace: string;
  readonly keyName: string;
}

/** Unwraps one encrypted data key, or `undefined` when it is not this key's. */
export type Unwrap = (key: EncryptedDataKey, request: UnwrapRequest) => Uint8Array | undefined;

/** A wrapping that can only unwrap, made of functions that each know one kind of key. */
export function unwrapping(...unwraps: readonly Unwrap[]): DataKeyWrapping {
  return {
    identity: 'test',
    wrapDataKey: async () => {
      throw new EnvelopeError('CONFIG', 'this wrapping unwraps only');
    },
    unwrapDataKey: async (request) => {
      for (const unwrap of unwraps) {
        for (const key of request.encryptedDataKeys) {
          const dataKey = unwrap(key, request);
          if (dataKey !== undefined) return dataKey;
        }
      }
      throw new EnvelopeError('KEY_NOT_ALLOWED', 'no key unwraps the data key');
    },
  };
}

/** Unwraps as the specification's raw AES keyring does: framework/raw-aes-keyring.md. */
export function rawAes({ keyNamespace, keyName }: RawKey, key: Uint8Array): Unwrap {
  const prefix = Buffer.concat([Buffer.from(keyName), Buffer.from([0, 0, 0, 128, 0, 0, 0, 12])]);
  return ({ providerId, providerInfo, ciphertext }, { context }) => {
    const info = Buffer.from(providerInfo);
    const ours = info.length === prefix.length + 12 && info.subarray(0, prefix.length).equals(prefix);
    if (providerId !== keyNamespace || !ours) return undefined;
    const decipher = createDecipheriv(`aes-${key.length * 8}-gcm` as 'aes-256-gcm', key, info.subarray(-12));
    decipher.setAAD(serializeContext(context)).setAuthTag(ciphertext.subarray(-16));
    try {
      return Buffer.concat([decipher.update(ciphertext.subarray(0, -16)), decipher.final()]);
    } catch {
      return undefined;
    }
  };
}

/** Unwraps as the specification's raw RSA keyring with OAEP does: framework/raw-rsa-keyring.md. */
export function rawRsaOaep({ keyNamespace, keyName }: RawKey, key: KeyLike, oaepHash: string): Unwrap {
  return ({ providerId, providerInfo, ciphertext }) => {
    if (providerId !== keyNamespace || Buffer.from(providerInfo).toString() !== keyName) return undefined;
    return privateDecrypt({ key, oaepHash }, ciphertext);
  };
}

/** Wraps and unwraps with one AES key, for tests that need no KMS. */
export function rawAesWrapping(names: RawKey, key: Uint8Array): DataKeyWrapping {
  return {
    ...unwrapping(rawAes(names, key)),
    wrapDataKey: async ({ context, dataKeyLength }) => {
      const dataKey = randomBytes(dataKeyLength);
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(serializeContext(context));
      const ciphertext = Buffer.concat([cipher.update(dataKey), cipher.final(), cipher.getAuthTag()]);
      const providerInfo = Buffer.concat([Buffer.from(names.keyName), Buffer.from([0, 0, 0, 128, 0, 0, 0, 12]), iv]);
      return { dataKey, encryptedDataKeys: [{ providerId: names.keyNamespace, providerInfo, ciphertext }] };
    },
  };
}
