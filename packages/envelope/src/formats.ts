import { UNSIGNED_SUITE } from './committing.ts';
import type { EncryptionContext } from './context.ts';
import type { GcmKey } from './gcm.ts';
import type { Header } from './header.ts';
import type { Signing, Suite, Suites } from './suite.ts';

/**
 * A kind of message that an envelope reads when it is told to. A handler that never imports one does not carry its code.
 * There are {@link signedMessages},
 * {@link nonCommittingMessages}, {@link nonFramedMessages} and {@link unstoredContext}.
 */
export interface MessageFormat {
  /** What it is called where it is imported. */
  readonly name: string;
  /** Suites that it adds. */
  readonly suites?: readonly Suite[];
  /** How it reads bodies without frames. */
  readonly readNonFramed?: NonFramedReader;
  /** How it binds a message to what was asked for and is not in it. */
  readonly bind?: UnstoredBinding;
}

/** A kind of message that an envelope also writes. There is {@link signedMessages}. */
export interface WritableFormat extends MessageFormat {
  /** What messages are written with. */
  readonly writes: Suite;
  readonly signing: Signing;
}

/**
 * Reads a body without frames.
 * @param requireEnd - told where the body ends before anything is decrypted; throws when the message does not end there
 * @throws EnvelopeError `NOT_AUTHENTIC`
 */
export type NonFramedReader = (
  body: Uint8Array,
  key: GcmKey,
  messageId: Uint8Array,
  requireEnd: (bodyLength: number) => void,
  into?: Uint8Array,
) => Uint8Array;

/**
 * The header with the names and values that were asked for and differ from those in the message; `undefined` when the
 * message cannot be bound to all of them.
 */
export type UnstoredBinding = (
  header: Header,
  asked: EncryptionContext,
  differing: readonly string[],
) => Header | undefined;

/** What an envelope reads. */
export interface Formats {
  readonly suites: Suites;
  /** Absent: bodies without frames are refused. */
  readonly readNonFramed?: NonFramedReader | undefined;
  /** Absent: a message is bound to what is stored in it. */
  readonly bind?: UnstoredBinding | undefined;
}

/**
 * Unsigned messages of suite 0x0478 in frames, and these kinds besides.
 * @param signedOnly - of all of them those in signed suites only, of which there may be none
 */
export function formatsOf(kinds: readonly MessageFormat[], signedOnly = false): Formats {
  const all = Object.assign({}, ...kinds) as MessageFormat;
  const suites = [UNSIGNED_SUITE, ...kinds.flatMap((kind) => kind.suites ?? [])];
  const read = signedOnly ? suites.filter(({ verifierOf }) => verifierOf !== undefined) : suites;
  return { ...all, suites: new Map(read.map((suite) => [suite.id, suite])) };
}
