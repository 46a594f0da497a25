import { createCipheriv, createDecipheriv } from 'node:crypto';
import { type Blob, blobHeader, encodeBlob, GCM_TAG_BYTES, NONCE_BYTES } from './blob.ts';
import { contextText } from './context.ts';
import type { KeyMaterial } from './material.ts';
import { randomBytes } from './random.ts';

/** In front of every plaintext: KMS's ciphertexts are these 11 bytes longer than AES-GCM alone would make them. */
const LABEL = Buffer.from('local-kms/1');

/**
 * Encrypts under one material, bound to the context.
 * The nonce is random: with 96 bits, one material is good for 2^32 encryptions, far beyond what a local run makes.
 */
export function seal(
  keyTag: Uint8Array,
  material: KeyMaterial,
  context: ReadonlyMap<string, string>,
  plaintext: Uint8Array,
): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const header = headerOf(keyTag, material.tag);
  const cipher = createCipheriv('aes-256-gcm', material.secret, nonce, { authTagLength: GCM_TAG_BYTES });
  cipher.setAAD(authenticated(header, context));
  const labelled = new Uint8Array(LABEL.length + plaintext.length);
  labelled.set(LABEL);
  labelled.set(plaintext, LABEL.length);
  const ciphertext = cipher.update(labelled);
  labelled.fill(0);
  // Of this mode the end has no bytes.
  cipher.final();
  return encodeBlob({ header, nonce, ciphertext, tag: cipher.getAuthTag() });
}

/** Decrypts; undefined where blob, context or material do not belong together. */
export function open(blob: Blob, material: KeyMaterial, context: ReadonlyMap<string, string>): Uint8Array | undefined {
  const end = blob.sealed.length - GCM_TAG_BYTES;
  if (end < LABEL.length) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', material.secret, blob.nonce, { authTagLength: GCM_TAG_BYTES });
  decipher.setAAD(authenticated(blob.header, context));
  decipher.setAuthTag(blob.sealed.subarray(end));
  const bytes = decipher.update(blob.sealed.subarray(0, end));
  try {
    decipher.final();
  } catch {
    bytes.fill(0);
    return undefined;
  }
  if (LABEL.every((byte, at) => bytes[at] === byte)) return bytes.subarray(LABEL.length);
  bytes.fill(0);
  return undefined;
}

/** Header and context. In UTF-16 every text has bytes of its own; in UTF-8 halves of surrogate pairs are all the same. */
function authenticated(header: Uint8Array, context: ReadonlyMap<string, string>): Uint8Array {
  const text = contextText(context);
  const bytes = Buffer.allocUnsafe(header.length + 2 * text.length);
  bytes.set(header);
  bytes.write(text, header.length, 'utf16le');
  return bytes;
}

/** By the tag of the material, then of the key: imported material may be that of several keys. */
const HEADERS = new WeakMap<Uint8Array, WeakMap<Uint8Array, Uint8Array>>();

function headerOf(keyTag: Uint8Array, materialTag: Uint8Array): Uint8Array {
  const ofMaterial = HEADERS.get(materialTag) ?? new WeakMap<Uint8Array, Uint8Array>();
  HEADERS.set(materialTag, ofMaterial);
  const header = ofMaterial.get(keyTag) ?? blobHeader(keyTag, materialTag);
  ofMaterial.set(keyTag, header);
  return header;
}
