import { fail } from './errors.ts';

/** What ends the waiting of one call. */
export interface Patience {
  /** Throws when it is over already. */
  check(): void;
  /** The outcome of `promise`, unless patience ends first. Whoever made the promise is not told. */
  wait<T>(promise: Promise<T>): Promise<T>;
}

/** How long calls may wait for their data keys: one call, or every call of an envelope. */
export interface CallOptions {
  /**
   * Begins to wait with a call; from {@link within}, whose answer is these options. What limits one call and what limits
   * every call of its envelope hold both. Default: as long as the SDK tries.
   */
  readonly patience?: (other: Patience | undefined) => Patience;
}

/** How one message is encrypted or decrypted. */
export interface MessageOptions extends CallOptions {
  /**
   * Memory that the result is written to from its beginning, and that the answer is a part of: for large messages, one
   * after the other, this saves allocating it each time. It must not overlap the input. Default: memory of its own.
   */
  readonly into?: Uint8Array;
}

/**
 * The patience of one call, or `undefined` when nothing limits it.
 * @throws EnvelopeError `INVALID_INPUT` for options of another kind
 */
export function patienceOf(given: unknown, every: CallOptions): Patience | undefined {
  const other = every.patience?.(undefined);
  // The way of nearly every call.
  if (given === undefined) return other;
  const { patience, deadline, timeoutMillis, signal } = Object(given ?? {}) as CallOptions &
    Readonly<Record<'deadline' | 'timeoutMillis' | 'signal', unknown>>;
  // A limit that stands here by itself would limit nothing.
  const isSound = typeof given === 'object' && (deadline ?? timeoutMillis ?? signal) === undefined;
  if (isSound && patience === undefined) return other;
  if (isSound && typeof patience === 'function') return patience(other);
  return fail(
    'INVALID_INPUT',
    'the options of the call are no object, or what limits its waiting is none of within({ … })',
  );
}
