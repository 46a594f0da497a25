import type { CacheLimits } from './contract.ts';
import type { DataKey } from './data-key.ts';
import { fail } from './errors.ts';
import { type CacheEventKind, monotonicMillis } from './events.ts';
import type { Patience } from './patience.ts';

/** What a cache keeps: something with a data key in it, which the cache wipes. */
export interface CachedMaterials {
  readonly dataKey: DataKey;
}

/**
 * Gets materials from elsewhere. The signal tells that nobody waits for them any more; there is none when whoever asks
 * first waits to the end.
 */
export type Fetch<M> = (signal?: AbortSignal) => Promise<M>;

/** Keeps data keys for a while, so that one KMS call serves many messages. */
export interface DataKeyCache<M extends CachedMaterials> {
  /**
   * Calls `work` with the materials of `partition`, and `fetch` for them when there are none that may still be used.
   * Callers that come while they are fetched wait for the same fetch. A fetch that fails fails them all, and the next
   * caller begins anew.
   * @param partition - names everything that makes materials differ; called only where they may be shared
   * @param bytes - bytes of plaintext or ciphertext that `work` processes
   * @param work - uses the materials at once; they may be wiped after it returns
   * @param patience - how long this caller waits; a fetch that nobody waits for any more is aborted
   * @returns what `work` returns, and no promise of it when the materials are there; also what fails then is thrown
   */
  use<T>(
    partition: () => string,
    bytes: number,
    fetch: Fetch<M>,
    work: (materials: M) => T,
    patience?: Patience,
  ): T | Promise<T>;
  /** Sees to it that `partition` has materials, without using them. Does nothing when the cache is off. */
  prefetch(partition: () => string, fetch: Fetch<M>, patience?: Patience): Promise<void>;
  /** Wipes everything, what is in use as soon as it no longer is. The cache is unusable afterwards. */
  dispose(): void;
}

/** Two clocks in milliseconds: the wall clock jumps, the other one stands still while the environment is frozen. */
export interface Clock {
  wall(): number;
  monotonic(): number;
}

const SYSTEM_CLOCK: Clock = { wall: () => Date.now(), monotonic: monotonicMillis };

/** The part of its age, messages or bytes after which a data key is fetched anew, while it serves on. */
const REFRESH_AT = 0.8;
/** Milliseconds between a refresh that failed and the next attempt: KMS is spared, and there is time for several. */
const REFRESH_PAUSE = 1_000;
/** Milliseconds after which a refresh is given up: a freeze of the environment may have cut its connection. */
const REFRESH_PATIENCE = 10_000;

interface Entry<M> {
  readonly partition: string;
  readonly bornWall: number;
  readonly bornMonotonic: number;
  /** Aborts the fetch; absent where somebody waits for it to the end. */
  readonly abort: AbortController | undefined;
  readonly materials: Promise<M>;
  /** The materials, as soon as they are there. */
  ready: M | undefined;
  messages: number;
  bytes: number;
  /** Callers between joining and having done their work. */
  users: number;
  evicted: boolean;
  /** What is being fetched to take this one's place. */
  successor: Entry<M> | undefined;
  /** By the monotonic clock. */
  noRefreshBefore: number;
}

/**
 * A cache of at most `maxEntries` data keys, the least recently used one leaving first.
 *
 * Age is checked on use, by both clocks, since timers stand still in a frozen Lambda environment. What has expired is
 * therefore wiped on the first use after that, not at the moment itself. For the same reason nothing is refreshed by a
 * timer: a use of a data key that is near its end begins the fetch of the next one and does not wait for it. Whatever
 * becomes of that fetch, no data key serves beyond its limits.
 */
