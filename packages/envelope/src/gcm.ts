import { type CipherGCM, createCipheriv, createDecipheriv, type DecipherGCM, type KeyObject } from 'node:crypto';
import { RELEASE_PAYS_FROM, released } from './released.ts';
import { type Suite, TAG_LENGTH } from './suite.ts';

/** What AES-GCM needs to know each time, besides the IV: how, with which key. */
export interface GcmKey {
  readonly cipher: Suite['cipher'];
  readonly key: KeyObject;
}

/** What Node is told: tags have their whole length. */
const OPTIONS = { authTagLength: TAG_LENGTH };

/**
 * Whether what the cipher gave for one frame is released before the next one. Its memory is then still in the processor's
 * cache when the next frame gets it, which saves a tenth to a third of frames that are long enough. Of a message of 16 MB
 * and more, garbage would pile up to half of it.
 */
function isReleased(piece: Uint8Array, output: Uint8Array): boolean {
  return output.length >= 16_777_216 || (output.length >= 65_536 && piece.length >= RELEASE_PAYS_FROM);
}

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
    if (isReleased(ciphertext, output)) released(ciphertext);
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
 * Decrypts. When this throws, what was decrypted is wiped.
 * @param sealed - ciphertext and tag
 * @returns the plaintext, in memory of its own, as the cipher gave it
 */
export function open(key: GcmKey, iv: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Buffer<ArrayBuffer> {
  const tagAt = sealed.length - TAG_LENGTH;
  const decipher = opening(key, iv, aad).setAuthTag(sealed.subarray(tagAt));
  const plaintext = tagAt > 0 ? decipher.update(sealed.subarray(0, tagAt)) : Buffer.alloc(0);
  try {
    decipher.final();
  } catch (error) {
    plaintext.fill(0);
    throw error;
  }
  return plaintext;
}

/** Moves what the cipher gave for a frame to `at` of `output`. */
export function moved(plaintext: Uint8Array<ArrayBuffer>, output: Uint8Array, at: number): void {
  output.set(plaintext, at);
  // The caller may wipe the output; this copy is nobody's.
  plaintext.fill(0);
  if (isReleased(plaintext, output)) released(plaintext);
}
