import { type CachedMaterials, type Clock, createCache } from '../src/cache.ts';
import { UNSIGNED_SUITE } from '../src/committing.ts';
import type { CacheLimits } from '../src/contract.ts';
import { holdDataKey } from '../src/data-key.ts';
import type { CacheEventKind } from '../src/events.ts';
import { contextPartition, messagePartition } from '../src/partition.ts';

const LIMITS: CacheLimits = { maxAgeSeconds: 10, maxMessages: 3, maxBytes: 100 };

/** A cache over fetches that are counted, with clocks that are set by hand. */
function cacheOf(limits: Partial<CacheLimits> = {}, maxEntries = 10) {
  const time = { wall: 1_000_000, monotonic: 0 };
  const clock: Clock = { wall: () => time.wall, monotonic: () => time.monotonic };
  const events: CacheEventKind[] = [];
  const cache = createCache<CachedMaterials>({ ...LIMITS, ...limits }, maxEntries, (kind) => events.push(kind), clock);
  const fetched: CachedMaterials[] = [];
  const signals: (AbortSignal | undefined)[] = [];
  const failures: Error[] = [];
  const fetch = async (signal?: AbortSignal) => {
    signals.push(signal);
    const failure = failures.shift();
    if (failure !== undefined) {
      await turn();
      throw failure;
    }
    const materials = { dataKey: holdDataKey(new Uint8Array(32).fill(fetched.length + 1), 32) };
    fetched.push(materials);
    await turn();
    return materials;
  };
  const use = async (partition: string, bytes = 1) =>
    cache.use(
      () => partition,
      bytes,
      fetch,
      ({ dataKey }) => dataKey.use((key) => key[0]),
    );
  const prefetch = (partition: string) => cache.prefetch(() => partition, fetch);
  /** Lets time pass on both clocks. */
  const pass = (millis: number) => {
    time.wall += millis;
    time.monotonic += millis;
  };
  return { time, pass, cache, fetched, signals, failures, events, use, prefetch };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Whether the n-th fetched key is wiped, once everything that is due has run. */
async function isWiped(fetched: readonly CachedMaterials[], index: number): Promise<boolean> {
  await turn();
  try {
    fetched[index]?.dataKey.use(() => undefined);
    return false;
  } catch {
    return true;
  }
}

describe('a cached data key', () => {
  test('serves until its messages are used up, then it is wiped', async () => {
    const { use, fetched } = cacheOf();
    expect([await use('a'), await use('a'), await use('a'), await use('a')]).toEqual([1, 1, 1, 2]);
    expect([await isWiped(fetched, 0), await isWiped(fetched, 1)]).toEqual([true, false]);
  });

  test('serves until its bytes are used up', async () => {
    const { use } = cacheOf();
    expect([await use('a', 60), await use('a', 40), await use('a', 1)]).toEqual([1, 1, 2]);
  });

  test('counts those who wait for it, so that its limits hold for a crowd too', async () => {
    const { use, fetched } = cacheOf();
    const served = await Promise.all(Array.from({ length: 7 }, () => use('a')));
    expect(served).toEqual([1, 1, 1, 2, 2, 2, 3]);
    expect([await isWiped(fetched, 0), await isWiped(fetched, 2)]).toEqual([true, false]);
  });

  test('is not put aside for a message larger than the limit, which gets one of its own', async () => {
    const { use, fetched } = cacheOf();
    expect([await use('a'), await use('a', 101), await use('a')]).toEqual([1, 2, 1]);
    expect([await isWiped(fetched, 0), await isWiped(fetched, 1)]).toEqual([false, true]);
  });

  test.each([
    ['the wall clock', { wall: 10_000, monotonic: 0 }],
    ['the monotonic clock, while the wall clock was set back', { wall: -5_000, monotonic: 10_000 }],
  ])('ends at its age by %s', async (_clock, passed) => {
    const { use, time, fetched } = cacheOf();
    await use('a');
    time.wall += passed.wall;
    time.monotonic += passed.monotonic;
    expect(await use('a')).toBe(2);
    expect(await isWiped(fetched, 0)).toBe(true);
  });

  test('that has expired is wiped on the first use of any other', async () => {
    const { use, time, fetched } = cacheOf();
    await use('a');
    time.wall += 9_999;
    await use('b');
    expect(await isWiped(fetched, 0)).toBe(false);
    time.wall += 1;
    await use('b');
    expect([await isWiped(fetched, 0), await isWiped(fetched, 1)]).toEqual([true, false]);
  });

  test('that has expired is wiped all the same where the wall clock was put back meanwhile', async () => {
    const { use, time, pass, fetched } = cacheOf();
    await use('a');
    time.wall -= 3_600_000;
    pass(5_000);
    await use('b');
    expect(await isWiped(fetched, 0)).toBe(false);
    pass(5_000);
    await use('b');
    expect([await isWiped(fetched, 0), await isWiped(fetched, 1)]).toEqual([true, false]);
  });

  test('gives way when it is the least recently used of too many', async () => {
    const { use, fetched } = cacheOf({}, 2);
    await use('a');
    await use('b');
    await use('a');
    await use('c');
    expect([await isWiped(fetched, 0), await isWiped(fetched, 1)]).toEqual([false, true]);
  });

  test('is wiped only when those who joined it are done, even if it gave way meanwhile', async () => {
    const { use, fetched } = cacheOf({}, 1);
    expect(await Promise.all([use('a'), use('b'), use('a')])).toEqual([1, 2, 3]);
    expect([await isWiped(fetched, 0), await isWiped(fetched, 1), await isWiped(fetched, 2)]).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('is wiped with the cache', async () => {
    const { use, cache, fetched } = cacheOf();
    await use('a');
    cache.dispose();
    expect(await isWiped(fetched, 0)).toBe(true);
    await expect(use('a')).rejects.toMatchObject({ code: 'DISPOSED' });
  });

  test('shows its bytes to no logger', () => {
    const key = holdDataKey(new Uint8Array(32).fill(7), 32);
    expect(JSON.stringify(key)).toBe('{}');
  });
});

describe('a data key near its end', () => {
  test('serves on while the next one is fetched, and gives way to it', async () => {
    const { use, pass, fetched, events } = cacheOf();
    await use('a');
    pass(7_999);
    await use('a');
    expect(fetched).toHaveLength(1);
    pass(1);
    expect(await use('a')).toBe(1);
    expect([fetched.length, await isWiped(fetched, 0)]).toEqual([2, true]);
    expect(await use('a')).toBe(2);
    expect(events).toEqual(['miss', 'hit', 'hit', 'refresh', 'evict', 'hit']);
  });

  test('is fetched anew once, however many use it meanwhile', async () => {
    const { use, pass, fetched } = cacheOf({ maxMessages: 100 });
    await use('a');
    pass(8_000);
    expect(await Promise.all([use('a'), use('a'), use('a')])).toEqual([1, 1, 1]);
    await turn();
    expect([await use('a'), fetched.length]).toEqual([2, 2]);
  });

  test.each([
    ['messages', { maxMessages: 5 }, 1],
    ['bytes', { maxMessages: 100, maxBytes: 50 }, 10],
  ])('by %s is fetched anew as well', async (_limit, limits, bytes) => {
    const { use, fetched } = cacheOf(limits);
    for (let message = 1; message <= 4; message += 1) expect(await use('a', bytes)).toBe(1);
    expect(fetched).toHaveLength(1);
    expect(await use('a', bytes)).toBe(1);
    expect(fetched).toHaveLength(2);
    await turn();
    expect(await use('a', bytes)).toBe(2);
  });

  test('is waited for once its predecessor may not serve any more', async () => {
    const { use, pass, fetched } = cacheOf();
    await use('a');
    pass(8_000);
    await use('a');
    pass(2_000);
    expect(await Promise.all([use('a'), use('a')])).toEqual([2, 2]);
    expect([fetched.length, await isWiped(fetched, 0)]).toEqual([2, true]);
  });

  test('whose refresh fails serves to the end of its limits, not beyond, while attempts go on', async () => {
    const { use, pass, failures, fetched, events } = cacheOf({ maxMessages: 100 });
    await use('a');
    failures.push(new Error('first'), new Error('second'));
    pass(8_000);
    expect(await use('a')).toBe(1);
    await turn();
    expect(await use('a')).toBe(1);
    expect(events.filter((kind) => kind === 'refresh')).toHaveLength(1);
    pass(1_000);
    expect(await use('a')).toBe(1);
    await turn();
    expect(events.filter((kind) => kind === 'refresh-failed')).toHaveLength(2);
    expect(await isWiped(fetched, 0)).toBe(false);
    pass(999);
    expect(await use('a')).toBe(1);
    failures.push(new Error('third'));
    pass(1);
    await expect(use('a')).rejects.toThrow('third');
    expect(await isWiped(fetched, 0)).toBe(true);
    expect(await use('a')).toBe(2);
  });

  test('whose refresh was frozen with the environment is refreshed anew, and the frozen one given up', async () => {
    const { use, time, fetched, signals } = cacheOf({ maxAgeSeconds: 1_000, maxMessages: 100 });
    await use('a');
    time.wall += 800_000;
    // Not awaited further: the environment freezes with the request on its way.
    await use('a');
    time.wall += 10_000;
    await use('a');
    expect(signals.map((signal) => signal?.aborted ?? false)).toEqual([false, true, false]);
    await turn();
    expect([await isWiped(fetched, 1), await use('a')]).toEqual([true, 3]);
  });

  test.each(['evicted', 'disposed of'])('takes what is fetched for its place along when it is %s', async (how) => {
    const { use, pass, cache, fetched, signals } = cacheOf({}, 1);
    await use('a');
    pass(8_000);
    await use('a');
    if (how === 'evicted') void use('b');
    else cache.dispose();
    expect(signals[1]?.aborted).toBe(true);
    expect([await isWiped(fetched, 0), await isWiped(fetched, 1)]).toEqual([true, true]);
  });
});

describe('prefetching', () => {
  test('fetches what the first use finds, and counts no message', async () => {
    const { use, prefetch, fetched } = cacheOf();
    await prefetch('a');
    expect([await use('a'), await use('a'), await use('a'), fetched.length]).toEqual([1, 1, 1, 1]);
  });

  test('does nothing when the cache is off', async () => {
    const { prefetch, fetched } = cacheOf({ maxAgeSeconds: 0 });
    await prefetch('a');
    expect(fetched).toEqual([]);
  });

  test('that fails leaves nothing behind', async () => {
    const { use, prefetch, failures } = cacheOf();
    failures.push(new Error('not now'));
    await expect(prefetch('a')).rejects.toThrow('not now');
    expect(await use('a')).toBe(1);
  });
});

test('two contexts never name the same data key, nor do two messages with other bytes', () => {
  const contexts = [
    {},
    { a: 'b' },
    { a: 'b', c: 'd' },
    { a: 'b1:c1:d' },
    { 'a1:b': 'c' },
    { a: '1:b', c: '' },
    { __proto__x: 'b' },
    { a: 'x'.repeat(2_000) },
    { a: 'x'.repeat(2_001) },
  ];
  expect(new Set(contexts.map(contextPartition)).size).toBe(contexts.length);
  expect(contextPartition({ a: 'b', c: 'd' })).toBe(contextPartition({ c: 'd', a: 'b' }));
  const sections = [[], [0], [0, 0], [128], [255]].map((bytes) =>
    messagePartition(UNSIGNED_SUITE, new Uint8Array(bytes)),
  );
  expect(new Set(sections).size).toBe(sections.length);
});
