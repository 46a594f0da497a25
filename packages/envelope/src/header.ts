import { randomFillSync } from 'node:crypto';
import { Reader } from './bytes.ts';
import { UNSIGNED_SUITE } from './committing.ts';
import { type EncryptionContext, PUBLIC_KEY_NAME, readContext } from './context.ts';
import { fail, notAuthentic } from './errors.ts';
import { type GcmKey, open, seal } from './gcm.ts';
import { COMMIT_KEY_LENGTH, IV_LENGTH, type Suite, type Suites, suiteLabel, TAG_LENGTH } from './suite.ts';
import type { EncryptedDataKey } from './wrapping.ts';

/** The header of a message, version 1 or 2: AWS Encryption SDK specification, data-format/message-header.md. */
export interface Header {
  readonly suite: Suite;
  readonly messageId: Uint8Array;
  readonly context: EncryptionContext;
  /** Whether the body is divided into frames, or one block. */
  readonly framed: boolean;
  /** Plaintext bytes of every frame but the last; 0 where there are no frames. */
  readonly frameLength: number;
  /** The commit key that the message was written with; empty where the suite does not commit. */
  readonly commitment: Uint8Array;
  /** The bytes that the tag authenticates. */
  readonly authenticated: Uint8Array;
  /** Bytes that name context and wrapped data keys: messages that share them share a data key. */
  readonly sharedSection: Uint8Array;
  readonly iv: Uint8Array;
  readonly tag: Uint8Array;
  /** The whole header as it was read, after which the body begins. */
  readonly bytes: Uint8Array;
}

/** The message id of version 2, after version and suite. */
const MESSAGE_ID_AT = 1 + 2;
const MESSAGE_ID_LENGTH = 32;

const VERSION = 2;
/** Version 1 begins with its type, customer authenticated encrypted data, and has no other. */
const TYPE = 0x80;
const FRAMED = 2;
const NON_FRAMED = 1;
/** Version, suite and message id. */
const BEFORE_SECTION = MESSAGE_ID_AT + MESSAGE_ID_LENGTH;
/** Content type, frame length and commit key. */
const AFTER_SECTION = 1 + 4 + COMMIT_KEY_LENGTH;
/** Zeros: frames count from 1, so that no frame uses this IV. */
const HEADER_IV = new Uint8Array(IV_LENGTH);

/**
 * Reads a header. Nothing of it is authentic before {@link verifyHeader} has said so, so nothing here allocates what a
 * length in it claims. The wrapped data keys are walked over only: a data key that is cached needs none of them.
 * @throws EnvelopeError `NOT_A_MESSAGE` or `UNSUPPORTED_MESSAGE` for other input, `LIMIT` when it lists more wrapped
 * data keys than allowed, `NOT_AUTHENTIC` for everything malformed
 */
export function parseHeader(message: Uint8Array, maxEncryptedDataKeys: number, suites: Suites): Header {
  const version = versionOf(message);
  const reader = new Reader(message, version === 1 ? 2 : 1);
  const suite = suiteOf(reader.uint(2), version, suites);
  const idAt = reader.skip(suite.messageIdLength);
  const sectionAt = reader.offset;
  reader.field();
  skipEncryptedDataKeys(reader, maxEncryptedDataKeys);
  const sectionEnd = reader.offset;
  const contentType = reader.uint(1);
  if (version === 1 && (reader.uint(4) !== 0 || reader.uint(1) !== IV_LENGTH)) throw notAuthentic();
  const frameLength = reader.uint(4);
  if (contentType === FRAMED ? frameLength === 0 : contentType !== NON_FRAMED || frameLength > 0) throw notAuthentic();
  const commitmentAt = reader.skip(suite.commits ? COMMIT_KEY_LENGTH : 0);
  const authenticatedEnd = reader.offset;
  const ivAt = reader.skip(version === 1 ? IV_LENGTH : 0);
  const tagAt = reader.skip(TAG_LENGTH);
  // A copy: the caller may change its memory while KMS is asked, and what was checked must be what is authenticated.
  // Not by `slice`, which on a Buffer copies nothing.
  const bytes = pooledCopy(message, reader.offset);
  const sharedSection = bytes.subarray(sectionAt, sectionEnd);
  const context = readContext(new Reader(sharedSection).field());
  // A signed suite and the entry come only together: without a signature it would claim what nothing backs.
  if ((suite.verifierOf !== undefined) !== PUBLIC_KEY_NAME in context) throw notAuthentic();
  return {
    suite,
    messageId: bytes.subarray(idAt, sectionAt),
    context,
    framed: contentType === FRAMED,
    frameLength,
    commitment: bytes.subarray(commitmentAt, authenticatedEnd),
    authenticated: bytes.subarray(0, authenticatedEnd),
    sharedSection,
    iv: version === 1 ? bytes.subarray(ivAt, tagAt) : HEADER_IV,
    tag: bytes.subarray(tagAt),
    bytes,
  };
}

/**
 * The wrapped data keys of a header.
 * @throws EnvelopeError `NOT_AUTHENTIC` when one of their names is not UTF-8
 */
export function encryptedDataKeysOf({ sharedSection }: Pick<Header, 'sharedSection'>): EncryptedDataKey[] {
  const reader = new Reader(sharedSection);
  reader.field();
  const encryptedDataKeys: EncryptedDataKey[] = [];
  // A field of zero length is unsettled in the specification: read it, never write it.
  for (let count = reader.uint(2); count > 0; count -= 1) {
    encryptedDataKeys.push({ providerId: reader.text(), providerInfo: reader.field(), ciphertext: reader.field() });
  }
  return encryptedDataKeys;
}

