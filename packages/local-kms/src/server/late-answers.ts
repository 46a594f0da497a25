/** Answers that are on their way for a while, and can all be given up. */
export interface LateAnswers {
  /**
   * Waits so many milliseconds, less when it is given up.
   * @param onStart - is handed what gives up this answer, and returns what to do when the waiting is over
   * @returns whether the time went by
   */
  wait(millis: number, onStart: (giveUp: () => void) => () => void): Promise<boolean>;
  /**
   * Waits until a promise is kept that never fails, less when it is given up.
   * @returns whether it was kept
   */
  until(promise: Promise<void>): Promise<boolean>;
  /** Gives up every answer, so that nothing keeps the process alive. */
  giveUpAll(): void;
}

export function createLateAnswers(): LateAnswers {
  const waiting = new Set<() => void>();
  return {
    wait: (millis, onStart) =>
      new Promise((resolve) => {
        const end = (passed: boolean): void => {
          clearTimeout(timer);
          waiting.delete(giveUp);
          onEnd();
          resolve(passed);
        };
        const giveUp = (): void => end(false);
        const timer = setTimeout(() => end(true), millis);
        waiting.add(giveUp);
        const onEnd = onStart(giveUp);
      }),
    until: (promise) =>
      new Promise((resolve) => {
        const end = (kept: boolean): void => {
          waiting.delete(giveUp);
          resolve(kept);
        };
        const giveUp = (): void => end(false);
        waiting.add(giveUp);
        void promise.then(() => end(true));
      }),
    giveUpAll: () => {
      for (const giveUp of waiting) giveUp();
    },
  };
}
