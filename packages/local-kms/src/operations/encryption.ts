import { type Blob, decodeBlob } from '../crypto/blob.ts';
import { open, seal } from '../crypto/cipher.ts';
import type { KeyMaterial } from '../crypto/material.ts';
import { currentMaterial, type Key } from '../state/key.ts';
import { faults } from '../wire/texts.ts';

const EMPTY: ReadonlyMap<string, string> = new Map();

/** Encrypts under the current material of a key that the steps before have found usable. */
export function encryptUnder(
  key: Key,
  context: ReadonlyMap<string, string> | undefined,
  plaintext: Uint8Array,
): { readonly blob: Uint8Array; readonly material: KeyMaterial } {
  const material = currentMaterial(key);
  if (material === undefined) throw noMaterial(key);
  return { blob: seal(key.tag, material, context ?? EMPTY, plaintext), material };
}

/**
 * Decrypts with the material that the ciphertext names. One error for everything that can be wrong, as KMS has it.
 * @throws Fault InvalidCiphertextException
 */
export function decryptUnder(
  key: Key,
  context: ReadonlyMap<string, string> | undefined,
  bytes: Uint8Array,
): { readonly plaintext: Uint8Array; readonly material: KeyMaterial } {
  if (key.materials.length === 0) throw noMaterial(key);
  const blob = readBlob(bytes);
  const material = key.materials.find(({ tag }) => Buffer.compare(tag, blob.materialTag) === 0);
  const plaintext = material && open(blob, material, context ?? EMPTY);
  if (material === undefined || plaintext === undefined) {
    throw faults.invalidCiphertext('the ciphertext was altered, or was made with another encryption context');
  }
  return { plaintext, material };
}

/** @throws Fault InvalidCiphertextException */
export function readBlob(bytes: Uint8Array): Blob {
  const blob = decodeBlob(bytes);
  if (blob === undefined) {
    throw faults.invalidCiphertext(
      'not a ciphertext of a local KMS, or a damaged one; ciphertexts of AWS never decrypt here',
    );
  }
  return blob;
}

function noMaterial(key: Key): Error {
  return faults.unsupported(`the local KMS has no cryptography for keys of spec ${key.spec} yet`);
}
