import { type Identity, type Principal, principalTagsOf, userIdOf } from '../identity/principal.ts';
import type { Circumstances } from './circumstances.ts';

/** Values of one condition key, or several; a map is a family of keys by what follows the name. Undefined: it is absent. */
export type Values = string | readonly string[] | ReadonlyMap<string, string> | undefined;

/** How a condition key of any service is filled. */
export interface GlobalRow {
  /** A name that ends with `/` is a family. */
  readonly key: string;
  readonly values: (circumstances: Circumstances) => Values;
}

const TYPES: Readonly<Record<Principal['type'], string | undefined>> = {
  role: 'AssumedRole',
  user: 'User',
  root: 'Account',
  service: undefined,
};

/** What AWS does not tell of a call that a service makes for somebody: that is the address of the service. */
function direct<T>(of: (circumstances: Circumstances) => T): (circumstances: Circumstances) => T | undefined {
  return (circumstances) => (circumstances.claims.via === undefined ? of(circumstances) : undefined);
}

/** Of every call. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
const OF_CALL: readonly GlobalRow[] = [
  { key: 'aws:RequestedRegion', values: ({ region }) => region },
  // KMS takes nothing but TLS, so a policy that demands it must behave here as there, on plain HTTP over loopback.
  { key: 'aws:SecureTransport', values: () => 'true' },
  { key: 'aws:CurrentTime', values: ({ now }) => now.toISOString() },
  { key: 'aws:EpochTime', values: ({ now }) => String(Math.floor(now.getTime() / 1000)) },
];

/** Of a call of an AWS service for itself, what it says; what follows from its being one, the engine knows. */
const OF_SERVICE: readonly GlobalRow[] = [
  ...OF_CALL,
  { key: 'aws:SourceArn', values: ({ identity }) => identity.principal.service?.sourceArn },
  { key: 'aws:SourceAccount', values: ({ identity }) => identity.principal.service?.sourceAccount },
  { key: 'aws:SourceOrgID', values: ({ identity }) => identity.principal.service?.sourceOrgId },
  { key: 'aws:SourceOrgPaths', values: ({ identity }) => identity.principal.service?.sourceOrgPaths },
];

/** Of a call of somebody in an account. */
const OF_PRINCIPAL: readonly GlobalRow[] = [
  ...OF_CALL,
  { key: 'aws:PrincipalArn', values: ({ identity }) => identity.principal.arn },
  { key: 'aws:PrincipalAccount', values: ({ identity }) => identity.principal.account },
  {
    key: 'aws:PrincipalType',
    values: ({ identity }) => TYPES[identity.principal.type],
  },
  { key: 'aws:PrincipalTag/', values: ({ identity }) => principalTagsOf(identity) },
  { key: 'aws:PrincipalOrgID', values: ({ organizationId }) => organizationId },
  { key: 'aws:PrincipalIsAWSService', values: () => 'false' },
  { key: 'aws:ViaAWSService', values: ({ claims }) => String(claims.via !== undefined) },
  { key: 'aws:CalledVia', values: ({ claims: { calledVia } }) => (calledVia.length > 0 ? calledVia : undefined) },
  { key: 'aws:CalledViaFirst', values: ({ claims }) => claims.calledVia[0] },
  { key: 'aws:CalledViaLast', values: ({ claims }) => claims.calledVia.at(-1) },
  { key: 'aws:userid', values: ({ identity }) => userIdOf(identity) },
  {
    key: 'aws:username',
    values: ({ identity: { principal } }) => (principal.type === 'user' ? principal.name : undefined),
  },
  { key: 'aws:TokenIssueTime', values: ({ identity }) => identity.session?.issuedAt.toISOString() },
  // Only temporary credentials carry it, and none of those here were got with a second factor.
  { key: 'aws:MultiFactorAuthPresent', values: ({ identity }) => identity.session && 'false' },
  { key: 'aws:FederatedProvider', values: ({ identity }) => identity.session?.provider },
  { key: 'aws:SourceIdentity', values: ({ identity }) => identity.session?.sourceIdentity },
  // Through a VPC endpoint the address is one of the VPC.
  {
    key: 'aws:SourceIp',
    values: direct(({ sourceAddress, claims }) => (claims.endpoint === undefined ? sourceAddress : undefined)),
  },
  { key: 'aws:SourceVpce', values: ({ claims }) => claims.endpoint?.id },
  { key: 'aws:SourceVpc', values: ({ claims }) => claims.endpoint?.vpcId },
  {
    key: 'aws:VpcSourceIp',
    values: ({ sourceAddress, claims }) => (claims.endpoint === undefined ? undefined : sourceAddress),
  },
  { key: 'aws:UserAgent', values: direct(({ userAgent }) => userAgent) },
];

/** The condition keys that any service of AWS has from a call, by who makes it. */
export function globalRowsOf({ principal }: Identity): readonly GlobalRow[] {
  return principal.type === 'service' ? OF_SERVICE : OF_PRINCIPAL;
}

type Context = Record<string, string | readonly string[]>;

/** Without a prototype: part of the names is the client's. */
export function emptyContext(): Context {
  return Object.create(null);
}

export function addTo(context: Context, key: string, found: Values): void {
  if (found === undefined) return;
  if (found instanceof Map) for (const [name, value] of found) context[key + name] = value;
  else context[key] = found as string | readonly string[];
}

/** The condition keys that any service has from a call. */
export function addGlobalKeys(context: Context, circumstances: Circumstances): void {
  for (const { key, values } of globalRowsOf(circumstances.identity)) addTo(context, key, values(circumstances));
}
