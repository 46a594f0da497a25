import { randomFillSync } from 'node:crypto';
import { framesLength, writeFrames } from './frames.ts';
import { headerLength, MESSAGE_ID_LENGTH, writeHeader } from './header.ts';
import { type DataKey, deriveKeys } from './keys.ts';
import type { Suite } from './suites.ts';

/** What messages under one data key have in common. */
export interface EncryptionMaterials {
  readonly suite: Suite;
  readonly dataKey: DataKey;
  /** The header's context and wrapped data keys. */
  readonly sharedSection: Uint8Array;
}

/**
 * Writes one message: AWS Encryption SDK specification, client-apis/encrypt.md. The answer shares no memory with
 * anything.
 * @throws EnvelopeError `LIMIT` when the plaintext needs more frames than a message can have
 */
export function encryptMessage(materials: EncryptionMaterials, plaintext: Uint8Array, frameLength: number): Uint8Array {
  const { suite, dataKey, sharedSection } = materials;
  const bodyAt = headerLength(sharedSection);
  const output = new Uint8Array(bodyAt + framesLength(plaintext.length, frameLength));
  // Fresh randomness for every message and no pool of it: a copy of a pool, in a restored snapshot of the process,
  // would repeat message ids, and with a cached data key repeat keys and IVs.
  const messageId = randomFillSync(new Uint8Array(MESSAGE_ID_LENGTH));
  const { encryptionKey, commitKey } = deriveKeys(suite, dataKey, messageId);
  writeHeader(output, { suite, messageId, sharedSection, frameLength, commitKey }, encryptionKey);
  writeFrames(output, bodyAt, plaintext, frameLength, messageId, encryptionKey);
  return output;
}
