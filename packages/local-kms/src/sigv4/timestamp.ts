import { faults } from '../wire/texts.ts';
import type { Authorization } from './authorization.ts';

const MAX_SKEW_MINUTES = 5;
const SKEW = MAX_SKEW_MINUTES * 60_000;

/**
 * Whether a signature is of now, by the server's clock: five minutes off are forgiven either way. A presigned request is
 * good from its time on for as long as it says.
 *
 * @throws Fault IncompleteSignatureException or InvalidSignatureException
 */
export function requireTimestamp({ timestamp, date, expiresSeconds }: Authorization, now: Date): void {
  const signed = instantOf(timestamp);
  if (signed === undefined || !timestamp.startsWith(date)) {
    throw faults.incompleteSignature("Authorization header requires existence of a valid 'X-Amz-Date' header.");
  }
  const at = now.getTime();
  if (signed > at + SKEW) {
    throw faults.signatureNotYetCurrent(timestamp, compact(new Date(at + SKEW)), compact(now));
  }
  if (expiresSeconds === undefined) {
    if (signed < at - SKEW) throw faults.signatureExpired(timestamp, compact(new Date(at - SKEW)), compact(now));
  } else if (signed + expiresSeconds * 1000 < at) {
    throw faults.presignedExpired(compact(new Date(signed + expiresSeconds * 1000)), compact(now));
  }
}

/** Milliseconds since 1970. */
function instantOf(timestamp: string): number | undefined {
  if (timestamp !== latest.timestamp) latest = { timestamp, instant: readInstant(timestamp) };
  return latest.instant;
}

/** The requests of one second have the same. */
let latest: { readonly timestamp: string; readonly instant: number | undefined } = {
  timestamp: '',
  instant: undefined,
};

function readInstant(timestamp: string): number | undefined {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/.exec(timestamp) ?? [];
  if (s === undefined) return undefined;
  const instant = Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`);
  return Number.isNaN(instant) ? undefined : instant;
}

/** `2026-01-02T03:04:05.678Z` → `20260102T030405Z`. */
function compact(instant: Date): string {
  return `${instant.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}
