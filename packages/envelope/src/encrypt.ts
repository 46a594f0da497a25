import { memoryFor, plain } from './bytes.ts';
import { contextOf, PUBLIC_KEY_NAME, serializeContext } from './context.ts';
import { type DataKey, holdDataKey } from './data-key.ts';
import { fail } from './errors.ts';
import { framesLength, writeFrames } from './frames.ts';
import type { GcmKey } from './gcm.ts';
import { headerLength, serializeSharedSection, writeHeader, writeMessageId } from './header.ts';
import { deriveKeys, encryptionKeyLabel } from './keys.ts';
import type { Signing, SigningKey, Suite } from './suite.ts';
import type { DataKeyWrapping, WrapRequest } from './wrapping.ts';

/** What messages under one data key have in common. */
export interface EncryptionMaterials {
  readonly suite: Suite;
  readonly dataKey: DataKey;
  /** The header's context and wrapped data keys. */
  readonly sharedSection: Uint8Array;
  /** What the suite expands the encryption key with. */
  readonly keyLabel: string;
  /** What signs, and how long the footer becomes; `undefined` for unsigned suites. */
  readonly signed?: { readonly key: SigningKey; readonly footerLength: number } | undefined;
}

/**
 * Makes a new data key and wraps it; for a signed suite a signing key too, whose public half joins the context.
 * @throws EnvelopeError as the wrapping does; `LIMIT` and `CONTEXT_INVALID` for what does not fit into a header; `KMS_ANSWER`
 * for a data key of another length, or of zeros
 */
export async function newEncryptionMaterials(
  wrapping: DataKeyWrapping,
  suite: Suite,
  signing: Signing | undefined,
  request: Pick<WrapRequest, 'context' | 'signal' | 'monitor'>,
): Promise<EncryptionMaterials> {
  const signed = signing && { key: signing.newKey(), footerLength: signing.footerLength };
  const whole =
    signed === undefined
      ? request.context
      : contextOf([...Object.entries(request.context), [PUBLIC_KEY_NAME, signed.key.publicKeyText]]);
  // Before KMS is called: a context that does not fit into a header is refused.
  const serialized = serializeContext(whole);
  const { signal, monitor } = request;
  const wrapped = await wrapping.wrapDataKey({ context: whole, signal, monitor, dataKeyLength: suite.keyLength });
  // What gives the same memory twice gives one that was wiped after the first time: zeros, which anybody could decrypt with.
  if (!wrapped.dataKey.some(Boolean)) fail('KMS_ANSWER', 'the data key is all zeros, like one that was wiped before');
  const dataKey = holdDataKey(wrapped.dataKey, suite.keyLength);
  try {
    const sharedSection = serializeSharedSection(serialized, wrapped.encryptedDataKeys);
    return { suite, dataKey, sharedSection, keyLabel: encryptionKeyLabel(suite.id), signed };
  } catch (error) {
    dataKey.wipe();
    throw error;
  }
}

/**
 * Begins a message: writes its header to the beginning of `output`.
 * @returns what its frames are written with; the message id is a part of `output`
 */
export function beginMessage(
  materials: EncryptionMaterials,
  frameLength: number,
  output: Buffer,
): { key: GcmKey; messageId: Uint8Array } {
  const { suite, dataKey, sharedSection, keyLabel } = materials;
  const messageId = writeMessageId(output);
  const { encryptionKey, commitKey } = deriveKeys(keyLabel, dataKey, messageId);
  const key = { cipher: suite.cipher, key: encryptionKey };
  writeHeader(output, suite, sharedSection, frameLength, commitKey, key);
  return { key, messageId };
}

/**
 * Writes one message: AWS Encryption SDK specification, client-apis/encrypt.md.
 * @param into - memory that is written to from its beginning; without it, the answer shares no memory with anything
 * @throws EnvelopeError `LIMIT` when the plaintext needs more frames than a message can have, or the memory is too small
 */
export function encryptMessage(
  materials: EncryptionMaterials,
  plaintext: Uint8Array,
  frameLength: number,
  into?: Uint8Array,
): Uint8Array {
  const { sharedSection, signed } = materials;
  const bodyAt = headerLength(sharedSection);
  const bodyEnd = bodyAt + framesLength(plaintext.length, frameLength);
  const output = memoryFor(bodyEnd + (signed?.footerLength ?? 0), into);
  const { key, messageId } = beginMessage(materials, frameLength, output);
  writeFrames(output, bodyAt, plaintext, frameLength, key, messageId);
  if (signed !== undefined) output.set(signed.key.footerOf(output.subarray(0, bodyEnd)), bodyEnd);
  return plain(output);
}
