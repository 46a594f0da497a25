import { fail } from './errors.ts';
import { type MemberRule, problemsOf, whole } from './member-rules.ts';
import type { CallOptions, Patience } from './patience.ts';

/** When to stop waiting for a data key. */
export interface WaitingLimits {
  /**
   * With `DEADLINE`: milliseconds since 1970, as `Date.now()` counts them. In Lambda, for example
   * `Date.now() + context.getRemainingTimeInMillis() - 500`. Default: none.
   */
  readonly deadline?: number;
  /** With `DEADLINE`, so many milliseconds after the call began, 1 to 900,000. Default: as long as the SDK tries. */
  readonly timeoutMillis?: number;
  /** With `ABORTED`, when it is aborted. Default: none. */
  readonly signal?: AbortSignal;
}

const RULES: Readonly<Record<keyof WaitingLimits, MemberRule>> = {
  deadline: ['milliseconds since 1970', (value) => typeof value === 'number' && !Number.isNaN(value)],
  timeoutMillis: whole(1, 900_000),
  signal: ['an AbortSignal', (value) => value instanceof AbortSignal],
};

/** Later than everything. */
const NEVER = Number.POSITIVE_INFINITY;

/** Longest delay that Node's timers know; later deadlines are looked at again when it is over. */
const MAX_DELAY = 2_147_483_647;

/**
 * Options with which a call, or every call of an envelope, waits for its data key no longer than this.
 * @param limits - what ends the waiting; whatever comes first
 * @returns options of one call, or of an envelope; put them together with others by spreading
 * @throws EnvelopeError `INVALID_INPUT` for limits of another kind
 */
export function within(limits: WaitingLimits): Required<CallOptions> {
  const problems = problemsOf(RULES, limits, '', []);
  if (problems.length > 0) fail('INVALID_INPUT', `within: ${problems.join('; ')}`);
  const { deadline = NEVER, timeoutMillis = NEVER, signal } = limits;
  return { patience: (other) => limited(Math.min(deadline, Date.now() + timeoutMillis), signal, other) };
}

function limited(end: number, signal: AbortSignal | undefined, other: Patience | undefined): Patience {
  const check = (): void => {
    other?.check();
    if (signal?.aborted === true) fail('ABORTED', 'the call was aborted by its signal');
    if (Date.now() >= end) fail('DEADLINE', 'the deadline of the call has passed');
  };
  return { check, wait: (promise) => raced(other?.wait(promise) ?? promise, end, signal, check) };
}

function raced<T>(promise: Promise<T>, end: number, signal: AbortSignal | undefined, check: () => void): Promise<T> {
  return new Promise<T>((resolve, reject) => {
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
    signal?.addEventListener('abort', look);
    promise
      .finally(() => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', look);
      })
      .then(resolve, reject);
    look();
  });
}
