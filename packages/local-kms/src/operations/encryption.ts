import { type Blob, decodeBlob } from '../crypto/blob.ts';
import { open, seal } from '../crypto/cipher.ts';
import type { KeyMaterial } from '../crypto/material.ts';
import { PUBLIC_KEY_ENCRYPTION } from '../crypto/public-key-encryption.ts';
import { currentMaterial, type Key } from '../state/key.ts';
import { faults } from '../wire/texts.ts';

type Context = ReadonlyMap<string, string> | undefined;
const EMPTY: ReadonlyMap<string, string> = new Map();
const SYMMETRIC = 'SYMMETRIC_DEFAULT';

/**
 * Encrypts under the current material of a key that the steps before have found usable for the algorithm.
 * @throws Fault ValidationException for a plaintext or context that the algorithm does not take
 */
export function encryptUnder(
  key: Key,
  context: Context,
  plaintext: Uint8Array,
  algorithm: string = SYMMETRIC,
): { readonly blob: Uint8Array; readonly material: KeyMaterial } {
  const material = usableMaterial(key);
  const scheme = PUBLIC_KEY_ENCRYPTION.get(algorithm);
  if (scheme === undefined) return { blob: seal(key.tag, material, context ?? EMPTY, plaintext), material };
  requireNoContext(context);
  const limit = scheme.limit(material.secret);
  if (plaintext.length > limit) throw faults.plaintextTooLong(algorithm, key.spec, limit);
  return { blob: scheme.encrypt(material.secret, plaintext), material };
}

/**
 * Decrypts with the material that the ciphertext names. One error for everything that can be wrong, as KMS has it.
 * @throws Fault InvalidCiphertextException
 */
export function decryptUnder(
  key: Key,
  context: Context,
  bytes: Uint8Array,
  algorithm: string = SYMMETRIC,
): { readonly plaintext: Uint8Array; readonly material: KeyMaterial } {
  const scheme = PUBLIC_KEY_ENCRYPTION.get(algorithm);
  if (scheme === undefined) return openBlob(key, context ?? EMPTY, bytes);
  requireNoContext(context);
  const material = usableMaterial(key);
  const plaintext = scheme.decrypt(material.secret, bytes);
  if (plaintext === undefined) throw faults.invalidCiphertext(`not a ciphertext of the key by ${algorithm}`);
  return { plaintext, material };
}

function openBlob(key: Key, context: ReadonlyMap<string, string>, bytes: Uint8Array) {
  const blob = readBlob(bytes);
  const material = key.materials.find(({ tag }) => Buffer.compare(tag, blob.materialTag) === 0);
  const plaintext = material && open(blob, material, context);
  if (material === undefined || plaintext === undefined) {
    throw faults.invalidCiphertext('the ciphertext was altered, or was made with another encryption context');
  }
  return { plaintext, material };
}

/** @throws Fault InvalidCiphertextException */
export function readBlob(bytes: Uint8Array): Blob {
  if (latest?.bytes === bytes) return latest.blob;
  const blob = decodeBlob(bytes);
  if (blob === undefined) {
    throw faults.invalidCiphertext(
      'not a ciphertext of a local KMS, or a damaged one; ciphertexts of AWS never decrypt here',
    );
  }
  latest = { bytes, blob };
  return blob;
}

/** A call reads its ciphertext to find the key, and again to decrypt it. */
let latest: { readonly bytes: Uint8Array; readonly blob: Blob } | undefined;

/** The current material; a key whose state lets it be used has one. */
export function usableMaterial(key: Key): KeyMaterial {
  const material = currentMaterial(key);
  if (material === undefined) throw new TypeError(`a key in state ${key.state} has no material`);
  return material;
}

/** KMS documents that asymmetric keys have no encryption context, not what it does with one. It must not be lost silently. */
function requireNoContext(context: Context): void {
  if (context === undefined || context.size === 0) return;
  throw faults.unworded('an encryption context is for symmetric encryption keys');
}

/** The member of an answer that names the material, which only symmetric encryption keys show. */
export function materialMember<N extends string>(name: N, key: Key, { id }: KeyMaterial): Partial<Record<N, string>> {
  return key.spec === SYMMETRIC ? ({ [name]: id } as Record<N, string>) : {};
}
