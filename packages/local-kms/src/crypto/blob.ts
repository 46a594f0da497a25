import { hash } from 'node:crypto';
import { der } from './der.ts';
import { KEY_TAG_BYTES, MATERIAL_TAG_BYTES } from './material.ts';

/**
 * The bytes of a ciphertext. Clients must treat them as opaque; first bytes, layout and size are those of AWS KMS (184
 * bytes for a data key of 32), so that sizes of columns, headers and messages measured here hold there.
 *
 * ```
 * 01 02 02 00 78 ‖ key tag (16) ‖ check (16) ‖ 01 ‖ material tag (16) ‖ length (4) ‖ CMS EncryptedData, AES-256-GCM
 * ```
 *
 * The check is the start of SHA-256 over everything before the CMS but itself. It tells damage from a ciphertext of a key
 * that is not here, before any key is known; it is no protection, the GCM tag is: everything before the CMS is
 * authenticated data.
 */
export interface Blob {
  /** Everything before the length: authenticated data. */
  readonly header: Uint8Array;
  readonly keyTag: Uint8Array;
  readonly materialTag: Uint8Array;
  readonly nonce: Uint8Array;
  /** Ciphertext and GCM tag. */
  readonly sealed: Uint8Array;
}

const VERSION = Uint8Array.of(0x01, 0x02, 0x02, 0x00, 0x78);
const MATERIAL_MARK = Uint8Array.of(0x01);
const CHECK_BYTES = 16;
const HEADER_BYTES = VERSION.length + KEY_TAG_BYTES + CHECK_BYTES + MATERIAL_MARK.length + MATERIAL_TAG_BYTES;
const CMS_AT = HEADER_BYTES + 4;
export const NONCE_BYTES = 12;
export const GCM_TAG_BYTES = 16;

// OBJECT IDENTIFIERs of RFC 5652 (encrypted-data, data) and of NIST's aes256-GCM.
const ENCRYPTED_DATA = Buffer.from('06092a864886f70d010706', 'hex');
const DATA = Buffer.from('06092a864886f70d010701', 'hex');
const AES_256_GCM = Buffer.from('060960864801650304012e', 'hex');
const VERSION_0 = Uint8Array.of(0x02, 0x01, 0x00);
const TAG_LENGTH_16 = Uint8Array.of(0x02, 0x01, 0x10);

/** The bytes before the length and the CMS: the same for all ciphertexts of one material. */
export function blobHeader(keyTag: Uint8Array, materialTag: Uint8Array): Uint8Array {
  const check = hash('sha256', Buffer.concat([VERSION, keyTag, materialTag]), 'hex').slice(0, CHECK_BYTES * 2);
  return Buffer.concat([VERSION, keyTag, Buffer.from(check, 'hex'), MATERIAL_MARK, materialTag]);
}

/** What a ciphertext is made of. */
interface Parts {
  /** Of {@link blobHeader}. */
  readonly header: Uint8Array;
  readonly nonce: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly tag: Uint8Array;
}

export function encodeBlob({ header, nonce, ciphertext, tag }: Parts): Uint8Array {
  const sealedBytes = ciphertext.length + tag.length;
  const start = cmsStart(sealedBytes);
  const sealedAt = CMS_AT + start.bytes.length;
  const blob = new Uint8Array(sealedAt + sealedBytes);
  blob.set(header);
  new DataView(blob.buffer).setUint32(HEADER_BYTES, start.bytes.length + sealedBytes);
  blob.set(start.bytes, CMS_AT);
  blob.set(nonce, CMS_AT + start.nonceAt);
  blob.set(ciphertext, sealedAt);
  blob.set(tag, sealedAt + ciphertext.length);
  return blob;
}

