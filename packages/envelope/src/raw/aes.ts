import { createCipheriv, createDecipheriv, createSecretKey, randomBytes, randomFillSync } from 'node:crypto';
import { types } from 'node:util';
import { serializeContext } from '../context.ts';
import { EnvelopeError } from '../errors.ts';
import { IV_LENGTH, TAG_LENGTH } from '../suite.ts';
import type { DataKeyWrapping } from '../wrapping.ts';
import { firstUnwrapped, type RawKeyNames, requireNames } from './names.ts';

/** A raw AES key and what messages call it. */
export interface RawAesOptions extends RawKeyNames {
  /** 16, 24 or 32 random bytes; copied, so that the caller's memory may be wiped. */
  readonly key: Uint8Array;
}

const CIPHERS = new Map([
  [16, 'aes-128-gcm'],
  [24, 'aes-192-gcm'],
  [32, 'aes-256-gcm'],
] as const);

/**
 * Data keys wrapped with AES-GCM under a key that the program holds itself: for tests, for systems without KMS, and for
 * messages of the raw AES keyring of an AWS Encryption SDK. Whoever can read the program's memory has the key.
 *
 * One key wraps at most 2^32 data keys, since its IVs are random.
 * @throws EnvelopeError `CONFIG` for names or a key that cannot be
 * @see https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/use-raw-aes-keyring.html
 */
export function rawAesWrapping({ keyNamespace, keyName, key }: RawAesOptions): DataKeyWrapping {
  requireNames({ keyNamespace, keyName });
  const cipherName = types.isUint8Array(key) ? CIPHERS.get(key.length as 16) : undefined;
  if (cipherName === undefined)
    throw new EnvelopeError('CONFIG', 'raw key: key is not a Uint8Array of 16, 24 or 32 bytes');
  const secret = createSecretKey(key);
  // Key name, bits of the tag, bytes of the IV; then the IV itself (specification, framework/raw-aes-keyring.md).
  const prefix = Buffer.concat([Buffer.from(keyName), Buffer.from([0, 0, 0, TAG_LENGTH * 8, 0, 0, 0, IV_LENGTH])]);
  return {
    async wrapDataKey({ context, dataKeyLength }) {
      const aad = serializeContext(context);
      const dataKey = randomFillSync(new Uint8Array(new ArrayBuffer(dataKeyLength)));
      const iv = randomBytes(IV_LENGTH);
      const cipher = createCipheriv(cipherName, secret, iv, { authTagLength: TAG_LENGTH }).setAAD(aad);
      const ciphertext = Buffer.concat([cipher.update(dataKey), cipher.final(), cipher.getAuthTag()]);
      const providerInfo = Buffer.concat([prefix, iv]);
      return { dataKey, encryptedDataKeys: [{ providerId: keyNamespace, providerInfo, ciphertext }] };
    },

    async unwrapDataKey(request) {
      const aad = serializeContext(request.context);
      return firstUnwrapped(request, { keyNamespace, keyName }, ({ providerInfo, ciphertext }) => {
        const ours =
          providerInfo.length === prefix.length + IV_LENGTH && prefix.equals(providerInfo.subarray(0, prefix.length));
        if (!ours || ciphertext.length < TAG_LENGTH) return undefined;
        const iv = providerInfo.subarray(prefix.length);
        const decipher = createDecipheriv(cipherName, secret, iv, { authTagLength: TAG_LENGTH }).setAAD(aad);
        const dataKey = decipher
          .setAuthTag(ciphertext.subarray(-TAG_LENGTH))
          .update(ciphertext.subarray(0, -TAG_LENGTH));
        try {
          decipher.final();
          return dataKey;
        } catch {
          dataKey.fill(0);
          return undefined;
        }
      });
    },
  };
}
