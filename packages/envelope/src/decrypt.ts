import { memoryFor, plain } from './bytes.ts';
import { type DataKey, holdDataKey } from './data-key.ts';
import { notAuthentic } from './errors.ts';
import type { NonFramedReader } from './formats.ts';
import { contentLengthOf, planFrames, readFrames } from './frames.ts';
import type { GcmKey } from './gcm.ts';
import { encryptedDataKeysOf, type Header, verifyHeader } from './header.ts';
import type { Verifier } from './suite.ts';
import type { DataKeyWrapping, UnwrapRequest } from './wrapping.ts';

/** What messages with the same context and wrapped data keys have in common. */
export interface DecryptionMaterials {
  readonly dataKey: DataKey;
  /** What verifies the signature; `undefined` for unsigned suites. */
  readonly verifier: Verifier | undefined;
}

/**
 * Unwraps the data key of a message.
 * @throws EnvelopeError as the wrapping does; `NOT_AUTHENTIC` when the header names no sound public key
 */
export async function unwrapMaterials(
  wrapping: DataKeyWrapping,
  header: Header,
  { signal, monitor }: Pick<UnwrapRequest, 'signal' | 'monitor'>,
): Promise<DecryptionMaterials> {
  const { suite, context } = header;
  const encryptedDataKeys = encryptedDataKeysOf(header);
  const verifier = suite.verifierOf?.(context);
  const request = { encryptedDataKeys, context, signal, monitor, dataKeyLength: suite.keyLength };
  const dataKey = await wrapping.unwrapDataKey(request);
  return { dataKey: holdDataKey(dataKey, suite.keyLength), verifier };
}

/**
 * The key that opens the body, once commitment and header are verified.
 * @throws EnvelopeError `NOT_AUTHENTIC`
 */
export function bodyKey(header: Header, dataKey: DataKey): GcmKey {
  const { suite, messageId, commitment } = header;
  const key = { cipher: suite.cipher, key: suite.openingKey(dataKey, messageId, commitment) };
  verifyHeader(header, key);
  return key;
}

/**
 * Opens a message whose header was parsed and whose data key was unwrapped: commitment, header, signature, body, end
 * of input, in this order (AWS Encryption SDK specification, client-apis/decrypt.md). Nothing is released before all
 * of it holds.
 * @param into - memory that is written to from its beginning; without it, the answer shares no memory with anything
 * @throws EnvelopeError `NOT_AUTHENTIC`
 */
export function decryptMessage(
  header: Header,
  { dataKey, verifier }: DecryptionMaterials,
  message: Uint8Array,
  readNonFramed: NonFramedReader | undefined,
  into?: Uint8Array,
): Uint8Array {
  const { messageId, frameLength } = header;
  const { length } = header.bytes;
  const key = bodyKey(header, dataKey);
  const body = message.subarray(length);
  /** Nothing follows the body but, in signed messages, the signature of everything before it. */
  const requireEnd = (bodyLength: number): void => {
    const end = length + bodyLength;
    // Signed was the header as it was checked: what the caller's memory has there now may be another one.
    if (verifier !== undefined) verifier.verify([header.bytes, message.subarray(length, end)], message.subarray(end));
    else if (end !== message.length) throw notAuthentic();
  };
  if (!header.framed && readNonFramed !== undefined) return readNonFramed(body, key, messageId, requireEnd, into);
  const plan = planFrames(body, frameLength);
  requireEnd(plan.length);
  // One frame needs no memory but what the cipher gives.
  const one = into === undefined && plan.regular === 0;
  const output = one ? undefined : memoryFor(contentLengthOf(plan, frameLength), into);
  return plain(readFrames(body, plan, frameLength, key, messageId, output));
}
