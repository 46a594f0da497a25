import type { PrincipalModel } from '../model.ts';
import { readPolicy } from '../parsing/policy.ts';
import type { Policy } from '../policy.ts';
import { inWords, isSymbolic } from '../symbolic/text.ts';
import { type Attachment, inlinePolicies, names, unreadablePolicy } from './attachments.ts';
import { unknownPolicyName } from './managed-policies.ts';
import { attribute, located, type Resource, resourcesOf, valueAt, valuesAt } from './resource.ts';
import type { Scope } from './scope.ts';

const TYPES = { 'AWS::IAM::Role': 'role', 'AWS::IAM::User': 'user' } as const;

export function principalsOf(scope: Scope, attachments: readonly Attachment[]): readonly PrincipalModel[] {
  return resourcesOf(scope, new Set(Object.keys(TYPES))).map((resource) => principalOf(resource, attachments));
}

function principalOf(resource: Resource, attachments: readonly Attachment[]): PrincipalModel {
  const type = resource.type === 'AWS::IAM::Role' ? TYPES['AWS::IAM::Role'] : TYPES['AWS::IAM::User'];
  const name = attribute(resource, 'Ref');
  const managed = valuesAt(resource, 'ManagedPolicyArns');
  const attached = attachments.filter(({ roles, users, arn }) => {
    return names(type === 'role' ? roles : users, name) || (arn !== undefined && names(managed, arn));
  });
  const inline = inlinePolicies(resource);
  const trust = type === 'role' ? trustPolicyOf(resource) : undefined;
  const own = [...inline, ...attached];
  return {
    ...located(resource),
    type,
    arn: attribute(resource, 'Arn'),
    name,
    trustPolicy: trust?.policy,
    identityPolicies: own.map(({ policy }) => policy),
    permissionsBoundary: boundaryOf(resource, attachments),
    unknownPolicies: unknownPoliciesOf(resource, attachments),
    problems: [
      ...(trust?.problems ?? []).map((problem) => `AssumeRolePolicyDocument: ${problem}`),
      ...own.flatMap(({ policy, problems }) => problems.map((problem) => `${policy.name}: ${problem}`)),
    ],
  };
}

function trustPolicyOf(resource: Resource): Pick<Attachment, 'policy' | 'problems'> {
  const { constructPath } = resource;
  const source = { name: `trust policy of ${constructPath}`, kind: 'trust', constructPath } as const;
  return readPolicy(resource.properties['AssumeRolePolicyDocument'], source);
}

function boundaryOf(resource: Resource, attachments: readonly Attachment[]): Policy | undefined {
  const arn = valueAt(resource, 'PermissionsBoundary');
  if (arn === undefined) return undefined;
  const found = attachments.find((attachment) => attachment.arn !== undefined && names([arn], attachment.arn));
  if (found !== undefined) return { ...found.policy, kind: 'boundary' };
  const name = `permissions boundary ${inWords(arn)} of ${resource.constructPath}`;
  return unreadablePolicy(name, 'boundary', 'its text is not in the app');
}

function unknownPoliciesOf(resource: Resource, attachments: readonly Attachment[]): readonly string[] {
  const own = attachments.flatMap(({ arn }) => arn ?? []);
  const foreign = valuesAt(resource, 'ManagedPolicyArns').filter((arn) => !names(own, arn));
  const groups = valuesAt(resource, 'Groups').map((group) => `policies of group ${inWords(group)}`);
  const conditional = isSymbolic(resource.properties['Policies']) ? ['inline policies decided at deployment'] : [];
  return [...foreign.flatMap((arn) => unknownPolicyName(arn) ?? []), ...groups, ...conditional];
}
