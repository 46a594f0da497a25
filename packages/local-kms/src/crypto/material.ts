import type { KeyObject } from 'node:crypto';
import type { KeySpec } from '../state/key-specs.ts';
import { generateSecret } from './generate.ts';
import { currentRandom, randomBytes, usingRandom } from './random.ts';

/** One key material of a key. The bytes live in a `KeyObject`: no log, dump or `JSON.stringify` shows them. */
export interface KeyMaterial {
  /** `KeyMaterialId` of answers: 64 hexadecimal digits. */
  readonly id: string;
  /** 16 bytes that name the material in a ciphertext. */
  readonly tag: Uint8Array;
  /** A symmetric key, a private key, or the seed of a post-quantum key pair. */
  readonly secret: KeyObject;
}

/**
 * A material of random bytes, as KMS makes for a key of origin AWS_KMS. The secret is made when it is first asked for: an
 * app may declare more RSA keys than a test uses, and each takes up to seconds to make.
 */
export function randomMaterial(spec: KeySpec): KeyMaterial {
  const id = randomBytes(32);
  // Of its own, so that it does not matter when the secret is made.
  const own = currentRandom().named('material', id.toString('hex'));
  let secret: KeyObject | undefined;
  return {
    id: id.toString('hex'),
    tag: Uint8Array.from(id.subarray(0, MATERIAL_TAG_BYTES)),
    get secret() {
      secret ??= usingRandom(own, () => generateSecret(spec));
      return secret;
    },
  };
}

/** 16 random bytes that name a key in its ciphertexts, so that its key id cannot be read there. */
export function randomKeyTag(): Uint8Array {
  return Uint8Array.from(randomBytes(KEY_TAG_BYTES));
}

export const KEY_TAG_BYTES = 16;
export const MATERIAL_TAG_BYTES = 16;
