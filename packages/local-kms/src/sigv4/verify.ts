import { type Identities, type Issued, sameSecret } from '../identity/identities.ts';
import type { Identity } from '../identity/principal.ts';
import { REGION_NAME } from '../state/arn.ts';
import type { WireRequest } from '../wire/message.ts';
import { faults } from '../wire/texts.ts';
import { type Authorization, readAuthorization } from './authorization.ts';
import { signatureOf } from './canonical.ts';
import { requireTimestamp } from './timestamp.ts';

/** Who signed a request, and for which Region: the Region of the call is the Region of the signature's scope. */
export interface Verified {
  readonly identity: Identity;
  readonly region: string;
}

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
  const authorization = readAuthorization(request);
  if (authorization.service !== service) throw faults.scopedToOtherService(service);
  // One address is that of all Regions, and what is none is nobody's.
  if (!REGION_NAME.test(authorization.region)) throw faults.scopedToNoRegion(authorization.region);
  requireCoverage(request, authorization);
  const issued = findIssued(authorization, identities);
  requireTimestamp(authorization, now);
  const expected = signatureOf(request, authorization, issued.signingKey(authorization));
  if (!sameSecret(expected, authorization.signature)) {
    throw faults.wrongSignature('the secret access key, or a part of the request that was signed, is another');
  }
  const { expiration } = issued.credentials;
  if (expiration !== undefined && expiration <= now) throw faults.expiredToken();
  return { identity: issued.identity, region: authorization.region };
}

function requireCoverage({ headers }: WireRequest, { signedHeaders }: Authorization): void {
  const missing = COVERED.find((name) => headers.has(name) && !signedHeaders.includes(name));
  if (missing !== undefined || !signedHeaders.includes('host')) {
    throw faults.incompleteSignature(`'${missing ?? 'host'}' must be a 'SignedHeader' in the AWS Authorization.`);
  }
}

/** The credentials of the access key, where the session token is the one that was handed out with it. */
function findIssued({ accessKeyId, sessionToken }: Authorization, identities: Identities): Issued {
  const issued = identities.issued.get(accessKeyId);
  if (issued === undefined) throw faults.invalidToken('the local STS did not hand out this access key');
  if (!sameSecret(sessionToken, issued.credentials.sessionToken ?? '')) {
    throw faults.invalidToken('the session token does not belong to this access key');
  }
  return issued;
}