/**
 * Checks the tag over the header's bytes.
 * @throws EnvelopeError `NOT_AUTHENTIC`
 */
export function verifyHeader({ iv, authenticated, tag }: Header, key: GcmKey): void {
  try {
    open(key, iv, authenticated, tag);
  } catch {
    throw notAuthentic();
  }
}

/**
 * The part of a header that all messages under one data key share: serialized context and wrapped data keys.
 * @throws EnvelopeError `LIMIT` when a field does not fit into its 16-bit length, or there are too many wrapped data keys, or
 * none, so that nobody could ever read the message
 */
export function serializeSharedSection(
  serializedContext: Uint8Array,
  encryptedDataKeys: readonly EncryptedDataKey[],
): Uint8Array {
  const { length } = encryptedDataKeys;
  if (length < 1 || length > 0xffff) fail('LIMIT', `${length} wrapped data keys; a header has 1 to 65535`);
  const fields = [serializedContext];
  for (const { providerId, providerInfo, ciphertext } of encryptedDataKeys) {
    fields.push(Buffer.from(providerId), providerInfo, ciphertext);
  }
  const output = Buffer.allocUnsafe(fields.reduce((sum, field) => sum + 2 + field.length, 2));
  let at = 0;
  for (const field of fields) {
    if (field.length > 0xffff) {
      fail('LIMIT', `a field of ${field.length} bytes does not fit into a header; at most 65535`);
    }
    output.set(field, output.writeUInt16BE(field.length, at));
    at += 2 + field.length;
    // The context stands alone; how many wrapped data keys follow stands behind it.
    if (field === serializedContext) at = output.writeUInt16BE(length, at);
  }
  return output;
}

/** Bytes of the header that {@link writeHeader} writes. */
export function headerLength(sharedSection: Uint8Array): number {
  return BEFORE_SECTION + sharedSection.length + AFTER_SECTION + TAG_LENGTH;
}

/**
 * Puts a new message id where it belongs in the header at the beginning of `output`. Fresh randomness for every message
 * and no pool of it: a copy of a pool, in a restored snapshot of the process, would repeat message ids, and with a
 * cached data key repeat keys and IVs.
 * @returns the message id, as a part of `output`
 */
export function writeMessageId(output: Buffer): Uint8Array {
  randomFillSync(output, MESSAGE_ID_AT, MESSAGE_ID_LENGTH);
  return output.subarray(MESSAGE_ID_AT, MESSAGE_ID_AT + MESSAGE_ID_LENGTH);
}

/**
 * Writes a header and its tag at the beginning of `output`, around the message id that {@link writeMessageId} put there.
 * @param sharedSection - from {@link serializeSharedSection}
 */
export function writeHeader(
  output: Buffer,
  suite: Suite,
  sharedSection: Uint8Array,
  frameLength: number,
  commitKey: Uint8Array,
  key: GcmKey,
): void {
  output.writeUInt16BE(suite.id, output.writeUInt8(VERSION));
  output.set(sharedSection, BEFORE_SECTION);
  const at = output.writeUInt8(FRAMED, BEFORE_SECTION + sharedSection.length);
  output.set(commitKey, output.writeUInt32BE(frameLength, at));
  const end = at + AFTER_SECTION - 1;
  seal(key, HEADER_IV, output.subarray(0, end), output, end);
}

/** A copy of the beginning of a message, in memory of Node's pool: a header is not secret. */
function pooledCopy(message: Uint8Array, length: number): Uint8Array {
  const { buffer, byteOffset } = Buffer.allocUnsafe(length);
  const copy = new Uint8Array(buffer, byteOffset, length);
  copy.set(message.subarray(0, length));
  return copy;
}

/**
 * The format version that the input begins with.
 * @throws EnvelopeError `NOT_A_MESSAGE`
 */
export function versionOf([version, second]: Uint8Array): 1 | 2 {
  if (version === VERSION) return 2;
  if (version === 1 && second === TYPE) return 1;
  // Base64 text of version 1 begins `AY`, of version 2 `Ag`.
  const base64 = version === 0x41 && (second === 0x59 || second === 0x67);
  return fail(
    'NOT_A_MESSAGE',
    base64 ? 'the bytes are base64 text; pass a string, or decode it first' : 'this is no AWS Encryption SDK message',
  );
}

/**
 * The suite with this id.
 * @throws EnvelopeError `UNSUPPORTED_MESSAGE` when it is none of those that are read
 */
export function suiteOf(id: number, messageVersion: 1 | 2, suites: Suites): Suite {
  const suite = suites.get(id);
  if (suite?.messageVersion === messageVersion) return suite;
  const kind = messageVersion === 1 ? 'nonCommittingMessages' : 'signedMessages';
  // Unsigned messages are always read, unless only signed ones are.
  const reason = suites.has(UNSIGNED_SUITE.id)
    ? `needs reads: [${kind}]`
    : 'is none of the signed ones that are read; requireSignature is set';
  return fail('UNSUPPORTED_MESSAGE', `algorithm suite ${suiteLabel(id)} ${reason}`);
}

function skipEncryptedDataKeys(reader: Reader, limit: number): void {
  const count = reader.uint(2);
  if (count === 0) throw notAuthentic();
  if (count > limit) {
    fail('LIMIT', `${count} encrypted data keys; maxEncryptedDataKeys allows ${limit}`);
  }
  for (let fields = count * 3; fields > 0; fields -= 1) reader.skip(reader.uint(2));
}
