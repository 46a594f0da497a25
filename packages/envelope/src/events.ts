import { type Channel, channel } from 'node:diagnostics_channel';
import type { EnvelopeErrorCode } from './errors.ts';

/** What a cache of data keys reports. */
export interface CacheEvent {
  /** The envelope, as its errors call it: the environment variable, or where the options came from. */
  readonly envelope: string;
  /** Which of its two caches. */
  readonly direction: 'encrypt' | 'decrypt';
}

/** What one KMS call came to. Neither plaintext, ciphertext nor encryption context is in it. */
export interface KmsCallEvent {
  /** The envelope, as its errors call it. */
  readonly envelope: string;
  /** IAM action, for example `kms:Decrypt`. */
  readonly action: string;
  /** The key that was asked. */
  readonly keyArn: string;
  /** Milliseconds from the request to the answer, retries of the SDK included. */
  readonly durationMillis: number;
  /** Requests that the SDK made, retries included; 1 where the client does not tell. */
  readonly attempts: number;
  /** How it failed; absent when it succeeded. */
  readonly code?: EnvelopeErrorCode;
}

/**
 * The channels of `node:diagnostics_channel` on which envelopes report, and what each carries. Subscribers run within
 * the call that they hear of, and cost nothing where there are none.
 *
 * - `hit`: a cached data key served; `coalesced`: a call waited for one already under way; `miss`: a call fetched one
 * - `refresh`: a data key is fetched ahead of expiry; `refresh-failed`: that failed, the old one serves on
 * - `evict`: a data key left the cache and is wiped
 * - `kms`: a KMS call ended; `throttle`: it ended because of a request quota
 *
 * @see https://nodejs.org/api/diagnostics_channel.html
 */
export interface EnvelopeEvents {
  'keysmith:envelope:hit': CacheEvent;
  'keysmith:envelope:coalesced': CacheEvent;
  'keysmith:envelope:miss': CacheEvent;
  'keysmith:envelope:refresh': CacheEvent;
  'keysmith:envelope:refresh-failed': CacheEvent;
  'keysmith:envelope:evict': CacheEvent;
  'keysmith:envelope:kms': KmsCallEvent;
  'keysmith:envelope:throttle': KmsCallEvent;
}

type Short<Name> = Name extends `keysmith:envelope:${infer Rest}` ? Rest : never;

/** What can happen, as the names of the channels end. */
export type EventKind = Short<keyof EnvelopeEvents>;

/** What happens to a cached data key. */
export type CacheEventKind = Exclude<EventKind, 'kms' | 'throttle'>;

/** What is known of an event where it happens. */
type Told<Kind extends EventKind> = Omit<EnvelopeEvents[`keysmith:envelope:${Kind}`], 'envelope'>;

/** Is told what happens in one envelope. */
export type Monitor = <Kind extends EventKind>(kind: Kind, event: Told<Kind>) => void;

/** Channels are looked up when they are first needed: by name, it would take longer than the event itself. */
const channels: Partial<Record<EventKind, Channel>> = {};

/**
 * A monitor that publishes, if anybody listens.
 * @param envelope - how events call the envelope
 * @param listeners - who else is told; some may be added later
 */
export function createMonitor(envelope: string, listeners: readonly Monitor[]): Monitor {
  return (kind, event) => {
    const listening = channels[kind] ?? channel(`keysmith:envelope:${kind}`);
    channels[kind] = listening;
    if (listening.hasSubscribers) listening.publish({ envelope, ...event });
    for (const listener of listeners) listener(kind, event);
  };
}

/** Milliseconds by a clock that does not jump. Not of `performance`, which takes Node more than a millisecond to load. */
export function monotonicMillis(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
