import type { GroupModel, PrincipalModel } from '../../model.ts';
import { onlyUnder, type ReadPolicy, readPolicy } from '../../parsing/policy.ts';
import type { Policy } from '../../policy.ts';
import { type Case, casesOfOutcome, expanded, together, without } from '../../symbolic/cases.ts';
import { asValue } from '../../symbolic/outcome.ts';
import { inWords } from '../../symbolic/text.ts';
import type { TemplateCondition, Value } from '../../value.ts';
import { unreadablePolicy } from './attachments.ts';
import { type Memberships, throughGroups } from './groups.ts';
import { type Attachments, type Holdings, holdingsOf } from './holdings.ts';
import { awsManagedPolicy } from './managed-policies.ts';
import { attribute, located, ofTypes, property, type Resource } from './resource.ts';

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
    return {
      ...located(resource),
      type,
      arn: attribute(resource, 'Arn'),
      name: attribute(resource, 'Ref'),
      trustPolicy: trust?.policy,
      identityPolicies: [...holdings.identityPolicies, ...groups.identityPolicies],
      permissionsBoundary: boundaryOf(resource, attachments),
      unknownPolicies: [...holdings.unknownPolicies, ...groups.unknownPolicies],
      groups: groups.groups.map(({ constructPath }) => constructPath),
      problems: [
        ...(trust?.problems ?? []).map((problem) => `AssumeRolePolicyDocument: ${problem}`),
        ...holdings.problems,
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
  const given = resource.onlyIf ?? [];
  const boundaries = boundaryCases(resource).map(({ value: arn, when }): Policy => {
    return onlyUnder(
      arn === undefined ? NO_BOUNDARY : boundaryNamed(arn, resource, attachments, when),
      without(when, given),
    );
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

/** ARNs; undefined where there is no boundary. */
function boundaryCases(resource: Resource): readonly Case<Value | undefined>[] {
  return casesOfOutcome(property(resource, 'PermissionsBoundary')).flatMap(
    ({ value, when }): readonly Case<Value | undefined>[] => {
      const arn = asValue(value);
      return arn === undefined ? [{ value: undefined, when }] : expanded([{ value: arn, when }]);
    },
  );
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

function boundaryNamed(
  arn: Value,
  resource: Resource,
  attachments: Attachments,
  when: readonly TemplateCondition[],
): Policy {
  const attachment = attachments.byArn.first(arn);
  if (attachment !== undefined) {
    const policy: Policy = { ...attachment.policy, kind: 'boundary' };
    return onlyUnder(policy, without(together(when, attachment.onlyIf) ?? [], resource.onlyIf ?? []));
  }
  const known = awsManagedPolicy(arn);
  if (known.is === 'known') return { ...known.policy, kind: 'boundary' };
  const name = `permissions boundary ${inWords(arn)} of ${resource.constructPath}`;
  // A boundary that is silent about KMS allows nothing of it.
  if (known.is === 'silent') return { name, kind: 'boundary', version: '2012-10-17', statements: [] };
  return unreadablePolicy(name, 'boundary', known.why);
}
