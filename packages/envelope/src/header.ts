import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { newWriter, type Reader, readerOf, writerOf } from './bytes.ts';
import { contextOf, type EncryptionContext, readContext, serializeContext } from './context.ts';
import { EnvelopeError, notAuthentic } from './errors.ts';
import { COMMIT_KEY_LENGTH } from './keys.ts';
import { requirePublicKeyEntry } from './signature.ts';
import { IV_LENGTH, type Suite, suiteOf, TAG_LENGTH } from './suites.ts';
import type { EncryptedDataKey } from './wrapping.ts';

/** The header of a message, version 1 or 2: AWS Encryption SDK specification, data-format/message-header.md. */
export interface Header {
  readonly suite: Suite;
  readonly messageId: Uint8Array;
  readonly context: EncryptionContext;
  readonly encryptedDataKeys: readonly EncryptedDataKey[];
  /** Whether the body is divided into frames, or one block as old writers made it. */
  readonly framed: boolean;
  /** Plaintext bytes of every frame but the last; 0 where there are no frames. */
  readonly frameLength: number;
  /** The commit key that the message was written with; empty where the suite does not commit. */
  readonly commitment: Uint8Array;
  /** The bytes that the tag authenticates, as they were read. */
  readonly authenticated: Uint8Array;
  /** Those of them that name context and wrapped data keys: messages that share them share a data key. */
  readonly sharedSection: Uint8Array;
  readonly iv: Uint8Array;
  readonly tag: Uint8Array;
  /** The canonical bytes of what is bound to the message without being stored in it; see {@link bindUnstored}. */
  readonly unstored: Uint8Array;
  /** The whole header as it was read. */
  readonly bytes: Uint8Array;
  /** Bytes of the whole header, after which the body begins. */
  readonly length: number;
}

/** Bytes of the message id in version 2. */
export const MESSAGE_ID_LENGTH = 32;

const VERSION = 2;
/** Version 1 begins with its type, customer authenticated encrypted data, and has no other. */
const TYPE = 0x80;
const FRAMED = 2;
const NON_FRAMED = 1;
/** Version, suite and message id. */
const BEFORE_SECTION = 1 + 2 + MESSAGE_ID_LENGTH;
/** Content type, frame length and commit key. */
const AFTER_SECTION = 1 + 4 + COMMIT_KEY_LENGTH;
/** Zeros: frames count from 1, so that no frame uses this IV. */
const HEADER_IV = new Uint8Array(IV_LENGTH);
const NOTHING = new Uint8Array(0);

/**
 * Reads a header. Nothing of it is authentic before {@link verifyHeader} has said so, so nothing here allocates what a
 * length in it claims.
 * @throws EnvelopeError `NOT_A_MESSAGE` or `UNSUPPORTED_MESSAGE` for other input, `LIMIT` when it lists more wrapped
 * data keys than allowed, `NOT_AUTHENTIC` for everything malformed
 */
export function parseHeader(message: Uint8Array, maxEncryptedDataKeys: number): Header {
  const version = versionOf(message);
  const header = readerOf(message);
  header.bytes(version === 1 ? 2 : 1);
  const suite = suiteOf(header.uint16(), version);
  const messageId = header.bytes(suite.messageIdLength);
  const sectionStart = header.offset;
  const context = readContext(header);
  requirePublicKeyEntry(suite, context);
  const encryptedDataKeys = readEncryptedDataKeys(header, maxEncryptedDataKeys);
  const sectionEnd = header.offset;
  const contentType = header.uint8();
  if (version === 1 && (header.uint32() !== 0 || header.uint8() !== IV_LENGTH)) throw notAuthentic();
  const frameLength = header.uint32();
  requireContentType(contentType, frameLength);
  const commitment = suite.commits ? header.bytes(COMMIT_KEY_LENGTH) : NOTHING;
  const authenticatedEnd = header.offset;
  const iv = version === 1 ? header.bytes(IV_LENGTH) : HEADER_IV;
  const tag = header.bytes(TAG_LENGTH);
  // A copy: the caller may change its memory while KMS is asked, and what was checked must be what is authenticated.
  // Not by `slice`, which on a Buffer copies nothing.
  const own = new Uint8Array(message.subarray(0, header.offset));
  const owned = (view: Uint8Array): Uint8Array => {
    if (view === HEADER_IV || view === NOTHING) return view;
    const start = view.byteOffset - message.byteOffset;
    return own.subarray(start, start + view.length);
  };
  return {
    suite,
    messageId: owned(messageId),
    context,
    encryptedDataKeys: encryptedDataKeys.map(({ providerId, providerInfo, ciphertext }) => ({
      providerId,
      providerInfo: owned(providerInfo),
      ciphertext: owned(ciphertext),
    })),
    framed: contentType === FRAMED,
    frameLength,
    commitment: owned(commitment),
    authenticated: own.subarray(0, authenticatedEnd),
    sharedSection: own.subarray(sectionStart, sectionEnd),
    iv: owned(iv),
    tag: owned(tag),
    unstored: NOTHING,
    bytes: own,
    length: own.length,
  };
}

