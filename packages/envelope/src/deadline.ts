import { EnvelopeError } from './errors.ts';

/** How long one call may wait for its data key. */
export interface CallOptions {
  /** Ends the waiting with `ABORTED` when it is aborted. */
  readonly signal?: AbortSignal;
  /**
   * When to stop waiting, with `DEADLINE`: milliseconds since 1970, as `Date.now()` counts them. In Lambda, for example
   * `Date.now() + context.getRemainingTimeInMillis() - 500`. Default: none.
   */
  readonly deadline?: number;
}

/** How one message is encrypted or decrypted. */
export interface MessageOptions extends CallOptions {
  /**
   * Memory that the result is written to from its beginning, and that the answer is a part of: for large messages, one
   * after the other, this saves allocating it each time. It must not overlap the input. Default: memory of its own.
   */
  readonly into?: Uint8Array;
}

/** The same for every call of an envelope. */
export interface CallLimits {
  readonly signal?: AbortSignal | undefined;
  /** Most milliseconds that a call may wait. */
  readonly timeoutMillis?: number | undefined;
}

/** What ends the waiting of one call. */
export interface Patience {
  /** Throws when it is over already. */
  check(): void;
  /** The outcome of `promise`, unless patience ends first. Whoever made the promise is not told. */
  wait<T>(promise: Promise<T>): Promise<T>;
}

/**
 * The patience of one call, or `undefined` when nothing limits it.
 * @throws EnvelopeError `INVALID_INPUT` for options of another kind
 */
export function patienceOf(given: unknown, limits: CallLimits): Patience | undefined {
  // The way of nearly every call.
  if (given === undefined && limits.signal === undefined && limits.timeoutMillis === undefined) return undefined;
  const { signal, deadline = Number.POSITIVE_INFINITY } = (given ?? {}) as CallOptions;
  const signals = [signal, limits.signal].filter((one) => one !== undefined);
  if (
    typeof (given ?? {}) !== 'object' ||
    Number.isNaN(deadline) ||
    typeof deadline !== 'number' ||
    !signals.every((one) => one instanceof AbortSignal)
  ) {
    throw new EnvelopeError(
      'INVALID_INPUT',
      'the options of the call: signal is an AbortSignal, deadline a number of milliseconds since 1970',
    );
  }
  const end = Math.min(deadline, Date.now() + (limits.timeoutMillis ?? Number.POSITIVE_INFINITY));
  if (signals.length === 0 && end === Number.POSITIVE_INFINITY) return undefined;
  const over = (): EnvelopeError | undefined => {
    if (signals.some(({ aborted }) => aborted)) {
      return new EnvelopeError('ABORTED', 'the call was aborted by its signal');
    }
    return Date.now() >= end ? new EnvelopeError('DEADLINE', 'the deadline of the call has passed') : undefined;
  };
  return {
    check: () => {
      const error = over();
      if (error !== undefined) throw error;
    },
    wait: (promise) => raced(promise, signals, end, over),
  };
}

/** Longest delay that Node's timers know; later deadlines are looked at again when it is over. */
const MAX_DELAY = 2_147_483_647;

function raced<T>(
  promise: Promise<T>,
  signals: readonly AbortSignal[],
  end: number,
  over: () => EnvelopeError | undefined,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    // Looked at again rather than believed: a timer may come early, and one delay may be too short for the deadline.
    const look = (): void => {
      const error = over();
      clearTimeout(timer);
      if (error !== undefined) reject(error);
      else if (end !== Number.POSITIVE_INFINITY) timer = setTimeout(look, Math.min(end - Date.now(), MAX_DELAY));
    };
    for (const signal of signals) signal.addEventListener('abort', look);
    promise
      .finally(() => {
        clearTimeout(timer);
        for (const signal of signals) signal.removeEventListener('abort', look);
      })
      .then(resolve, reject);
    look();
  });
}
