import type { CipherGCMTypes, KeyObject } from 'node:crypto';
import type { EncryptionContext } from './context.ts';
import type { DataKey } from './data-key.ts';

/** Bytes of an AES-GCM IV, in every suite. */
export const IV_LENGTH = 12;
/** Bytes of an AES-GCM tag, in every suite. */
export const TAG_LENGTH = 16;
/** Bytes of the commit key, in every suite that has one. */
export const COMMIT_KEY_LENGTH = 32;

/**
 * One algorithm suite of the message format: AWS Encryption SDK specification, framework/algorithm-suites.md. All of
 * them encrypt with AES-GCM. What a suite does beyond that comes with it, so that a program holds the code of those
 * suites only that it reads or writes.
 */
export interface Suite {
  /** The two bytes that name the suite in a message. */
  readonly id: number;
  /** The specification's name. */
  readonly name: string;
  /** Message format version that the suite is written in. */
  readonly messageVersion: 1 | 2;
  /** Bytes of the data key and of the key derived from it. */
  readonly keyLength: 16 | 24 | 32;
  /** What Node calls the cipher. */
  readonly cipher: CipherGCMTypes;
  /** Bytes of a message id. */
  readonly messageIdLength: 16 | 32;
  /** Whether the header commits to one data key. */
  readonly commits: boolean;
  /** Whether a data key serves one message only, because it encrypts that message itself. */
  readonly once: boolean;
  /**
   * The key that opens a message, given only once it is certain that the message commits to this data key, where the
   * suite commits.
   * @throws EnvelopeError `NOT_AUTHENTIC` when the commitment is another one
   */
  readonly openingKey: (dataKey: DataKey, messageId: Uint8Array, commitment: Uint8Array) => KeyObject;
  /**
   * What verifies messages with this context; absent from unsigned suites.
   * @throws EnvelopeError `NOT_AUTHENTIC` when the context names no sound public key
   */
  readonly verifierOf?: (context: EncryptionContext) => Verifier;
}

/** How messages are signed: specification, data-format/message-footer.md and framework/default-cmm.md. */
export interface Signing {
  /** A fresh pair of keys, for messages under one data key. */
  newKey(): SigningKey;
  /** Bytes of the footer that is written; those that are read may be shorter. */
  readonly footerLength: number;
}

/** A pair of keys, of which the context carries the public one. */
export interface SigningKey {
  /** The public key as the context carries it: base64 of the compressed point. */
  readonly publicKeyText: string;
  /** The footer of a message of which everything before it is at hand. */
  footerOf(signed: Uint8Array): Uint8Array;
  /** The same for a message that comes in pieces. */
  inPieces(): { update(piece: Uint8Array): void; footer(): Uint8Array };
}

/** Verifies signatures by one public key. All of it throws EnvelopeError `NOT_AUTHENTIC`. */
export interface Verifier {
  /**
   * @param signed - what was signed, in its parts
   * @param footer - everything that follows it
   */
  verify(signed: readonly Uint8Array[], footer: Uint8Array): void;
  /** The same for a message that comes in pieces. */
  inPieces(): { update(piece: Uint8Array): void; verify(footer: Uint8Array): void };
}

/** The suites that a message may have, by their ids. */
export type Suites = ReadonlyMap<number, Suite>;

/** `0x0478`: how a suite is written in messages for people. */
export function suiteLabel(id: number): string {
  return `0x${id.toString(16).padStart(4, '0')}`;
}
