import { type CachedMaterials, type Clock, createCache } from '../src/cache.ts';
import type { CacheLimits } from '../src/contract.ts';
import { holdDataKey } from '../src/keys.ts';
import { DEFAULT_SUITE } from '../src/suites.ts';

const LIMITS: CacheLimits = { maxAgeSeconds: 10, maxMessages: 3, maxBytes: 100 };

/** A cache over fetches that are counted, with clocks that are set by hand. */
function cacheOf(limits: Partial<CacheLimits> = {}, maxEntries = 10) {
  const time = { wall: 1_000_000, monotonic: 0 };
  const clock: Clock = { wall: () => time.wall, monotonic: () => time.monotonic };
  const cache = createCache<CachedMaterials>({ ...LIMITS, ...limits }, maxEntries, clock);
  const fetched: CachedMaterials[] = [];
  const fetch = async () => {
    const materials = { dataKey: holdDataKey(new Uint8Array(32).fill(fetched.length + 1), DEFAULT_SUITE) };
    fetched.push(materials);
    await new Promise((resolve) => setImmediate(resolve));
    return materials;
  };
  const use = (partition: string, bytes = 1) =>
    cache.use(partition, bytes, fetch, ({ dataKey }) => dataKey.use((key) => key[0]));
  return { time, cache, fetched, use };
}

/** Whether the n-th fetched key is wiped, once everything that is due has run. */
async function isWiped(fetched: readonly CachedMaterials[], index: number): Promise<boolean> {
  await new Promise((resolve) => setImmediate(resolve));
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
    const key = holdDataKey(new Uint8Array(32).fill(7), DEFAULT_SUITE);
    expect(JSON.stringify(key)).toBe('{}');
  });
});
