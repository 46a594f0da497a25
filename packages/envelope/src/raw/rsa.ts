import {
  constants,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  randomFillSync,
} from 'node:crypto';
import { EnvelopeError } from '../errors.ts';
import type { DataKeyWrapping } from '../wrapping.ts';
import { firstUnwrapped, type RawKeyNames, requireNames } from './names.ts';

/** Hashes of OAEP and its mask, that messages of the AWS Encryption SDKs are written with. */
export type OaepHash = 'sha1' | 'sha256' | 'sha384' | 'sha512';

/** A pair of raw RSA keys, or half of one, and what messages call it. */
export interface RawRsaOptions extends RawKeyNames {
  /** Wraps. Default: that of `privateKey`. */
  readonly publicKey?: KeyObject | string;
  /** Unwraps. Default: none; messages can then be written only. */
  readonly privateKey?: KeyObject | string;
  /** Hash of OAEP. Default: `sha256`. */
  readonly oaepHash?: OaepHash;
}

const HASHES: readonly unknown[] = ['sha1', 'sha256', 'sha384', 'sha512'] satisfies OaepHash[];
const MIN_BITS = 2048;

/**
 * Data keys wrapped with RSA-OAEP: for writers that hold no secret, and for messages of the raw RSA keyring of an AWS
 * Encryption SDK. RSA does not bind the encryption context; only the message itself does. The older padding of PKCS #1
 * v1.5 is not offered, because its errors can be used to read without the key.
 * @param options - keys as KeyObject or PEM
 * @throws EnvelopeError `CONFIG` for names, keys or a hash that cannot be
 * @see https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/use-raw-rsa-keyring.html
 */
export function rawRsaWrapping(options: RawRsaOptions): DataKeyWrapping {
  const { keyNamespace, keyName, oaepHash = 'sha256' } = options;
  requireNames(options);
  if (!HASHES.includes(oaepHash))
    throw new EnvelopeError('CONFIG', `raw key: oaepHash is none of: ${HASHES.join(', ')}`);
  const { publicKey, privateKey } = keysOf(options);
  return {
    async wrapDataKey({ dataKeyLength }) {
      const dataKey = randomFillSync(new Uint8Array(new ArrayBuffer(dataKeyLength)));
      const padding = constants.RSA_PKCS1_OAEP_PADDING;
      const ciphertext = publicEncrypt({ key: publicKey, padding, oaepHash }, dataKey);
      return {
        dataKey,
        encryptedDataKeys: [{ providerId: keyNamespace, providerInfo: Buffer.from(keyName), ciphertext }],
      };
    },

    async unwrapDataKey(request) {
      if (privateKey === undefined) {
        throw new EnvelopeError('KEY_NOT_ALLOWED', 'this raw RSA key has no private half; it wraps only');
      }
      return firstUnwrapped(request, options, ({ providerInfo, ciphertext }) => {
        if (!Buffer.from(keyName).equals(providerInfo)) return undefined;
        try {
          return privateDecrypt({ key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, ciphertext);
        } catch {
          return undefined;
        }
      });
    },
  };
}

function keysOf({ publicKey, privateKey }: RawRsaOptions): { publicKey: KeyObject; privateKey: KeyObject | undefined } {
  const half = (make: (pem: string) => KeyObject, key: KeyObject | string | undefined, option: string) => {
    if (key === undefined) return undefined;
    let object: KeyObject;
    try {
      object = typeof key === 'string' ? make(key) : key;
    } catch {
      // Without a cause: what the parser says may quote the key.
      throw new EnvelopeError('CONFIG', `raw key: ${option} is not a PEM that can be read`);
    }
    if (object.asymmetricKeyType !== 'rsa' || object.type !== option.replace('Key', '')) {
      throw new EnvelopeError(
        'CONFIG',
        `raw key: ${option} is not the ${option.replace('Key', '')} half of an RSA key`,
      );
    }
    if ((object.asymmetricKeyDetails?.modulusLength ?? 0) < MIN_BITS) {
      throw new EnvelopeError('CONFIG', `raw key: ${option} has fewer than ${MIN_BITS} bits`);
    }
    return object;
  };
  const secret = half(createPrivateKey, privateKey, 'privateKey');
  const open =
    half(createPublicKey, publicKey, 'publicKey') ?? (secret === undefined ? undefined : createPublicKey(secret));
  if (open === undefined) throw new EnvelopeError('CONFIG', 'raw key: neither publicKey nor privateKey is given');
  return { publicKey: open, privateKey: secret };
}
