import { createHmac } from 'node:crypto';
import type { Key } from '../state/key.ts';
import { usableMaterial } from './encryption.ts';

const HASHES = {
  HMAC_SHA_224: 'sha224',
  HMAC_SHA_256: 'sha256',
  HMAC_SHA_384: 'sha384',
  HMAC_SHA_512: 'sha512',
} as const;

/** HMAC of RFC 2104 under the material of a key. */
export function macOf(key: Key, algorithm: keyof typeof HASHES, message: Uint8Array): Uint8Array {
  return createHmac(HASHES[algorithm], usableMaterial(key).secret).update(message).digest();
}
