import type { Identity } from '../identity/principal.ts';
import { isLoopback } from '../server/loopback.ts';
import type { WireRequest } from '../wire/message.ts';
import { faults } from '../wire/texts.ts';
import type { World } from '../world.ts';
import { CALLED_VIA_HEADER, type ClaimedWay, type Claims, ENDPOINT_HEADER, NO_CLAIMS, VIA_HEADER } from './way.ts';

const SERVICE = /^[a-z][a-z0-9-]{0,62}$/;
const SERVICE_PRINCIPAL = /^[a-z][a-z0-9-]{0,62}(?:\.[a-z0-9-]{1,32}){0,2}\.amazonaws\.com(?:\.cn)?$/;
const MAX_CHAIN = 10;
const VIA_SERVICE = /^[a-z][a-z0-9-]{0,62}\.[a-z0-9-]{1,32}\.amazonaws\.com(?:\.cn)?$/;

/**
 * What a request says about its way.
 * @throws Fault ValidationException where it says what cannot be, or says it from another machine
 */
export function claimsOf(
  { headers, sourceAddress }: WireRequest,
  world: World,
  region: string,
  { principal }: Identity,
): Claims {
  const [via, chain, endpoint] = [VIA_HEADER, CALLED_VIA_HEADER, ENDPOINT_HEADER].map((name) => headers.get(name));
  if (via === undefined && chain === undefined && endpoint === undefined) return NO_CLAIMS;
  if (!isLoopback(sourceAddress)) {
    throw faults.unworded(`${VIA_HEADER} and the like are for programs on the same machine`);
  }
  const { claims, problems } = claimsFrom(
    {
      ...(via !== undefined && { via }),
      ...(chain !== undefined && { calledVia: chain.split(',').map((one) => one.trim()) }),
      ...(endpoint !== undefined && { vpcEndpoint: endpoint }),
    },
    world,
    region,
    principal.type === 'service',
  );
  if (problems.length > 0) throw faults.unworded(problems.join('; '));
  return claims;
}

/**
 * The claims that words make, and what is wrong with the words.
 * @param isService - whether an AWS service calls for itself
 */
export function claimsFrom(
  { via, calledVia, vpcEndpoint }: ClaimedWay,
  { vpcEndpointNamed }: Pick<World, 'vpcEndpointNamed'>,
  region: string,
  isService = false,
): { readonly claims: Claims; readonly problems: readonly string[] } {
  const problems: string[] = [];
  if (isService && (via ?? calledVia ?? vpcEndpoint) !== undefined) {
    problems.push('a service that calls for itself comes from its own network, and for nobody: leave the way out');
  }
  if (via !== undefined && !SERVICE.test(via) && !VIA_SERVICE.test(via)) {
    problems.push(`via must be a service such as "s3" or "s3.${region}.amazonaws.com", not ${quoted(via)}`);
  }
  if (calledVia !== undefined && via === undefined) problems.push('calledVia needs via: the service that calls KMS');
  if (calledVia !== undefined && (calledVia.length < 1 || calledVia.length > MAX_CHAIN)) {
    problems.push(`calledVia must have 1 to ${MAX_CHAIN} services, not ${calledVia.length}`);
  }
  const none = calledVia?.find((one) => !SERVICE_PRINCIPAL.test(one));
  if (none !== undefined) {
    problems.push(`calledVia must be service principals such as "athena.amazonaws.com", not ${quoted(none)}`);
  }
  if (via !== undefined && vpcEndpoint !== undefined) {
    problems.push('via and vpcEndpoint exclude each other: a service calls KMS from its own network');
  }
  const found = vpcEndpoint === undefined ? undefined : vpcEndpointNamed(vpcEndpoint);
  if (found !== undefined && 'problem' in found) problems.push(found.problem);
  return {
    claims: {
      via: via !== undefined && SERVICE.test(via) ? `${via}.${region}.amazonaws.com${suffix(region)}` : via,
      calledVia: calledVia ?? [],
      endpoint: found !== undefined && 'id' in found ? found : undefined,
    },
    problems,
  };
}

function suffix(region: string): string {
  return region.startsWith('cn-') ? '.cn' : '';
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}
