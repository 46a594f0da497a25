import { LocalKmsError, shown } from '../errors.ts';

/** A key of a JSON Web Key Set, as the provider publishes it. */
export type PublicJwk = Readonly<Record<string, unknown>> & { readonly kty: string };

/**
 * An OpenID Connect provider whose tokens AssumeRoleWithWebIdentity takes, in every account. Its keys are given here:
 * nothing is fetched from it.
 */
export interface WebIdentityProvider {
  /** As its tokens say in `iss`: `https://token.actions.githubusercontent.com`. */
  readonly issuer: string;
  /** Client ids, of which a token's `aud` must be one. */
  readonly audiences: readonly string[];
  /** Public keys, as the provider publishes them at its `jwks_uri`. */
  readonly jwks: { readonly keys: readonly PublicJwk[] };
}

/** How IAM and condition keys call a provider: `token.actions.githubusercontent.com`. */
export function nameOfProvider({ issuer }: WebIdentityProvider): string {
  return issuer.replace('https://', '');
}

/** @throws {@link LocalKmsError} `INVALID_OPTION`, naming everything that is wrong */
export function checkWebIdentityProviders(providers: readonly WebIdentityProvider[]): void {
  const problems = providers.flatMap(({ issuer, audiences, jwks }, index) => {
    const at = `webIdentityProviders[${index}]`;
    return [
      ...(/^https:\/\/[^\s?#]{1,250}$/.test(issuer)
        ? []
        : [`${at}.issuer must be a URL that begins with https://, not ${shown(issuer)}`]),
      ...(Array.isArray(audiences) && audiences.length > 0 ? [] : [`${at}.audiences must name at least one client id`]),
      ...(Array.isArray(jwks?.keys) && jwks.keys.every((key) => typeof key.kty === 'string' && !('d' in key))
        ? []
        : [`${at}.jwks must be a set of public keys: { keys: [{ kty, … }] }`]),
    ];
  });
  if (problems.length > 0) throw new LocalKmsError('INVALID_OPTION', problems.join('; '));
}
