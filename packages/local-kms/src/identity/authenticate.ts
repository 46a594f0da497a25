import { readAuthorization } from '../sigv4/authorization.ts';
import { type Verified, verifySignature } from '../sigv4/verify.ts';
import type { WireRequest } from '../wire/message.ts';
import type { World } from '../world.ts';
import { rootOf } from './identities.ts';

/**
 * Who calls. Mode `off` asks nobody: what is signed by credentials that were handed out here is believed, everything else
 * acts as the root user of the local account.
 */
export function authenticate(request: WireRequest, service: 'kms' | 'sts', world: World, now: Date): Verified {
  if (world.mode !== 'off') return verifySignature(request, service, world.identities, now);
  try {
    return verifySignature(request, service, world.identities, now);
  } catch {
    const region = claimedRegion(request) ?? world.region;
    const principal = rootOf(world.account, region);
    return { identity: { principal, session: undefined, accessKeyId: undefined }, region };
  }
}

/** The Region in the scope of a signature that nobody verified. */
function claimedRegion(request: WireRequest): string | undefined {
  try {
    return readAuthorization(request).region;
  } catch {
    return undefined;
  }
}
