import type { DecipherGCM } from 'node:crypto';
import { memoryFor, plain, Reader } from './bytes.ts';
import { notAuthentic } from './errors.ts';
import { type GcmKey, opening } from './gcm.ts';
import { IV_LENGTH, TAG_LENGTH } from './suite.ts';

/*
 * A body without frames (specification, data-format/message-body.md, nonframed data), which nobody has to write any more:
 *   IV 12 | length u64 | ciphertext | tag 16
 */
/** Bytes before the content. */
export const NON_FRAMED_START = IV_LENGTH + 8;
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
  const reader = new Reader(body, IV_LENGTH);
  const contentLength = reader.uint(4) * 2 ** 32 + reader.uint(4);
  if (contentLength > MAX_CONTENT) throw notAuthentic();
  return { contentLength, length: NON_FRAMED_START + contentLength + TAG_LENGTH };
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
 * Begins the decryption of a body without frames.
 * @param start - its first {@link NON_FRAMED_START} bytes
 */
export function nonFramedDecipher(start: Uint8Array, key: GcmKey, messageId: Uint8Array): DecipherGCM {
  const length = start.subarray(IV_LENGTH, NON_FRAMED_START);
  return opening(key, start.subarray(0, IV_LENGTH), Buffer.concat([messageId, LABEL, Buffer.of(0, 0, 0, 1), length]));
}

/**
 * Decrypts a body without frames.
 * @param requireEnd - as for `NonFramedReader`
 * @param into - memory for the content; default: memory of its own
 * @throws EnvelopeError `NOT_AUTHENTIC`
 */
export function readNonFramed(
  body: Uint8Array,
  key: GcmKey,
  messageId: Uint8Array,
  requireEnd: (bodyLength: number) => void,
  into?: Uint8Array,
): Uint8Array {
  const { contentLength, length } = planNonFramed(body);
  requireEnd(length);
  const end = NON_FRAMED_START + contentLength;
  const output = memoryFor(contentLength, into);
  try {
    const decipher = nonFramedDecipher(body, key, messageId).setAuthTag(body.subarray(end, end + TAG_LENGTH));
    const plaintext = decipher.update(body.subarray(NON_FRAMED_START, end));
    output.set(plaintext);
    plaintext.fill(0);
    decipher.final();
  } catch {
    output.fill(0);
    throw notAuthentic();
  }
  return plain(output);
}
