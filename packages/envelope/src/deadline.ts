import { fail } from './errors.ts';

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

/** Later than everything. */
const NEVER = Number.POSITIVE_INFINITY;

/** Longest delay that Node's timers know; later deadlines are looked at again when it is over. */
const MAX_DELAY = 2_147_483_647;

/**
 * The patience of one call, or `undefined` when nothing limits it.
 * @throws EnvelopeError `INVALID_INPUT` for options of another kind
 */
export function patienceOf(given: unknown, limits: CallLimits): Patience | undefined {
  // The way of nearly every call.
  if (given === undefined && limits.signal === undefined && limits.timeoutMillis === undefined) return undefined;
  const { signal, deadline = NEVER } = (given ?? {}) as CallOptions;
  const signals = [signal, limits.signal].filter((one) => one !== undefined);
  const isTime = typeof deadline === 'number' && !Number.isNaN(deadline);
  if (typeof (given ?? {}) !== 'object' || !isTime || !signals.every((one) => one instanceof AbortSignal)) {
    fail(
      'INVALID_INPUT',
      'the options of the call: signal is an AbortSignal, deadline a number of milliseconds since 1970',
    );
  }
  const end = Math.min(deadline, Date.now() + (limits.timeoutMillis ?? NEVER));
  if (signals.length === 0 && end === NEVER) return undefined;
  const check = (): void => {
    if (signals.some(({ aborted }) => aborted)) fail('ABORTED', 'the call was aborted by its signal');
    if (Date.now() >= end) fail('DEADLINE', 'the deadline of the call has passed');
  };
  return {
    check,
    wait: (promise) =>
      new Promise((resolve, reject) => {
        let timer: NodeJS.Timeout | undefined;
        // Looked at again rather than believed: a timer may come early, and one delay may be too short for the deadline.
        const look = (): void => {
          clearTimeout(timer);
          try {
            check();
            if (end !== NEVER) timer = setTimeout(look, Math.min(end - Date.now(), MAX_DELAY));
          } catch (error) {
            reject(error);
          }
        };
        for (const one of signals) one.addEventListener('abort', look);
        promise
          .finally(() => {
            clearTimeout(timer);
            for (const one of signals) one.removeEventListener('abort', look);
          })
          .then(resolve, reject);
        look();
      }),
  };
}
