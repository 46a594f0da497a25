import type { AliasModel, KeyModel, Located, Policy, PrincipalModel } from '@cdk-keysmith/access';
import { aliasArn, keyArn, partitionOf } from '../../state/arn.ts';
import type { KeySpec, KeyUsage } from '../../state/key-specs.ts';
import type { Environment } from '../binding.ts';
import type { SeedKey, SeedPrincipal } from './document.ts';

/** The stack of what a seed file declares; no stack of CloudFormation has such a name. */
export const SEED_STACK = '(seed file)';
/** As CloudFormation's default: what is gone from the file is deleted. */
const DELETION_POLICY = 'Delete';

function located(name: string, logicalId: string, { account, region }: Environment): Located {
  return { constructPath: name, logicalId, stack: SEED_STACK, account, region };
}

export function keyModel(key: SeedKey, place: Environment, spec: KeySpec, usage: KeyUsage, policy: Policy): KeyModel {
  const { keyId, rotationPeriodInDays, keyState } = key;
  const arn = keyArn(place.account, place.region, keyId);
  const name = key.name ?? key.aliases?.[0] ?? arn;
  return {
    ...located(name, keyId, place),
    ...ownOf(key, named(policy, name)),
    arn,
    id: keyId,
    keySpec: spec,
    keyUsage: usage,
    origin: key.origin ?? 'AWS_KMS',
    multiRegion: keyId.startsWith('mrk-'),
    enabled: keyState !== 'Disabled',
    rotation: { enabled: rotationPeriodInDays !== undefined, periodInDays: rotationPeriodInDays ?? 365 },
    pendingWindowInDays: key.pendingWindowInDays ?? 30,
  };
}

type Replica = NonNullable<SeedKey['replicas']>[number];

export function replicaModels(
  { replicas = [] }: SeedKey,
  primary: KeyModel,
  policyOf: (replica: Replica, index: number) => Policy,
): readonly KeyModel[] {
  return replicas.map((replica, index) => {
    const place = { account: String(primary.account), region: replica.region };
    const name = `${primary.constructPath} in ${replica.region}`;
    return {
      ...primary,
      ...located(name, primary.logicalId, place),
      ...ownOf(replica, named(policyOf(replica, index), name)),
      arn: keyArn(place.account, place.region, String(primary.id)),
      enabled: true,
      replicaOf: { primaryKeyArn: primary.arn, primary },
    };
  });
}

/** Reasons call a policy by what it is the policy of, as they do for an app. */
function named(policy: Policy, name: string): Policy {
  return { ...policy, name: `key policy of ${name}` };
}

type Own = Pick<SeedKey, 'description' | 'tags' | 'aliases'>;

function ownOf({ description = '', tags = {} }: Own, keyPolicy: Policy) {
  return {
    description,
    tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
    keyPolicy,
    bypassPolicyLockoutSafetyCheck: true,
    deletionPolicy: DELETION_POLICY,
    problems: [],
  };
}

export function aliasModels({ aliases = [] }: Own, key: KeyModel): readonly AliasModel[] {
  const place = { account: String(key.account), region: String(key.region) };
  return aliases.map((name) => ({
    ...located(name, name, place),
    name,
    arn: aliasArn(place.account, place.region, name),
    target: key.arn,
    key,
    deletionPolicy: DELETION_POLICY,
  }));
}

type Policies = Pick<PrincipalModel, 'identityPolicies' | 'permissionsBoundary' | 'trustPolicy'>;

export function principalModel(given: SeedPrincipal, defaults: Environment, policies: Policies): PrincipalModel {
  const { name, type = 'role', path = '/' } = given;
  const place = { account: given.account ?? defaults.account, region: given.region ?? defaults.region };
  const called = (policy: Policy, what: string) => ({ ...policy, name: `${what} of ${name}` });
  const { identityPolicies, permissionsBoundary, trustPolicy } = policies;
  return {
    ...located(name, name, place),
    type,
    arn: `arn:${partitionOf(place.region)}:iam::${place.account}:${type}${path}${name}`,
    name,
    path,
    identityPolicies: identityPolicies.map((policy, index) => called(policy, `policy ${index + 1}`)),
    permissionsBoundary: permissionsBoundary && called(permissionsBoundary, 'permissions boundary'),
    trustPolicy: trustPolicy && called(trustPolicy, 'trust policy'),
    maxSessionDuration: type === 'role' ? String(given.maxSessionDuration ?? 3600) : undefined,
    unknownPolicies: [],
    tags: [],
    groups: [],
    problems: [],
  };
}
