import { createDecipheriv, type KeyObject } from 'node:crypto';
import { readerOf } from './bytes.ts';
import { notAuthentic } from './errors.ts';
import { IV_LENGTH, type Suite, TAG_LENGTH } from './suites.ts';

/*
 * A body without frames (specification, data-format/message-body.md, nonframed data), which old writers made and
 * nobody writes any more:
 *   IV 12 | length u64 | ciphertext | tag 16
 */
const BEFORE_CONTENT = IV_LENGTH + 8;
const LABEL = Buffer.from('AWSKMSEncryptionClient Single Block');

/** Most bytes that one AES-GCM call may encrypt. */
const MAX_CONTENT = 2 ** 36 - 32;

/** Where the content of a body without frames is. */
export interface NonFramedPlan {
  readonly contentLength: number;
  /** Bytes of the whole body. */
  readonly length: number;
}

/**
 * The size of a body without frames, as its beginning claims it.
 * @throws EnvelopeError `NOT_AUTHENTIC` when it claims more than there can be, or the beginning is not complete
 */
export function nonFramedPlan(body: Uint8Array): NonFramedPlan {
  const reader = readerOf(body);
  reader.bytes(IV_LENGTH);
  const contentLength = reader.uint32() * 2 ** 32 + reader.uint32();
  if (contentLength > MAX_CONTENT) throw notAuthentic();
  return { contentLength, length: BEFORE_CONTENT + contentLength + TAG_LENGTH };
}

/**
 * Finds the content of a body without frames. Its length is held against the bytes that are really there.
 * @throws EnvelopeError `NOT_AUTHENTIC`
 */
export function planNonFramed(body: Uint8Array): NonFramedPlan {
  const plan = nonFramedPlan(body);
  if (plan.length > body.length) throw notAuthentic();
  return plan;
}

/**
 * Decrypts a body without frames.
 * @throws EnvelopeError `NOT_AUTHENTIC`
 */
export function readNonFramed(
  body: Uint8Array,
  { contentLength }: NonFramedPlan,
  suite: Suite,
  messageId: Uint8Array,
  encryptionKey: KeyObject,
): Uint8Array {
  const end = BEFORE_CONTENT + contentLength;
  const aad = nonFramedAad(messageId, body.subarray(IV_LENGTH, BEFORE_CONTENT));
  const iv = body.subarray(0, IV_LENGTH);
  const output = new Uint8Array(contentLength);
  try {
    const decipher = createDecipheriv(suite.cipher, encryptionKey, iv, { authTagLength: TAG_LENGTH });
    decipher.setAAD(aad).setAuthTag(body.subarray(end, end + TAG_LENGTH));
    output.set(decipher.update(body.subarray(BEFORE_CONTENT, end)));
    decipher.final();
  } catch {
    output.fill(0);
    throw notAuthentic();
  }
  return output;
}

/**
 * The associated data of a body without frames.
 * @param length - the eight bytes of its length
 */
export function nonFramedAad(messageId: Uint8Array, length: Uint8Array): Uint8Array {
  return Buffer.concat([messageId, LABEL, Buffer.from([0, 0, 0, 1]), length]);
}
