import { type KeyObject, randomFillSync } from 'node:crypto';
import { contextOf, type EncryptionContext, PUBLIC_KEY_NAME, serializeContext } from './context.ts';
import { framesLength, writeFrames } from './frames.ts';
import { headerLength, MESSAGE_ID_LENGTH, serializeSharedSection, writeHeader } from './header.ts';
import { type DataKey, deriveKeys, holdDataKey } from './keys.ts';
import { FOOTER_LENGTH, footerOf, newSigningKey, signatureOf } from './signature.ts';
import type { Suite } from './suites.ts';
import type { DataKeyWrapping } from './wrapping.ts';

/** What messages under one data key have in common. */
export interface EncryptionMaterials {
  readonly suite: Suite;
  readonly dataKey: DataKey;
  /** The header's context and wrapped data keys. */
  readonly sharedSection: Uint8Array;
  /** The key that signs; `undefined` for unsigned suites. */
  readonly signingKey?: KeyObject | undefined;
}

/**
 * Makes a new data key and wraps it; for a signed suite a signing key too, whose public half joins the context.
 * @throws EnvelopeError as the wrapping does; `LIMIT` and `CONTEXT_INVALID` for what does not fit into a header
 */
export async function newEncryptionMaterials(
  wrapping: DataKeyWrapping,
  suite: Suite,
  context: EncryptionContext,
  signal?: AbortSignal,
): Promise<EncryptionMaterials> {
  const signing = suite.signature === 'none' ? undefined : newSigningKey();
  const whole =
    signing === undefined ? context : contextOf([...Object.entries(context), [PUBLIC_KEY_NAME, signing.publicKeyText]]);
  // Before KMS is called: a context that does not fit into a header is refused.
  const serialized = serializeContext(whole);
  const wrapped = await wrapping.wrapDataKey({ context: whole, dataKeyLength: suite.keyLength, signal });
  const dataKey = holdDataKey(wrapped.dataKey, suite);
  try {
    const sharedSection = serializeSharedSection(serialized, wrapped.encryptedDataKeys);
    return { suite, dataKey, sharedSection, signingKey: signing?.privateKey };
  } catch (error) {
    dataKey.wipe();
    throw error;
  }
}

/** The header of a new message, written, and the key of its frames. */
export interface BegunMessage {
  readonly messageId: Uint8Array;
  readonly encryptionKey: KeyObject;
}

/** Begins a message: writes its header to the beginning of `output`. */
export function beginMessage(materials: EncryptionMaterials, frameLength: number, output: Uint8Array): BegunMessage {
  const { suite, dataKey, sharedSection } = materials;
  // Fresh randomness for every message and no pool of it: a copy of a pool, in a restored snapshot of the process,
  // would repeat message ids, and with a cached data key repeat keys and IVs.
  const messageId = randomFillSync(new Uint8Array(MESSAGE_ID_LENGTH));
  const { encryptionKey, commitKey } = deriveKeys(suite, dataKey, messageId);
  writeHeader(output, { suite, messageId, sharedSection, frameLength, commitKey }, encryptionKey);
  return { messageId, encryptionKey };
}

/** Bytes of the footer: the signature of signed suites. */
export function footerLength(suite: Suite): number {
  return suite.signature === 'none' ? 0 : FOOTER_LENGTH;
}

/**
 * Writes one message: AWS Encryption SDK specification, client-apis/encrypt.md. The answer shares no memory with
 * anything.
 * @throws EnvelopeError `LIMIT` when the plaintext needs more frames than a message can have
 */
export function encryptMessage(materials: EncryptionMaterials, plaintext: Uint8Array, frameLength: number): Uint8Array {
  const { suite, sharedSection, signingKey } = materials;
  const bodyAt = headerLength(sharedSection);
  const bodyEnd = bodyAt + framesLength(plaintext.length, frameLength);
  const output = new Uint8Array(bodyEnd + footerLength(suite));
  const { messageId, encryptionKey } = beginMessage(materials, frameLength, output);
  writeFrames(output, bodyAt, plaintext, frameLength, suite, messageId, encryptionKey);
  if (signingKey !== undefined) {
    const signed = output.subarray(0, bodyEnd);
    output.set(footerOf(withoutEnd(() => signatureOf(signingKey, signed))), bodyEnd);
  }
  return output;
}

/** The content is at hand, so that it can be signed until the footer has its length: nearly always the first time. */
function* withoutEnd<T>(item: T): Generator<T> {
  for (;;) yield item;
}