/** Reads a ciphertext; undefined where the bytes are not one that `encodeBlob` could have written. */
export function decodeBlob(bytes: Uint8Array): Blob | undefined {
  if (bytes.length < CMS_AT) return undefined;
  const header = bytes.subarray(0, HEADER_BYTES);
  const keyTag = bytes.subarray(VERSION.length, VERSION.length + KEY_TAG_BYTES);
  const materialTag = bytes.subarray(HEADER_BYTES - MATERIAL_TAG_BYTES, HEADER_BYTES);
  const start = cmsStartOfAll(bytes.length - CMS_AT);
  if (start === undefined || !isHeader(header, keyTag, materialTag)) return undefined;
  if (new DataView(bytes.buffer, bytes.byteOffset).getUint32(HEADER_BYTES) !== bytes.length - CMS_AT) return undefined;
  // But for the nonce the CMS begins with what its length makes of it.
  const nonceAt = CMS_AT + start.nonceAt;
  const sealedAt = CMS_AT + start.bytes.length;
  for (let at = CMS_AT; at < sealedAt; at += 1) {
    if (at === nonceAt) at += NONCE_BYTES;
    if (bytes[at] !== start.bytes[at - CMS_AT]) return undefined;
  }
  const nonce = bytes.subarray(nonceAt, nonceAt + NONCE_BYTES);
  return { header, keyTag, materialTag, nonce, sealed: bytes.subarray(sealedAt) };
}

/** Headers that were found to be in order, as text. */
const SEEN = new Set<string>();
const MAX_SEEN = 1_000;

function isHeader(header: Uint8Array, keyTag: Uint8Array, materialTag: Uint8Array): boolean {
  const text = Buffer.from(header.buffer, header.byteOffset, header.byteLength).toString('latin1');
  if (SEEN.has(text)) return true;
  if (Buffer.compare(blobHeader(keyTag, materialTag), header) !== 0) return false;
  if (SEEN.size >= MAX_SEEN) SEEN.clear();
  SEEN.add(text);
  return true;
}

/** The CMS before what is sealed, and where in it the nonce goes: the same for all that is sealed of one length. */
interface CmsStart {
  readonly bytes: Uint8Array;
  readonly nonceAt: number;
}

/** One for each length, of which there are as many as a ciphertext has bytes at most: 6,144. */
const STARTS = new Map<number, CmsStart>();

function cmsStart(sealedBytes: number): CmsStart {
  const known = STARTS.get(sealedBytes);
  if (known !== undefined) return known;
  const algorithm = der(0x30, AES_256_GCM, der(0x30, der(0x04, new Uint8Array(NONCE_BYTES)), TAG_LENGTH_16));
  const sealed = der(0x80, new Uint8Array(sealedBytes));
  const content = der(0x30, DATA, algorithm, sealed);
  const cms = der(0x30, ENCRYPTED_DATA, der(0xa0, der(0x30, VERSION_0, content)));
  const start: CmsStart = {
    bytes: new Uint8Array(cms.subarray(0, cms.length - sealedBytes)),
    nonceAt: cms.length - sealed.length - TAG_LENGTH_16.length - NONCE_BYTES,
  };
  STARTS.set(sealedBytes, start);
  return start;
}

/** By the length of the whole CMS. */
const STARTS_OF_ALL = new Map<number, CmsStart | undefined>();

/** The start of a CMS of that length; undefined where none can have it. */
function cmsStartOfAll(cmsBytes: number): CmsStart | undefined {
  if (STARTS_OF_ALL.has(cmsBytes)) return STARTS_OF_ALL.get(cmsBytes);
  const start = madeStart(cmsBytes);
  STARTS_OF_ALL.set(cmsBytes, start);
  return start;
}

/** Each of its five lengths takes one to three bytes. */
function madeStart(cmsBytes: number): CmsStart | undefined {
  const shortest = cmsStart(0).bytes.length;
  for (let startBytes = shortest; startBytes <= shortest + 5 * 2; startBytes += 1) {
    const sealedBytes = cmsBytes - startBytes;
    if (sealedBytes < GCM_TAG_BYTES) return undefined;
    const start = cmsStart(sealedBytes);
    if (start.bytes.length === startBytes) return start;
  }
  return undefined;
}
