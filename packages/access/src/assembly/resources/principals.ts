import type { GroupModel, PrincipalModel } from '../../model.ts';
import { onlyUnder, type ReadPolicy, readPolicy } from '../../parsing/policy.ts';
import type { Policy } from '../../policy.ts';
import type { Found } from '../../symbolic/case-index.ts';
import { casesOfOutcome, without } from '../../symbolic/cases.ts';
import { asValue } from '../../symbolic/outcome.ts';
import { inWords } from '../../symbolic/text.ts';
import { type Attachment, unreadablePolicy } from './attachments.ts';
import { type Memberships, throughGroups } from './groups.ts';
import { type Attachments, type Holdings, holdingsOf } from './holdings.ts';
import { awsManagedPolicy } from './managed-policies.ts';
import { attribute, located, ofTypes, property, type Resource, valueOr } from './resource.ts';
import { tagsOf } from './tags.ts';

const TYPES = { 'AWS::IAM::Role': 'role', 'AWS::IAM::User': 'user' } as const;

export function principalsOf(
  resources: readonly Resource[],
  attachments: Attachments,
  memberships: Memberships,
): readonly PrincipalModel[] {
  return ofTypes(resources, Object.keys(TYPES)).map((resource) => {
    const type = resource.type === 'AWS::IAM::Role' ? 'role' : 'user';
    const holdings = holdingsOf(resource, type, attachments);
    const groups = type === 'user' ? throughGroups(resource, memberships) : NO_GROUPS;
    const trust = type === 'role' ? trustPolicyOf(resource) : undefined;
    const tagProblems: string[] = [];
    return {
      ...located(resource),
      type,
      arn: attribute(resource, 'Arn'),
      name: attribute(resource, 'Ref'),
      path: valueOr(resource, 'Path', '/'),
      trustPolicy: trust?.policy,
      maxSessionDuration: type === 'role' ? valueOr(resource, 'MaxSessionDuration', '3600') : undefined,
      identityPolicies: [...holdings.identityPolicies, ...groups.identityPolicies],
      permissionsBoundary: boundaryOf(resource, attachments),
      unknownPolicies: [...holdings.unknownPolicies, ...groups.unknownPolicies],
      tags: tagsOf(resource, tagProblems),
      groups: groups.groups.map(({ constructPath }) => constructPath),
      problems: [
        ...(trust?.problems ?? []).map((problem) => `AssumeRolePolicyDocument: ${problem}`),
        ...holdings.problems,
        ...tagProblems,
      ],
    };
  });
}

const NO_GROUPS: Omit<Holdings, 'problems'> & { readonly groups: readonly GroupModel[] } = {
  identityPolicies: [],
  unknownPolicies: [],
  groups: [],
};

function trustPolicyOf(resource: Resource): ReadPolicy {
  const { constructPath } = resource;
  const source = { name: `trust policy of ${constructPath}`, kind: 'trust', constructPath } as const;
  return readPolicy(property(resource, 'AssumeRolePolicyDocument'), source);
}

/** Undefined: none. A boundary that hinges on a condition limits, or not, by statements that are there in some cases. */
function boundaryOf(resource: Resource, attachments: Attachments): Policy | undefined {
  const boundaries = casesOfOutcome(property(resource, 'PermissionsBoundary')).flatMap(({ value, when }) => {
    const arn = asValue(value);
    const found = arn === undefined ? [] : attachments.byArn.lookUp({ value: arn, when });
    const policies = found.map((one) =>
      onlyUnder(boundaryNamed(one, resource), without(one.when, resource.onlyIf ?? [])),
    );
    return arn === undefined ? [onlyUnder(NO_BOUNDARY, without(when, resource.onlyIf ?? []))] : policies;
  });
  const [first, second] = boundaries;
  if (first === undefined || (second === undefined && first === NO_BOUNDARY)) return undefined;
  if (second === undefined) return first;
  const unreadable = boundaries.flatMap((boundary) => boundary.unreadable ?? []);
  return {
    name: `permissions boundary of ${resource.constructPath}, which hinges on conditions`,
    kind: 'boundary',
    version: first.version ?? second.version,
    statements: boundaries.flatMap(({ statements }) => statements),
    ...(unreadable.length > 0 && { unreadable }),
  };
}

/** No boundary limits nothing. */
const NO_BOUNDARY: Policy = {
  name: 'no permissions boundary',
  kind: 'boundary',
  version: '2012-10-17',
  statements: [
    {
      index: 1,
      sid: undefined,
      effect: 'Allow',
      principals: undefined,
      notPrincipals: undefined,
      actions: ['*'],
      notActions: undefined,
      resources: ['*'],
      notResources: undefined,
      conditions: [],
    },
  ],
};

function boundaryNamed({ value: arn, found }: Found<Attachment>, resource: Resource): Policy {
  if (found !== undefined) return { ...found.policy, kind: 'boundary' };
  const known = awsManagedPolicy(arn);
  if (known.is === 'known') return { ...known.policy, kind: 'boundary' };
  const name = `permissions boundary ${inWords(arn)} of ${resource.constructPath}`;
  // A boundary that is silent about KMS allows nothing of it.
  if (known.is === 'silent') return { name, kind: 'boundary', version: '2012-10-17', statements: [] };
  return unreadablePolicy(name, 'boundary', known.why);
}
