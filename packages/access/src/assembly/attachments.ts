import { readPolicy } from '../parsing/policy.ts';
import type { Policy, PolicyKind } from '../policy.ts';
import { equalValues } from '../symbolic/match.ts';
import { inWords } from '../symbolic/text.ts';
import type { Value } from '../value.ts';
import { attribute, isRecord, type Resource, resourcesOf, valueAt, valuesAt } from './resource.ts';
import { asValue, isList, type Scope } from './scope.ts';

/** A policy that a template declares on its own, and to whom it says to attach it. */
export interface Attachment {
  readonly policy: Policy;
  readonly problems: readonly string[];
  /** What a principal's `ManagedPolicyArns` or `PermissionsBoundary` names it by; undefined for an inline policy. */
  readonly arn: Value | undefined;
  readonly roles: readonly Value[];
  readonly users: readonly Value[];
}

/** Resource types that are policies, and the properties that name whom they are for. */
const POLICY_TYPES: Readonly<Record<string, { roles: string; users: string; managed: boolean }>> = {
  'AWS::IAM::Policy': { roles: 'Roles', users: 'Users', managed: false },
  'AWS::IAM::ManagedPolicy': { roles: 'Roles', users: 'Users', managed: true },
  'AWS::IAM::RolePolicy': { roles: 'RoleName', users: '', managed: false },
  'AWS::IAM::UserPolicy': { roles: '', users: 'UserName', managed: false },
};

export function attachmentsOf(scope: Scope): readonly Attachment[] {
  return resourcesOf(scope, new Set(Object.keys(POLICY_TYPES))).map((resource) => {
    const { roles = '', users = '', managed = false } = POLICY_TYPES[resource.type] ?? {};
    const { constructPath } = resource;
    const source = { name: `policy ${constructPath}`, kind: 'identity', constructPath } as const;
    return {
      ...readPolicy(resource.properties['PolicyDocument'], source),
      arn: managed ? attribute(resource, 'Ref') : undefined,
      roles: namesAt(resource, roles),
      users: namesAt(resource, users),
    };
  });
}

/** The policies that a role or user declares itself. */
export function inlinePolicies(resource: Resource): readonly Pick<Attachment, 'policy' | 'problems'>[] {
  const { constructPath, properties } = resource;
  const list = properties['Policies'] ?? [];
  return (isList(list) ? list : [list]).map((item, index) => {
    const [name, document] = isRecord(item) ? [asValue(item['PolicyName']), item['PolicyDocument']] : [undefined, item];
    const title = name === undefined ? `${index + 1}` : inWords(name);
    return readPolicy(document, {
      name: `inline policy ${title} of ${constructPath}`,
      kind: 'identity',
      constructPath,
    });
  });
}

/** Whether a list of names or ARNs certainly has the given one. */
export function names(list: readonly Value[], name: Value): boolean {
  return list.some((candidate) => equalValues(candidate, name) === 'yes');
}

/** A policy whose text is elsewhere. */
export function unreadablePolicy(name: string, kind: PolicyKind, why: string): Policy {
  return { name, kind, version: undefined, statements: [], unreadable: [why] };
}

function namesAt(resource: Resource, property: string): readonly Value[] {
  const single = valueAt(resource, property);
  return single === undefined ? valuesAt(resource, property) : [single];
}
