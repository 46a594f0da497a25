import type { Duration, Size } from 'aws-cdk-lib';
import type { IEncryptionKey } from '../keys/i-encryption-key';
import {
  duration,
  flag,
  having,
  key,
  list,
  maybe,
  number,
  object,
  type Shape,
  size,
  struct,
  text,
} from '../private/shape';
import type { EncryptionKeyGenerations } from '../rotation/encryption-key-generations';

/** How long, and for how much, a data key may be used again before the helper asks KMS for another one. */
export interface EnvelopeCacheLimits {
  /**
   * Age at which a data key is given up: 0 seconds to 1 day, in whole seconds. 0 turns the cache off: one KMS call for
   * every message.
   *
   * @default Duration.minutes(5)
   */
  readonly maxAge?: Duration;

  /**
   * Messages sealed under one data key: 1 to 4,294,967,295.
   *
   * @default 10000
   */
  readonly maxMessages?: number;

  /**
   * Plaintext sealed under one data key, at least 1 byte.
   *
   * @default Size.gibibytes(1)
   */
  readonly maxBytes?: Size;
}

/** Properties of an `Envelope`. */
export interface EnvelopeProps {
  /**
   * The key that data keys are wrapped under. One that was imported by alias has no ARN that a message could name.
   *
   * @default - the current one of `generations`; exactly one of the two is given
   */
  readonly key?: IEncryptionKey;

  /**
   * Keys that follow one another, in the place of one: data keys are wrapped under the current one, and messages of all
   * that are not retired are opened. Add a generation in one deployment and make it current in the next, so that every
   * reader knows it before the first message is written under it.
   *
   * @default - `key` alone
   */
  readonly generations?: EncryptionKeyGenerations;

  /**
   * Name by which the helper finds this envelope, `envelope('Orders')`: a letter, then letters, digits or `_`, at most
   * 64 characters.
   *
   * @default - the construct id
   */
  readonly envelopeName?: string;

  /**
   * Constant encryption context: names and values that every message of this envelope carries. The IAM policies require
   * it by value, the helper adds it.
   *
   * IMPORTANT: encryption context is not secret. It stands in clear in CloudTrail and in every message.
   * IMPORTANT: messages that were sealed with other constants can no longer be opened after a change.
   *
   * @default - no constants
   */
  readonly context?: Record<string, string>;

  /**
   * Names that the encryption context of every message must have, with values that the function chooses, for instance
   * `tenant`. The IAM policies require their presence, the helper refuses to seal or open without them.
   *
   * @default - no required names
   */
  readonly requiredContext?: string[];

  /**
   * Whether each data key is wrapped by the key and all of its replicas, so that a message can be opened in each of their
   * Regions by what is there, also when another Region is lost. It costs one KMS call for each replica and data key, and
   * sealing fails while one of the Regions does. Otherwise the key of the function's Region alone wraps it.
   *
   * It says nothing about a key without replicas.
   *
   * @default true
   */
  readonly wrapInEveryRegion?: boolean;

  /**
   * Limits of cached data keys.
   *
   * @default - 5 minutes, 10,000 messages, 1 GiB
   */
  readonly cache?: EnvelopeCacheLimits;
}

export const ENVELOPE: Shape<EnvelopeProps> = {
  key: maybe(key),
  generations: maybe(having('EncryptionKeyGenerations', 'keyArns')),
  envelopeName: maybe(text),
  // Its members are reported with all else that is wrong with a context.
  context: maybe(object('an object of names and texts')),
  requiredContext: maybe(list(text)),
  wrapInEveryRegion: maybe(flag),
  cache: maybe(
    struct<EnvelopeCacheLimits>({ maxAge: maybe(duration), maxMessages: maybe(number), maxBytes: maybe(size) }),
  ),
};
