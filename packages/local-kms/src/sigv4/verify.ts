import { type Identities, type Issued, sameSecret } from '../identity/identities.ts';
import type { Identity } from '../identity/principal.ts';
import type { WireRequest } from '../wire/message.ts';
import { faults } from '../wire/texts.ts';
import { type Authorization, parseAuthorization } from './authorization.ts';
import { signatureOf } from './canonical.ts';

/** Who signed a request, and for which Region: the Region of the call is the Region of the signature's scope. */
export interface Verified {
  readonly identity: Identity;
  readonly region: string;
}

const MAX_SKEW_MINUTES = 5;

/** Headers that a signature must cover where they are sent: they say to whom, what, when and by whom. */
const COVERED = ['host', 'x-amz-date', 'x-amz-target', 'x-amz-security-token'];

/**
 * Verifies Signature Version 4.
 *
 * The secret is checked before the expiry of the token: only who holds the secret learns that it was once good.
 *
 * @param service - `kms` or `sts`, as the scope must say
 * @throws Fault MissingAuthenticationTokenException, IncompleteSignatureException, UnrecognizedClientException,
 * InvalidSignatureException, ExpiredTokenException
 */
export function verifySignature(
  request: WireRequest,
  service: 'kms' | 'sts',
  identities: Identities,
  now: Date,
): Verified {
  const header = request.headers.get('authorization');
  if (header === undefined) throw faults.missingAuthentication();
  const authorization = parseAuthorization(header);
  if (authorization.service !== service) {
    throw faults.wrongSignature(`the credential scope is for ${authorization.service}, the call for ${service}`);
  }
  requireCoverage(request, authorization);
  const issued = findIssued(request, authorization, identities);
  const timestamp = requireTimestamp(request, authorization, now);
  const expected = signatureOf(request, authorization, timestamp, issued.credentials.secretAccessKey);
  if (!sameSecret(expected, authorization.signature)) {
    throw faults.wrongSignature('the secret access key, or a part of the request that was signed, is another');
  }
  const { expiration } = issued.credentials;
  if (expiration !== undefined && expiration <= now) throw faults.expiredToken();
  return { identity: issued.identity, region: authorization.region };
}

function requireCoverage(request: WireRequest, { signedHeaders }: Authorization): void {
  const missing = COVERED.find((name) => request.headers.has(name) && !signedHeaders.includes(name));
  if (missing !== undefined || !signedHeaders.includes('host')) {
    throw faults.incompleteSignature(`'${missing ?? 'host'}' must be a 'SignedHeader' in the AWS Authorization.`);
  }
}

/** The credentials of the access key, where the session token is the one that was handed out with it. */
function findIssued(request: WireRequest, authorization: Authorization, identities: Identities): Issued {
  const issued = identities.issued.get(authorization.accessKeyId);
  if (issued === undefined) throw faults.invalidToken('the local STS did not hand out this access key');
  const sent = request.headers.get('x-amz-security-token') ?? '';
  if (!sameSecret(sent, issued.credentials.sessionToken ?? '')) {
    throw faults.invalidToken('the session token does not belong to this access key');
  }
  return issued;
}

function requireTimestamp(request: WireRequest, { date }: Authorization, now: Date): string {
  const timestamp = request.headers.get('x-amz-date') ?? '';
  const signed = instantOf(timestamp);
  if (signed === undefined || !timestamp.startsWith(date)) {
    throw faults.incompleteSignature("Authorization header requires existence of a valid 'X-Amz-Date' header.");
  }
  const skew = MAX_SKEW_MINUTES * 60_000;
  const earliest = new Date(now.getTime() - skew);
  const latest = new Date(now.getTime() + skew);
  if (signed < earliest) throw faults.signatureExpired(timestamp, compact(earliest), compact(now));
  if (signed > latest) throw faults.signatureNotYetCurrent(timestamp, compact(latest), compact(now));
  return timestamp;
}

function instantOf(timestamp: string): Date | undefined {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/.exec(timestamp) ?? [];
  const instant = new Date(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}

/** `2026-01-02T03:04:05.678Z` → `20260102T030405Z`. */
function compact(instant: Date): string {
  return `${instant.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}
