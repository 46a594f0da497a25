import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';

/** One key material of a key. The bytes live in a `KeyObject`: no log, dump or `JSON.stringify` shows them. */
export interface KeyMaterial {
  /** `KeyMaterialId` of answers: 64 hexadecimal digits. */
  readonly id: string;
  /** 16 bytes that name the material in a ciphertext. */
  readonly tag: Uint8Array;
  /** AES-256. */
  readonly secret: KeyObject;
}

/** A material of random bytes, as KMS makes for a key of origin AWS_KMS. */
export function randomMaterial(): KeyMaterial {
  const id = randomBytes(32);
  const bytes = randomBytes(32);
  const secret = createSecretKey(bytes);
  bytes.fill(0);
  return { id: id.toString('hex'), tag: Uint8Array.from(id.subarray(0, MATERIAL_TAG_BYTES)), secret };
}

/** 16 random bytes that name a key in its ciphertexts, so that its key id cannot be read there. */
export function randomKeyTag(): Uint8Array {
  return Uint8Array.from(randomBytes(KEY_TAG_BYTES));
}

export const KEY_TAG_BYTES = 16;
export const MATERIAL_TAG_BYTES = 16;
