import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { newWriter, type Reader, readerOf, writerOf } from './bytes.ts';
import { type EncryptionContext, readContext } from './context.ts';
import { EnvelopeError, notAuthentic } from './errors.ts';
import { COMMIT_KEY_LENGTH } from './keys.ts';
import { IV_LENGTH, type Suite, suiteLabel, suiteOf, TAG_LENGTH } from './suites.ts';
import type { EncryptedDataKey } from './wrapping.ts';

/** The header of a message, version 2: AWS Encryption SDK specification, data-format/message-header.md. */
export interface Header {
  readonly suite: Suite;
  readonly messageId: Uint8Array;
  readonly context: EncryptionContext;
  readonly encryptedDataKeys: readonly EncryptedDataKey[];
  /** Plaintext bytes of every frame but the last. */
  readonly frameLength: number;
  /** The commit key that the message was written with. */
  readonly commitment: Uint8Array;
  /** The bytes that the tag authenticates, as they were read. */
  readonly authenticated: Uint8Array;
  /** Those of them that name context and wrapped data keys: messages that share them share a data key. */
  readonly sharedSection: Uint8Array;
  readonly tag: Uint8Array;
  /** Bytes of the whole header, after which the frames begin. */
  readonly length: number;
}

/** Bytes of the message id in version 2. */
export const MESSAGE_ID_LENGTH = 32;

const VERSION = 2;
const FRAMED = 2;
const NON_FRAMED = 1;
/** Version, suite and message id. */
const BEFORE_SECTION = 1 + 2 + MESSAGE_ID_LENGTH;
/** Content type, frame length and commit key. */
const AFTER_SECTION = 1 + 4 + COMMIT_KEY_LENGTH;
/** Zeros: frames count from 1, so that no frame uses this IV. */
const HEADER_IV = new Uint8Array(IV_LENGTH);

/**
 * Reads a header. Nothing of it is authentic before {@link verifyHeader} has said so, so nothing here allocates what a
 * length in it claims.
 * @throws EnvelopeError `NOT_A_MESSAGE` or `UNSUPPORTED_MESSAGE` for other input, `LIMIT` when it lists more wrapped
 * data keys than allowed, `NOT_AUTHENTIC` for everything malformed
 */
export function parseHeader(message: Uint8Array, maxEncryptedDataKeys: number): Header {
  requireVersion(message);
  const header = readerOf(message);
  header.uint8();
  const suite = suiteOf(header.uint16(), VERSION);
  const messageId = header.bytes(MESSAGE_ID_LENGTH);
  const context = readContext(header);
  const encryptedDataKeys = readEncryptedDataKeys(header, maxEncryptedDataKeys);
  const sectionEnd = header.offset;
  requireFramed(header.uint8());
  const frameLength = header.uint32();
  if (frameLength === 0) throw notAuthentic();
  const commitment = header.bytes(COMMIT_KEY_LENGTH);
  const authenticatedEnd = header.offset;
  const tag = header.bytes(TAG_LENGTH);
  // A copy: the caller may change its memory while KMS is asked, and what was checked must be what is authenticated.
  // Not by `slice`, which on a Buffer copies nothing.
  const own = new Uint8Array(message.subarray(0, header.offset));
  const owned = (view: Uint8Array): Uint8Array => {
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
    frameLength,
    commitment: owned(commitment),
    authenticated: own.subarray(0, authenticatedEnd),
    sharedSection: own.subarray(BEFORE_SECTION, sectionEnd),
    tag: owned(tag),
    length: own.length,
  };
}

/**
 * Checks the tag over the header's bytes.
 * @throws EnvelopeError `NOT_AUTHENTIC`
 */
export function verifyHeader(header: Header, encryptionKey: KeyObject): void {
  const decipher = createDecipheriv('aes-256-gcm', encryptionKey, HEADER_IV, { authTagLength: TAG_LENGTH });
  decipher.setAAD(header.authenticated).setAuthTag(header.tag);
  try {
    decipher.final();
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
  const cipher = createCipheriv('aes-256-gcm', encryptionKey, HEADER_IV, { authTagLength: TAG_LENGTH });
  cipher.setAAD(output.subarray(0, writer.offset));
  cipher.final();
  writer.bytes(cipher.getAuthTag());
}

function requireVersion(message: Uint8Array): void {
  const [version, second] = message;
  if (version === VERSION) return;
  // Version 1 begins 01 80. Base64 text of version 1 begins `AY`, of version 2 `Ag`.
  if (version === 1 && second === 0x80) {
    const suite = message.length < 4 ? '' : ` (algorithm suite ${suiteLabel(readerOf(message.subarray(2)).uint16())})`;
    throw new EnvelopeError(
      'UNSUPPORTED_MESSAGE',
      `message format version 1${suite} is not read here; supported: version 2`,
    );
  }
  if (version === 0x41 && (second === 0x59 || second === 0x67)) {
    throw new EnvelopeError(
      'NOT_A_MESSAGE',
      'the bytes are the base64 text of a message; pass the text as a string, or decode it first',
    );
  }
  throw new EnvelopeError('NOT_A_MESSAGE', 'the input does not begin as an AWS Encryption SDK message does');
}

function requireFramed(contentType: number): void {
  if (contentType === FRAMED) return;
  if (contentType !== NON_FRAMED) throw notAuthentic();
  throw new EnvelopeError('UNSUPPORTED_MESSAGE', 'the message is not framed; supported: framed messages');
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
