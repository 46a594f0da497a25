import { readFrames } from './frames.ts';
import { type Header, verifyHeader } from './header.ts';
import { type DataKey, verifiedEncryptionKey } from './keys.ts';

/**
 * Opens a message whose header was parsed and whose data key was unwrapped: commitment, header, every frame, end of
 * input, in this order (AWS Encryption SDK specification, client-apis/decrypt.md). Nothing is released before all of
 * it holds, and the answer shares no memory with anything.
 * @throws EnvelopeError `NOT_AUTHENTIC`
 */
export function decryptMessage(header: Header, dataKey: DataKey, message: Uint8Array): Uint8Array {
  const encryptionKey = verifiedEncryptionKey(header.suite, dataKey, header.messageId, header.commitment);
  verifyHeader(header, encryptionKey);
  return readFrames(message.subarray(header.length), header.frameLength, header.messageId, encryptionKey);
}