/**
 * The header of a message that is bound to further names and values, which are not stored in it (specification,
 * framework/required-encryption-context-cmm.md). The wrapping key authenticates the whole context, the header's tag
 * what is not stored.
 */
export function bindUnstored(header: Header, unstored: EncryptionContext): Header {
  const bytes = serializeContext(unstored);
  if (bytes.length === 0) return header;
  return {
    ...header,
    context: contextOf([...Object.entries(header.context), ...Object.entries(unstored)]),
    sharedSection: Buffer.concat([header.sharedSection, bytes]),
    unstored: bytes,
  };
}

/**
 * Checks the tag over the header's bytes.
 * @throws EnvelopeError `NOT_AUTHENTIC`
 */
export function verifyHeader(header: Header, encryptionKey: KeyObject): void {
  const { suite, iv, authenticated, unstored, tag } = header;
  try {
    const decipher = createDecipheriv(suite.cipher, encryptionKey, iv, { authTagLength: TAG_LENGTH });
    decipher.setAAD(unstored.length === 0 ? authenticated : Buffer.concat([authenticated, unstored]));
    decipher.setAuthTag(tag).final();
  } catch {
    throw notAuthentic();
  }
}

/** The part of a header that all messages under one data key share: serialized context and wrapped data keys. */
export function serializeSharedSection(
  serializedContext: Uint8Array,
  encryptedDataKeys: readonly EncryptedDataKey[],
): Uint8Array {
  const fields = encryptedDataKeys.map(
    (key) => [Buffer.from(key.providerId, 'utf8'), key.providerInfo, key.ciphertext] as const,
  );
  const length = fields.flat().reduce((sum, field) => sum + 2 + field.length, 2 + serializedContext.length + 2);
  const writer = newWriter(length);
  writer.field(serializedContext);
  writer.uint16(fields.length);
  for (const field of fields.flat()) writer.field(field);
  return writer.output;
}

/** What {@link writeHeader} writes. */
export interface HeaderFields {
  readonly suite: Suite;
  readonly messageId: Uint8Array;
  /** From {@link serializeSharedSection}. */
  readonly sharedSection: Uint8Array;
  readonly frameLength: number;
  readonly commitKey: Uint8Array;
}

/** Bytes of the header that {@link writeHeader} writes. */
export function headerLength(sharedSection: Uint8Array): number {
  return BEFORE_SECTION + sharedSection.length + AFTER_SECTION + TAG_LENGTH;
}

/** Writes a header and its tag at the beginning of `output`. */
export function writeHeader(output: Uint8Array, fields: HeaderFields, encryptionKey: KeyObject): void {
  const { suite, messageId, sharedSection, frameLength, commitKey } = fields;
  const writer = writerOf(output);
  writer.uint8(VERSION);
  writer.uint16(suite.id);
  writer.bytes(messageId);
  writer.bytes(sharedSection);
  writer.uint8(FRAMED);
  writer.uint32(frameLength);
  writer.bytes(commitKey);
  const cipher = createCipheriv(suite.cipher, encryptionKey, HEADER_IV, { authTagLength: TAG_LENGTH });
  cipher.setAAD(output.subarray(0, writer.offset));
  cipher.final();
  writer.bytes(cipher.getAuthTag());
}

/**
 * The format version that the input begins with.
 * @throws EnvelopeError `NOT_A_MESSAGE`
 */
export function versionOf(message: Uint8Array): 1 | 2 {
  const [version, second] = message;
  if (version === VERSION) return 2;
  if (version === 1 && second === TYPE) return 1;
  // Base64 text of version 1 begins `AY`, of version 2 `Ag`.
  if (version === 0x41 && (second === 0x59 || second === 0x67)) {
    throw new EnvelopeError(
      'NOT_A_MESSAGE',
      'the bytes are the base64 text of a message; pass the text as a string, or decode it first',
    );
  }
  throw new EnvelopeError('NOT_A_MESSAGE', 'the input does not begin as an AWS Encryption SDK message does');
}

function requireContentType(contentType: number, frameLength: number): void {
  const sound = contentType === FRAMED ? frameLength > 0 : contentType === NON_FRAMED && frameLength === 0;
  if (!sound) throw notAuthentic();
}

function readEncryptedDataKeys(header: Reader, limit: number): EncryptedDataKey[] {
  const count = header.uint16();
  if (count === 0) throw notAuthentic();
  if (count > limit) {
    throw new EnvelopeError(
      'LIMIT',
      `the message lists ${count} encrypted data keys; maxEncryptedDataKeys allows ${limit}`,
    );
  }
  // A field of zero length is unsettled in the specification: read it, never write it.
  return Array.from({ length: count }, () => ({
    providerId: header.text(),
    providerInfo: header.field(),
    ciphertext: header.field(),
  }));
}
