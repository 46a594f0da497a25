import { EnvelopeError } from './errors.ts';
import { type CacheEvent, type CacheEventKind, publish } from './events.ts';

/** What one cache of data keys has done since the envelope was opened. */
export interface CacheStats {
  /** Calls that a cached data key served. */
  readonly hits: number;
  /** Calls that waited for a data key which another call was fetching. */
  readonly coalesced: number;
  /** Calls that fetched a data key. */
  readonly misses: number;
  /** Data keys fetched ahead of expiry. */
  readonly refreshes: number;
  /** Those of them that failed, while the old data key served on. */
  readonly failedRefreshes: number;
  /** Data keys that left the cache and were wiped. */
  readonly evictions: number;
}

/** What KMS was asked for since the envelope was opened, by action and Region. */
export interface KmsStats {
  /** IAM action, for example `kms:Decrypt`. */
  readonly action: string;
  /** Region of the key. */
  readonly region: string;
  /** Calls, whatever came of them. */
  readonly calls: number;
  /** Requests that these calls made, retries of the SDK included: what KMS counts. */
  readonly requests: number;
  /** Calls that failed. */
  readonly failures: number;
  /** Calls that failed because of a request quota. */
  readonly throttled: number;
  /** Milliseconds that all calls took together. */
  readonly millis: number;
}

/** Counters of one envelope: plain numbers, a copy of the moment. */
export interface EnvelopeStats {
  /** When counting began: milliseconds since 1970. */
  readonly since: number;
  /** The cache of data keys to encrypt with. */
  readonly encrypt: CacheStats;
  /** The cache of data keys to decrypt with. */
  readonly decrypt: CacheStats;
  /** Calls of KMS altogether. */
  readonly kmsCalls: number;
  /** The same by action and Region. */
  readonly kms: readonly KmsStats[];
}

type Counters<T> = { -readonly [Name in keyof T]: T[Name] };

const COUNTER: Readonly<Record<CacheEventKind, keyof CacheStats>> = {
  hit: 'hits',
  coalesced: 'coalesced',
  miss: 'misses',
  refresh: 'refreshes',
  'refresh-failed': 'failedRefreshes',
  evict: 'evictions',
};

/** Counts what happens in one envelope, and tells whoever listens. */
export interface Monitor {
  /** The function that the cache of one direction reports to. */
  cache(direction: CacheEvent['direction']): (kind: CacheEventKind) => void;
  /**
   * Takes note of a KMS call that ended.
   * @param millis - from the request to the answer
   * @param result - an EnvelopeError when it failed
   */
  kms(action: string, keyArn: string, millis: number, attempts: number, result: unknown): void;
  stats(): EnvelopeStats;
}

/**
 * A monitor that has counted nothing yet.
 * @param envelope - how events call the envelope
 */
export function createMonitor(envelope: string): Monitor {
  const since = Date.now();
  const caches = { encrypt: noCacheStats(), decrypt: noCacheStats() };
  const kms = new Map<string, Counters<KmsStats>>();
  return {
    cache: (direction) => (kind) => {
      caches[direction][COUNTER[kind]] += 1;
      publish(kind, () => ({ envelope, direction }));
    },
    kms: (action, keyArn, durationMillis, attempts, result) => {
      const region = keyArn.split(':', 4)[3] ?? '';
      const name = action + region;
      const row = kms.get(name) ?? { action, region, calls: 0, requests: 0, failures: 0, throttled: 0, millis: 0 };
      kms.set(name, row);
      row.calls += 1;
      row.requests += attempts;
      row.millis += durationMillis;
      const event = { envelope, action, keyArn, durationMillis, attempts };
      if (!(result instanceof EnvelopeError)) {
        publish('kms', () => event);
        return;
      }
      const { code } = result;
      row.failures += 1;
      publish('kms', () => ({ ...event, code }));
      if (code !== 'THROTTLED') return;
      row.throttled += 1;
      publish('throttle', () => ({ ...event, code }));
    },
    stats: () => {
      const rows = [...kms.values()].map((row) => ({ ...row }));
      const kmsCalls = rows.reduce((sum, { calls }) => sum + calls, 0);
      return { since, encrypt: { ...caches.encrypt }, decrypt: { ...caches.decrypt }, kmsCalls, kms: rows };
    },
  };
}

function noCacheStats(): Counters<CacheStats> {
  return { hits: 0, coalesced: 0, misses: 0, refreshes: 0, failedRefreshes: 0, evictions: 0 };
}
