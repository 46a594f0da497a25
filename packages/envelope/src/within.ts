import { fail } from './errors.ts';
import { monotonicMillis } from './events.ts';
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
  return {
    patience: (other) => {
      const [wall, monotonic] = [Date.now(), monotonicMillis()];
      // By both clocks, for what is left by either: one is put back, the other one stands still in a frozen environment.
      const spent = (): number => Math.max(Date.now() - wall, monotonicMillis() - monotonic);
      return limited(() => Math.min(deadline - Date.now(), timeoutMillis - spent()), signal, other);
    },
  };
}

/** @param left - milliseconds */
function limited(left: () => number, signal: AbortSignal | undefined, other: Patience | undefined): Patience {
  const check = (): void => {
    other?.check();
    if (signal?.aborted === true) fail('ABORTED', 'the call was aborted by its signal');
    if (left() <= 0) fail('DEADLINE', 'the deadline of the call has passed');
  };
  return { check, wait: (promise) => raced(other?.wait(promise) ?? promise, left, signal, check) };
}

function raced<T>(
  promise: Promise<T>,
  left: () => number,
  signal: AbortSignal | undefined,
  check: () => void,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const end = (): void => {
      clearTimeout(timer);
      if (signal !== undefined) unlisten(signal, look);
    };
    // Looked at again rather than believed: a timer may come early, and one delay may be too short for the deadline.
    const look = (): void => {
      clearTimeout(timer);
      try {
        check();
        const millis = left();
        if (millis !== NEVER) timer = setTimeout(look, Math.min(millis, MAX_DELAY));
      } catch (error) {
        end();
        reject(error);
      }
    };
    if (signal !== undefined) listen(signal, look);
    promise.finally(end).then(resolve, reject);
    look();
  });
}

/** Who waits for each signal. All of them share one listener: Node takes more than ten of a signal for a leak. */
const waiting = new WeakMap<AbortSignal, Set<() => void>>();

function aborted({ target }: Event): void {
  for (const look of waiting.get(target as AbortSignal) ?? []) look();
}

function listen(signal: AbortSignal, look: () => void): void {
  const looks = waiting.get(signal) ?? new Set();
  waiting.set(signal, looks.add(look));
  // Once, however often it is added.
  signal.addEventListener('abort', aborted);
}

function unlisten(signal: AbortSignal, look: () => void): void {
  const looks = waiting.get(signal);
  looks?.delete(look);
  // A listener could keep alive what made the signal.
  if (looks?.size === 0) signal.removeEventListener('abort', aborted);
}
