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
  if (given === undefined && limits.signal === undefined && limits.timeoutMillis === undefined) return undefined;
  const { signal, deadline } = callOptions(given);
  const signals = [signal, limits.signal].filter((one) => one !== undefined);
  const byTimeout = limits.timeoutMillis === undefined ? Number.POSITIVE_INFINITY : Date.now() + limits.timeoutMillis;
  const end = Math.min(deadline ?? Number.POSITIVE_INFINITY, byTimeout);
  if (signals.length === 0 && end === Number.POSITIVE_INFINITY) return undefined;
  const over = (): EnvelopeError | undefined => {
    if (signals.some(({ aborted }) => aborted)) {
      return new EnvelopeError('ABORTED', 'the call was aborted by its signal');
    }
    return Date.now() >= end ? new EnvelopeError('DEADLINE', 'the deadline of the call has passed') : undefined;
  };
  const check = (): void => {
    const error = over();
    if (error !== undefined) throw error;
  };
  return { check, wait: (promise) => raced(promise, signals, end, over) };
}

/** Longest delay that Node's timers know; later deadlines are looked at again when it is over. */
const MAX_DELAY = 2_147_483_647;

function raced<T>(
  promise: Promise<T>,
  signals: readonly AbortSignal[],
  end: number,
  over: () => EnvelopeError | undefined,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const settle = <V>(outcome: (value: V) => void): ((value: V) => void) => {
      return (value) => {
        clearTimeout(timer);
        for (const signal of signals) signal.removeEventListener('abort', look);
        outcome(value);
      };
    };
    const fail = settle(reject);
    // Looked at again rather than believed: a timer may come early, and one delay may be too short for the deadline.
    function look(): void {
      const error = over();
      clearTimeout(timer);
      if (error !== undefined) fail(error);
      else if (end !== Number.POSITIVE_INFINITY) timer = setTimeout(look, Math.min(end - Date.now(), MAX_DELAY));
    }
    for (const signal of signals) signal.addEventListener('abort', look);
    promise.then(settle(resolve), fail);
    look();
  });
}

function callOptions(given: unknown): CallOptions {
  if (given === undefined) return {};
  if (typeof given !== 'object' || given === null) {
    throw new EnvelopeError('INVALID_INPUT', 'the options of a call are not an object');
  }
  const { signal, deadline } = given as { signal?: unknown; deadline?: unknown };
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new EnvelopeError('INVALID_INPUT', 'the signal among the options of the call is not an AbortSignal');
  }
  if (deadline !== undefined && (typeof deadline !== 'number' || Number.isNaN(deadline))) {
    throw new EnvelopeError('INVALID_INPUT', 'the deadline of the call is not a number of milliseconds since 1970');
  }
  return { ...(signal === undefined ? {} : { signal }), ...(deadline === undefined ? {} : { deadline }) };
}
