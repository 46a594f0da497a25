import { setTimeout } from 'node:timers/promises';

/**
 * What KMS answers while IAM still spreads what was written a moment ago: the policy of this function, the role that the
 * grant is for.
 */
const NOT_YET = new Set(['AccessDeniedException', 'InvalidArnException', 'DependencyTimeoutException']);

/** Seconds between the attempts: a minute together, which is longer than IAM usually takes. */
const PAUSES = [1, 2, 4, 8, 15, 15, 15];

/** What of the world a handler needs; tests have a faster one. */
export interface Clock {
  readonly wait: (milliseconds: number) => Promise<unknown>;
  readonly now: () => number;
}

export const CLOCK: Clock = { wait: setTimeout, now: Date.now };

/** Asks again for a while, since IAM is consistent eventually only. */
export async function patiently<T>(ask: () => Promise<T>, { wait }: Clock): Promise<T> {
  for (const seconds of PAUSES) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Error && NOT_YET.has(error.name))) {
        throw error;
      }
    }
    await wait(seconds * 1000);
  }
  return ask();
}
