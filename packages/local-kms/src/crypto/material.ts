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
  /** Whether there is a secret already: one that was not asked for yet need not be kept anywhere. */
  readonly isMade: boolean;
}

/**
 * A material of random bytes, as KMS makes for a key of origin AWS_KMS. The secret is made when it is first asked for: an
 * app may declare more RSA keys than a test uses, and each takes up to seconds to make.
 */
export function randomMaterial(spec: KeySpec): KeyMaterial {
  return unmadeMaterial(randomBytes(32).toString('hex'), spec);
}

/** A material of an id that was given to it before, whose secret is made when it is first asked for. */
export function unmadeMaterial(id: string, spec: KeySpec): KeyMaterial {
  // Of its own, so that it does not matter when the secret is made.
  const own = currentRandom().named('material', id);
  let secret: KeyObject | undefined;
  return {
    id,
    tag: materialTag(id),
    get secret() {
      secret ??= usingRandom(own, () => generateSecret(spec));
      return secret;
    },
    get isMade() {
      return secret !== undefined;
    },
  };
}

export function madeMaterial(id: string, secret: KeyObject): KeyMaterial {
  return { id, tag: materialTag(id), secret, isMade: true };
}

function materialTag(id: string): Uint8Array {
  return Uint8Array.from(Buffer.from(id, 'hex').subarray(0, MATERIAL_TAG_BYTES));
}

/** 16 random bytes that name a key in its ciphertexts, so that its key id cannot be read there. */
export function randomKeyTag(): Uint8Array {
  return Uint8Array.from(randomBytes(KEY_TAG_BYTES));
}

export const KEY_TAG_BYTES = 16;
export const MATERIAL_TAG_BYTES = 16;