export function createCache<M extends CachedMaterials>(
  limits: CacheLimits,
  maxEntries: number,
  observe: (kind: CacheEventKind) => void = () => undefined,
  clock: Clock = SYSTEM_CLOCK,
): DataKeyCache<M> {
  const maxAge = limits.maxAgeSeconds * 1000;
  const entries = new Map<string, Entry<M>>();
  let nextExpiry = Number.POSITIVE_INFINITY;
  let latest = 0;
  let newest: Entry<M> | undefined;
  let disposed = false;

  const ageOf = (entry: Entry<M>): number =>
    Math.max(clock.wall() - entry.bornWall, clock.monotonic() - entry.bornMonotonic);

  const fits = (entry: Entry<M>, bytes: number, age: number): boolean =>
    entry.messages < limits.maxMessages && entry.bytes + bytes <= limits.maxBytes && age < maxAge;

  const nearItsEnd = (entry: Entry<M>, age: number): boolean =>
    age >= maxAge * REFRESH_AT ||
    entry.messages >= limits.maxMessages * REFRESH_AT ||
    entry.bytes >= limits.maxBytes * REFRESH_AT;

  const wipeIfDone = (entry: Entry<M>): void => {
    if (!entry.evicted || entry.users > 0) return;
    if (entry.ready !== undefined) {
      entry.ready.dataKey.wipe();
      return;
    }
    entry.abort?.abort();
    // It may come all the same. A fetch that failed left nothing to wipe, and its callers have its error already.
    entry.materials.then(({ dataKey }) => dataKey.wipe()).catch(() => undefined);
  };

  const evict = (entry: Entry<M>): void => {
    if (entries.get(entry.partition) === entry) entries.delete(entry.partition);
    if (entry.successor !== undefined) evict(entry.successor);
    entry.successor = undefined;
    if (entry.evicted) return;
    entry.evicted = true;
    if (entry.ready !== undefined) observe('evict');
    wipeIfDone(entry);
  };

  const begin = (partition: string, fetch: Fetch<M>, abortable: boolean): Entry<M> => {
    const abort = abortable ? new AbortController() : undefined;
    const entry: Entry<M> = {
      partition,
      bornWall: clock.wall(),
      bornMonotonic: clock.monotonic(),
      abort,
      materials: fetch(abort?.signal),
      ready: undefined,
      messages: 0,
      bytes: 0,
      users: 0,
      evicted: false,
      successor: undefined,
      noRefreshBefore: Number.NEGATIVE_INFINITY,
    };
    entry.materials.then(
      (materials) => {
        entry.ready = materials;
      },
      () => evict(entry),
    );
    return entry;
  };

  const put = (entry: Entry<M>): Entry<M> => {
    entries.delete(entry.partition);
    entries.set(entry.partition, entry);
    newest = entry;
    nextExpiry = Math.min(nextExpiry, entry.bornWall + maxAge);
    return entry;
  };

  const refreshIfDue = (entry: Entry<M>, age: number, fetch: Fetch<M>): void => {
    if (entry.ready === undefined || !nearItsEnd(entry, age)) return;
    const { successor } = entry;
    if (successor !== undefined) {
      if (ageOf(successor) < REFRESH_PATIENCE) return;
      evict(successor);
    } else if (clock.monotonic() < entry.noRefreshBefore) return;
    observe('refresh');
    const next = begin(entry.partition, fetch, true);
    entry.successor = next;
    next.materials.then(
      () => {
        // Otherwise it has taken its place already, or was given up.
        if (entry.successor !== next) return;
        entry.successor = undefined;
        put(next);
        evict(entry);
      },
      () => {
        if (entry.successor !== next) return;
        entry.successor = undefined;
        entry.noRefreshBefore = clock.monotonic() + REFRESH_PAUSE;
        observe('refresh-failed');
      },
    );
  };

  /** The successor of a data key that is used up, if it is on its way and may be waited for. */
  const takeSuccessor = (entry: Entry<M>, bytes: number): Entry<M> | undefined => {
    const { successor } = entry;
    if (successor === undefined) return undefined;
    const age = ageOf(successor);
    if (!fits(successor, bytes, age) || age >= REFRESH_PATIENCE) return undefined;
    entry.successor = undefined;
    return successor;
  };

  /** Takes a data key that may no longer serve out of the cache; what is being fetched for its place stays. */
  const retire = (entry: Entry<M>, bytes: number): Entry<M> | undefined => {
    const successor = takeSuccessor(entry, bytes);
    evict(entry);
    return successor && put(successor);
  };

  const sweep = (): void => {
    nextExpiry = Number.POSITIVE_INFINITY;
    for (const entry of entries.values()) {
      if (ageOf(entry) >= maxAge) retire(entry, 0);
      else nextExpiry = Math.min(nextExpiry, clock.wall() + maxAge - ageOf(entry));
    }
  };

  const makeRoom = (): void => {
    for (const entry of entries.values()) {
      if (entries.size < maxEntries) break;
      evict(entry);
    }
  };

  const join = (partition: string, bytes: number, fetch: Fetch<M>, abortable: boolean): Entry<M> => {
    const now = clock.wall();
    // Put back, the clock would come to the expiry too late.
    if (now >= nextExpiry || now < latest) sweep();
    latest = now;
    const found = entries.get(partition);
    const age = found === undefined ? 0 : ageOf(found);
    if (found !== undefined && fits(found, bytes, age)) {
      observe(found.ready === undefined ? 'coalesced' : 'hit');
      refreshIfDue(found, age, fetch);
      // The most recently used one is the last one; where it is that already, nothing has to move.
      if (newest !== found) {
        entries.delete(partition);
        entries.set(partition, found);
        newest = found;
      }
      return found;
    }
    const successor = found && retire(found, bytes);
    observe(successor === undefined ? 'miss' : 'coalesced');
    if (successor !== undefined) return successor;
    makeRoom();
    return put(begin(partition, fetch, abortable));
  };

  /** A key for this caller alone, wiped after its work. */
  const unshared = (fetch: Fetch<M>): Entry<M> => {
    const entry = begin('', fetch, true);
    entry.evicted = true;
    return entry;
  };

  /** The same for a caller who waits to the end: no clock and no limit, so that it takes no entry. */
  const once = async <T>(fetch: Fetch<M>, work: (materials: M) => T): Promise<T> => {
    const materials = await fetch();
    try {
      return work(materials);
    } finally {
      materials.dataKey.wipe();
    }
  };

  const left = (entry: Entry<M>): void => {
    entry.users -= 1;
    // Nobody waits for it any more, so nobody would hear of its failure: the next caller begins anew.
    if (entry.users === 0 && entry.ready === undefined) evict(entry);
    wipeIfDone(entry);
  };

  const awaited = async <T>(entry: Entry<M>, work: (materials: M) => T, patience: Patience | undefined): Promise<T> => {
    try {
      return work(await (patience === undefined ? entry.materials : patience.wait(entry.materials)));
    } finally {
      left(entry);
    }
  };

  const joined = <T>(entry: Entry<M>, work: (materials: M) => T, patience: Patience | undefined): T | Promise<T> => {
    entry.users += 1;
    if (entry.ready === undefined) return awaited(entry, work, patience);
    try {
      return work(entry.ready);
    } finally {
      left(entry);
    }
  };

  const requireOpen = (): void => {
    if (disposed) fail('DISPOSED', 'this envelope has been disposed of');
  };

  return {
    use(partition, bytes, fetch, work, patience) {
      requireOpen();
      patience?.check();
      // Nothing else may be put under a key that one message exhausts.
      const alone = maxAge === 0 || bytes > limits.maxBytes;
      if (alone) observe('miss');
      if (alone && patience === undefined) return once(fetch, work);
      const entry = alone ? unshared(fetch) : join(partition(), bytes, fetch, patience !== undefined);
      entry.messages += 1;
      entry.bytes += bytes;
      return joined(entry, work, patience);
    },
    async prefetch(partition, fetch, patience) {
      requireOpen();
      patience?.check();
      if (maxAge > 0) await joined(join(partition(), 0, fetch, patience !== undefined), () => undefined, patience);
    },
    dispose() {
      disposed = true;
      for (const entry of entries.values()) evict(entry);
    },
  };
}
