import { hash } from 'node:crypto';
import { der, derContent } from './der.ts';
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
const LENGTH_BYTES = 4;
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

/** @param header - of {@link blobHeader} */
export function encodeBlob({ header, nonce, sealed }: Pick<Blob, 'header' | 'nonce' | 'sealed'>): Uint8Array {
  const start = cmsStart(sealed.length);
  const blob = new Uint8Array(HEADER_BYTES + LENGTH_BYTES + start.bytes.length + sealed.length);
  blob.set(header);
  new DataView(blob.buffer).setUint32(HEADER_BYTES, start.bytes.length + sealed.length);
  blob.set(start.bytes, HEADER_BYTES + LENGTH_BYTES);
  blob.set(nonce, HEADER_BYTES + LENGTH_BYTES + start.nonceAt);
  blob.set(sealed, HEADER_BYTES + LENGTH_BYTES + start.bytes.length);
  return blob;
}

/** Reads a ciphertext; undefined where the bytes are not one that `encodeBlob` could have written. */
export function decodeBlob(bytes: Uint8Array): Blob | undefined {
  if (bytes.length < HEADER_BYTES + LENGTH_BYTES) return undefined;
  const keyTag = bytes.subarray(VERSION.length, VERSION.length + KEY_TAG_BYTES);
  const materialTag = bytes.subarray(HEADER_BYTES - MATERIAL_TAG_BYTES, HEADER_BYTES);
  const header = bytes.subarray(0, HEADER_BYTES);
  if (Buffer.compare(blobHeader(keyTag, materialTag), header) !== 0) return undefined;
  const cms = bytes.subarray(HEADER_BYTES + LENGTH_BYTES);
  if (new DataView(bytes.buffer, bytes.byteOffset).getUint32(HEADER_BYTES) !== cms.length) return undefined;
  const content = decodeCms(cms);
  return content && { header, keyTag, materialTag, nonce: content.nonce, sealed: content.sealed };
}

/** The CMS before what is sealed, and where in it the nonce goes: the same for all that is sealed of one length. */
interface CmsStart {
  readonly bytes: Uint8Array;
  readonly nonceAt: number;
}

/** One for each length of a plaintext, of which there are 4,096. */
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

function decodeCms(cms: Uint8Array): { nonce: Uint8Array; sealed: Uint8Array } | undefined {
  const outer = after(ENCRYPTED_DATA, derContent(0x30, cms));
  const inner = after(VERSION_0, derContent(0x30, derContent(0xa0, outer)));
  const content = after(DATA, derContent(0x30, inner));
  // The algorithm has one length in every ciphertext, so where it ends is known.
  const algorithm = content?.subarray(0, ALGORITHM_BYTES);
  const parameters = after(AES_256_GCM, derContent(0x30, algorithm));
  const nonceAndSize = derContent(0x30, parameters);
  const nonceElement = nonceAndSize?.subarray(0, NONCE_BYTES + 2);
  const size = nonceAndSize?.subarray(NONCE_BYTES + 2);
  if (size === undefined || Buffer.compare(size, TAG_LENGTH_16) !== 0) return undefined;
  const nonce = derContent(0x04, nonceElement);
  const sealed = derContent(0x80, content?.subarray(ALGORITHM_BYTES));
  if (nonce?.length !== NONCE_BYTES || sealed === undefined || sealed.length < GCM_TAG_BYTES) return undefined;
  return { nonce, sealed };
}

const ALGORITHM_BYTES = 2 + AES_256_GCM.length + 2 + 2 + NONCE_BYTES + TAG_LENGTH_16.length;

/** What follows `prefix`, where `bytes` begins with it. */
function after(prefix: Uint8Array, bytes: Uint8Array | undefined): Uint8Array | undefined {
  if (bytes === undefined || Buffer.compare(prefix, bytes.subarray(0, prefix.length)) !== 0) return undefined;
  return bytes.subarray(prefix.length);
}
