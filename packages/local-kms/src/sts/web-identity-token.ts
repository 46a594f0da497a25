import type { JWTPayload } from 'jose';
import { Fault } from '../wire/fault.ts';
import type { WebIdentityProvider } from './web-identity-provider.ts';

/** Longest token that STS takes, in characters. */
const MAX_TOKEN = 20_000;

/** What a provider says in a token about whoever holds it. */
export interface WebIdentityClaims {
  readonly provider: WebIdentityProvider;
  readonly subject: string;
  readonly audience: string;
  readonly payload: JWTPayload;
}

/**
 * Verifies a token: signature, issuer, audience and times, by the server's clock.
 *
 * @throws Fault InvalidIdentityToken or ExpiredTokenException
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
export async function verifyWebIdentityToken(
  token: string,
  providers: readonly WebIdentityProvider[],
  now: Date,
): Promise<WebIdentityClaims> {
  if (token.length > MAX_TOKEN) throw invalid('the token is longer than any that STS takes');
  // Few programs ever ask for this: the others do not wait for the library.
  const { createLocalJWKSet, decodeJwt, errors, jwtVerify } = await import('jose');
  let issuer: string | undefined;
  try {
    issuer = decodeJwt(token).iss;
  } catch {
    throw invalid('the token is no JSON Web Token');
  }
  const provider = providers.find((one) => one.issuer === issuer);
  if (provider === undefined) {
    throw invalid('the option webIdentityProviders has no provider with the issuer of the token');
  }
  try {
    const { payload } = await jwtVerify(token, createLocalJWKSet({ keys: [...provider.jwks.keys] }), {
      issuer: provider.issuer,
      audience: [...provider.audiences],
      currentDate: now,
      requiredClaims: ['sub', 'aud', 'exp', 'iat'],
      algorithms: ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'],
    });
    const audience = [payload.aud ?? []].flat().find((one) => provider.audiences.includes(one));
    return { provider, subject: payload.sub ?? '', audience: audience ?? '', payload };
  } catch (error) {
    if (error instanceof errors.JWTExpired)
      throw new Fault('ExpiredTokenException', 'Token expired: the token has ended');
    throw invalid(error instanceof errors.JOSEError ? error.code : 'the token cannot be verified');
  }
}

function invalid(why: string): Fault {
  return new Fault('InvalidIdentityToken', 'Token could not be verified', why);
}
