import { EnvelopeError } from '../errors.ts';

/** Smallest, largest and default number of things done at once. */
export const CONCURRENCY = { min: 1, max: 1_000, default: 16 } as const;

/**
 * The number of things to do at once.
 * @throws EnvelopeError `CONFIG` out of range
 */
export function checkedConcurrency(given: number = CONCURRENCY.default): number {
  if (Number.isSafeInteger(given) && given >= CONCURRENCY.min && given <= CONCURRENCY.max) return given;
  throw new EnvelopeError(
    'CONFIG',
    `concurrency is ${String(given)}; allowed: a whole number from ${CONCURRENCY.min} to ${CONCURRENCY.max}`,
  );
}

/** Calls `work` for every item, for at most `limit` of them at once, beginning in order. */
export async function concurrently<T>(
  items: Iterable<T>,
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let next = queue.next(); next.done !== true; next = queue.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: limit }, worker));
}
