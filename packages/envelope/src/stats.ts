import type { Disposal } from './envelope.ts';
import type { CacheEvent, CacheEventKind, EventKind, KmsCallEvent } from './events.ts';
import { settingsBehind } from './inside.ts';

/** What one cache of data keys has done since counting began. */
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

/** What KMS was asked for since counting began, by action and Region. */
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

/**
 * Begins to count what happens in an envelope. Call it where the envelope is opened, so that nothing goes uncounted.
 * @param box - an envelope, of one direction or both
 * @returns reads the counters: plain numbers, a copy of the moment
 * @throws EnvelopeError `INVALID_INPUT` for something else than an envelope
 */
export function statsOf(box: Disposal): () => EnvelopeStats {
  const since = Date.now();
  const caches = { encrypt: noCacheStats(), decrypt: noCacheStats() };
  const kms = new Map<string, Counters<KmsStats>>();
  settingsBehind(box).listeners.push((kind: EventKind, event: Partial<CacheEvent & KmsCallEvent>) => {
    // A call that was throttled is told of as a call too.
    if (kind === 'kms') countCall(kms, event as KmsCallEvent);
    else if (kind !== 'throttle') caches[(event as CacheEvent).direction][COUNTER[kind]] += 1;
  });
  return () => {
    const rows = [...kms.values()].map((row) => ({ ...row }));
    const kmsCalls = rows.reduce((sum, { calls }) => sum + calls, 0);
    return { since, encrypt: { ...caches.encrypt }, decrypt: { ...caches.decrypt }, kmsCalls, kms: rows };
  };
}

function noCacheStats(): Counters<CacheStats> {
  return { hits: 0, coalesced: 0, misses: 0, refreshes: 0, failedRefreshes: 0, evictions: 0 };
}

function countCall(
  kms: Map<string, Counters<KmsStats>>,
  { action, keyArn, durationMillis, attempts, code }: Omit<KmsCallEvent, 'envelope'>,
): void {
  const region = keyArn.split(':', 4)[3] ?? '';
  const name = action + region;
  const row = kms.get(name) ?? { action, region, calls: 0, requests: 0, failures: 0, throttled: 0, millis: 0 };
  kms.set(name, row);
  row.calls += 1;
  row.requests += attempts;
  row.millis += durationMillis;
  if (code !== undefined) row.failures += 1;
  if (code === 'THROTTLED') row.throttled += 1;
}
