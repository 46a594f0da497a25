import type { KeyObject } from 'node:crypto';
import { readerOf } from './bytes.ts';
import { notAuthentic } from './errors.ts';
import { planFrames, readFrames } from './frames.ts';
import { type Header, verifyHeader } from './header.ts';
import { type DataKey, holdDataKey, openingKey } from './keys.ts';
import { planNonFramed, readNonFramed } from './non-framed.ts';
import { isSignedBy, publicKeyOf, readFooter } from './signature.ts';
import type { DataKeyWrapping } from './wrapping.ts';

/** What messages with the same context and wrapped data keys have in common. */
export interface DecryptionMaterials {
  readonly dataKey: DataKey;
  /** The key that verifies the signature; `undefined` for unsigned suites. */
  readonly publicKey: KeyObject | undefined;
}

/**
 * Unwraps the data key of a message.
 * @throws EnvelopeError as the wrapping does; `NOT_AUTHENTIC` when the header names no sound public key
 */
export async function unwrapMaterials(
  wrapping: DataKeyWrapping,
  header: Header,
  signal?: AbortSignal,
): Promise<DecryptionMaterials> {
  const { suite, context, encryptedDataKeys } = header;
  const publicKey = publicKeyOf(suite, context);
  const request = { encryptedDataKeys, context, dataKeyLength: suite.keyLength, signal };
  const dataKey = await wrapping.unwrapDataKey(request);
  return { dataKey: holdDataKey(dataKey, suite), publicKey };
}

/**
 * The key that opens the body, once commitment and header are verified.
 * @throws EnvelopeError `NOT_AUTHENTIC`
 */
export function bodyKey(header: Header, dataKey: DataKey): KeyObject {
  const encryptionKey = openingKey(header.suite, dataKey, header.messageId, header.commitment);
  verifyHeader(header, encryptionKey);
  return encryptionKey;
}

/**
 * Opens a message whose header was parsed and whose data key was unwrapped: commitment, header, signature, body, end
 * of input, in this order (AWS Encryption SDK specification, client-apis/decrypt.md). Nothing is released before all
 * of it holds, and the answer shares no memory with anything.
 * @throws EnvelopeError `NOT_AUTHENTIC`
 */
export function decryptMessage(
  header: Header,
  dataKey: DataKey,
  message: Uint8Array,
  publicKey = publicKeyOf(header.suite, header.context),
): Uint8Array {
  const { suite, messageId, frameLength } = header;
  const encryptionKey = bodyKey(header, dataKey);
  const body = message.subarray(header.length);
  if (header.framed) {
    const plan = planFrames(body, frameLength);
    requireEnd(header, publicKey, message, plan.length);
    return readFrames(body, plan, frameLength, suite, messageId, encryptionKey);
  }
  const plan = planNonFramed(body);
  requireEnd(header, publicKey, message, plan.length);
  return readNonFramed(body, plan, suite, messageId, encryptionKey);
}

/** Nothing follows the body but, in signed messages, the signature of everything before it. */
function requireEnd(
  { suite, length }: Header,
  publicKey: KeyObject | undefined,
  message: Uint8Array,
  bodyLength: number,
): void {
  const end = length + bodyLength;
  if (publicKey === undefined) {
    if (end !== message.length) throw notAuthentic();
    return;
  }
  const signature = readFooter(readerOf(message.subarray(end)), suite);
  if (!isSignedBy(publicKey, suite, message.subarray(0, end), signature)) throw notAuthentic();
}
