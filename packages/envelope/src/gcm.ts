import { type CipherGCM, createCipheriv, createDecipheriv, type DecipherGCM, type KeyObject } from 'node:crypto';
import { released } from './released.ts';
import { type Suite, TAG_LENGTH } from './suite.ts';

/** What AES-GCM needs to know each time, besides the IV: how, with which key. */
export interface GcmKey {
  readonly cipher: Suite['cipher'];
  readonly key: KeyObject;
}

/** What Node is told: tags have their whole length. */
const OPTIONS = { authTagLength: TAG_LENGTH };

/**
 * From this many bytes of output on, what the cipher gave for one frame is released before the next one. Garbage would
 * pile up to half of a message of 64 MB; where there is less of it, collecting it costs less.
 */
const RELEASED_FROM = 16_777_216;

/** Begins to encrypt. */
export function sealing({ cipher, key }: GcmKey, iv: Uint8Array, aad: Uint8Array): CipherGCM {
  return createCipheriv(cipher, key, iv, OPTIONS).setAAD(aad);
}

/** Writes ciphertext and tag from `at` of `output` on. Answers where they end. */
export function seal(
  key: GcmKey,
  iv: Uint8Array,
  aad: Uint8Array,
  output: Uint8Array,
  at: number,
  plaintext?: Uint8Array,
): number {
  const cipher = sealing(key, iv, aad);
  let end = at;
  if (plaintext !== undefined && plaintext.length > 0) {
    const ciphertext = cipher.update(plaintext);
    output.set(ciphertext, at);
    if (output.length >= RELEASED_FROM) released(ciphertext);
    end += plaintext.length;
  }
  cipher.final();
  output.set(cipher.getAuthTag(), end);
  return end + TAG_LENGTH;
}

/** Begins to decrypt. */
export function opening({ cipher, key }: GcmKey, iv: Uint8Array, aad: Uint8Array): DecipherGCM {
  return createDecipheriv(cipher, key, iv, OPTIONS).setAAD(aad);
}

/**
 * Decrypts to `at` of `output`, which holds nothing authentic when this throws.
 * @param sealed - ciphertext and tag
 */
export function open(
  key: GcmKey,
  iv: Uint8Array,
  aad: Uint8Array,
  sealed: Uint8Array,
  output: Uint8Array,
  at: number,
): void {
  const tagAt = sealed.length - TAG_LENGTH;
  const decipher = opening(key, iv, aad).setAuthTag(sealed.subarray(tagAt));
  if (tagAt > 0) {
    const plaintext = decipher.update(sealed.subarray(0, tagAt));
    output.set(plaintext, at);
    // The caller may wipe the output; this copy is nobody's.
    plaintext.fill(0);
    if (output.length >= RELEASED_FROM) released(plaintext);
  }
  decipher.final();
}
