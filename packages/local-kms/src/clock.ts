import { LocalKmsError, shown } from './errors.ts';

/**
 * The server's clock, which a test can move: to let a deletion, a rotation, an expiry or a session end. After it was moved
 * it goes on at its ordinary pace. Moved back, what time has done already stays done.
 */
export interface LocalClock {
  now(): Date;
  /**
   * Moves it on.
   * @param millis - milliseconds, 0 to 100 years
   * @throws {@link LocalKmsError} `INVALID_OPTION`
   */
  advance(millis: number): Date;
  /**
   * Sets it, forward or back.
   * @param date - in the years 1970 to 2200
   * @throws {@link LocalKmsError} `INVALID_OPTION`
   */
  set(date: Date): Date;
  /** Sets it right again. */
  reset(): void;
  /** Milliseconds that it was moved by. */
  readonly movedBy: number;
}

const MAX_ADVANCE = 100 * 366 * 24 * 60 * 60 * 1000;
const LATEST = Date.UTC(2200, 0, 1);

export function createClock(base: () => Date): LocalClock {
  let movedBy = 0;
  const now = () => new Date(base().getTime() + movedBy);
  const moveTo = (instant: number): Date => {
    if (!Number.isFinite(instant) || instant < 0 || instant > LATEST) {
      throw new LocalKmsError('INVALID_OPTION', `the clock goes from 1970 to ${new Date(LATEST).toISOString()}`);
    }
    movedBy += instant - now().getTime();
    return now();
  };
  return {
    now,
    advance(millis) {
      if (typeof millis !== 'number' || !(millis >= 0 && millis <= MAX_ADVANCE)) {
        throw new LocalKmsError(
          'INVALID_OPTION',
          `millis must be a number from 0 to ${MAX_ADVANCE}, not ${shown(millis)}`,
        );
      }
      return moveTo(now().getTime() + millis);
    },
    set: (date) => moveTo(date.getTime()),
    reset: () => {
      movedBy = 0;
    },
    get movedBy() {
      return movedBy;
    },
  };
}
