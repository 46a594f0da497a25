import type { CacheLimits } from './contract.ts';
import { EnvelopeError } from './errors.ts';
import type { DataKey } from './keys.ts';

/** What a cache keeps: something with a data key in it, which the cache wipes. */
export interface CachedMaterials {
  readonly dataKey: DataKey;
}

/** Keeps data keys for a while, so that one KMS call serves many messages. */
export interface DataKeyCache<M extends CachedMaterials> {
  /**
   * Calls `work` with the materials of `partition`, and `fetch` for them when there are none that may still be used.
   * Callers that come while they are fetched wait for the same fetch. A fetch that fails fails them all, and the next
   * caller begins anew.
   * @param partition - everything that makes materials differ
   * @param bytes - bytes of plaintext or ciphertext that `work` processes
   * @param work - uses the materials at once; they may be wiped after it returns
   */
  use<T>(partition: string, bytes: number, fetch: () => Promise<M>, work: (materials: M) => T): Promise<T>;
  /** Wipes everything, what is in use as soon as it no longer is. The cache is unusable afterwards. */
  dispose(): void;
}

/** Two clocks in milliseconds: the wall clock jumps, the other one stands still while the environment is frozen. */
export interface Clock {
  wall(): number;
  monotonic(): number;
}

const SYSTEM_CLOCK: Clock = { wall: () => Date.now(), monotonic: () => performance.now() };

interface Entry<M> {
  readonly materials: Promise<M>;
  readonly bornWall: number;
  readonly bornMonotonic: number;
  messages: number;
  bytes: number;
  /** Callers between joining and having done their work. */
  users: number;
  evicted: boolean;
}

/**
 * A cache of at most `maxEntries` data keys, the least recently used one leaving first.
 *
 * Age is checked on use, by both clocks, since timers stand still in a frozen Lambda environment. What has expired is
 * therefore wiped on the first use after that, not at the moment itself.
 */
export function createCache<M extends CachedMaterials>(
  limits: CacheLimits,
  maxEntries: number,
  clock: Clock = SYSTEM_CLOCK,
): DataKeyCache<M> {
  const maxAge = limits.maxAgeSeconds * 1000;
  const entries = new Map<string, Entry<M>>();
  let nextExpiry = Number.POSITIVE_INFINITY;
  let disposed = false;

  const expired = (entry: Entry<M>): boolean =>
    Math.max(clock.wall() - entry.bornWall, clock.monotonic() - entry.bornMonotonic) >= maxAge;

  const fits = (entry: Entry<M>, bytes: number): boolean =>
    entry.messages < limits.maxMessages && entry.bytes + bytes <= limits.maxBytes && !expired(entry);

  const wipeIfDone = (entry: Entry<M>): void => {
    if (!entry.evicted || entry.users > 0) return;
    // A fetch that failed left nothing to wipe, and its callers have its error already.
    entry.materials.then(({ dataKey }) => dataKey.wipe()).catch(() => undefined);
  };

  const evict = (partition: string, entry: Entry<M>): void => {
    if (entries.get(partition) === entry) entries.delete(partition);
    entry.evicted = true;
    wipeIfDone(entry);
  };

  const sweep = (): void => {
    nextExpiry = Number.POSITIVE_INFINITY;
    for (const [partition, entry] of entries) {
      if (expired(entry)) evict(partition, entry);
      else nextExpiry = Math.min(nextExpiry, entry.bornWall + maxAge);
    }
  };

  const begin = (fetch: () => Promise<M>): Entry<M> => ({
    bornWall: clock.wall(),
    bornMonotonic: clock.monotonic(),
    materials: fetch(),
    messages: 0,
    bytes: 0,
    users: 0,
    evicted: false,
  });

  /** A key for this caller alone, wiped after its work. */
  const unshared = (fetch: () => Promise<M>): Entry<M> => ({ ...begin(fetch), evicted: true });

  const join = (partition: string, bytes: number, fetch: () => Promise<M>): Entry<M> => {
    if (clock.wall() >= nextExpiry) sweep();
    // Nothing else may be put under a key that one message exhausts.
    if (maxAge === 0 || bytes > limits.maxBytes) return unshared(fetch);
    const found = entries.get(partition);
    if (found !== undefined && fits(found, bytes)) {
      entries.delete(partition);
      entries.set(partition, found);
      return found;
    }
    if (found !== undefined) evict(partition, found);
    for (const [oldest, entry] of entries) {
      if (entries.size < maxEntries) break;
      evict(oldest, entry);
    }
    const fresh = begin(fetch);
    entries.set(partition, fresh);
    nextExpiry = Math.min(nextExpiry, fresh.bornWall + maxAge);
    return fresh;
  };

  return {
    async use(partition, bytes, fetch, work) {
      if (disposed) throw new EnvelopeError('DISPOSED', 'this envelope has been disposed of');
      const entry = join(partition, bytes, fetch);
      entry.messages += 1;
      entry.bytes += bytes;
      entry.users += 1;
      try {
        return work(await fetched(partition, entry));
      } finally {
        entry.users -= 1;
        wipeIfDone(entry);
      }
    },
    dispose() {
      disposed = true;
      for (const [partition, entry] of entries) evict(partition, entry);
    },
  };

  async function fetched(partition: string, entry: Entry<M>): Promise<M> {
    try {
      return await entry.materials;
    } catch (error) {
      evict(partition, entry);
      throw error;
    }
  }
}
