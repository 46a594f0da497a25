import { constants, createPublicKey, type KeyObject, privateDecrypt, publicEncrypt } from 'node:crypto';
import { decryptSm2, encryptSm2 } from './sm2-encryption.ts';

/** Encryption without an encryption context, whose ciphertext names no key. */
export interface PublicKeyEncryption {
  /** Bytes that a plaintext of the key may have. */
  readonly limit: (secret: KeyObject) => number;
  readonly encrypt: (secret: KeyObject, plaintext: Uint8Array) => Uint8Array;
  /** Undefined where the bytes are no ciphertext of this key. */
  readonly decrypt: (secret: KeyObject, ciphertext: Uint8Array) => Uint8Array | undefined;
}

/** RSAES-OAEP with MGF1 of the same hash and no label: RFC 8017, section 7.1. */
function oaep(oaepHash: string, hashBytes: number): PublicKeyEncryption {
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  return {
    limit: (secret) => modulusBytes(secret) - 2 * hashBytes - 2,
    encrypt: (secret, plaintext) =>
      new Uint8Array(publicEncrypt({ key: createPublicKey(secret), padding, oaepHash }, plaintext)),
    decrypt(key, ciphertext) {
      if (ciphertext.length !== modulusBytes(key)) return undefined;
      try {
        return new Uint8Array(privateDecrypt({ key, padding, oaepHash }, ciphertext));
      } catch {
        return undefined;
      }
    },
  };
}

const modulusBytes = (secret: KeyObject) => (secret.asymmetricKeyDetails?.modulusLength ?? 0) / 8;

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html */
export const PUBLIC_KEY_ENCRYPTION: ReadonlyMap<string, PublicKeyEncryption> = new Map<string, PublicKeyEncryption>([
  ['RSAES_OAEP_SHA_1', oaep('sha1', 20)],
  ['RSAES_OAEP_SHA_256', oaep('sha256', 32)],
  ['SM2PKE', { limit: () => 1024, encrypt: encryptSm2, decrypt: decryptSm2 }],
]);
