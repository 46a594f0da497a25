import type { ManagedPolicyModel } from '../../model.ts';
import { onlyUnder, type ReadPolicy, readPolicy } from '../../parsing/policy.ts';
import type { Policy, PolicyKind } from '../../policy.ts';
import { type Case, itemsOf } from '../../symbolic/cases.ts';
import { asValue, isRecord } from '../../symbolic/outcome.ts';
import { inWords } from '../../symbolic/text.ts';
import type { TemplateCondition, Value } from '../../value.ts';
import { attribute, located, ofTypes, property, type Resource, valuesAt } from './resource.ts';

/** A policy that a template declares on its own, and to whom it says to attach it. */
export interface Attachment extends ReadPolicy {
  readonly resource: Resource;
  /** What a principal's `ManagedPolicyArns` or `PermissionsBoundary` names it by; undefined for an inline policy. */
  readonly arn: Value | undefined;
  readonly onlyIf: readonly TemplateCondition[];
  readonly account: Value;
  /** Names. */
  readonly to: Readonly<Record<Holder, readonly Case<Value>[]>>;
}

/** Whom policies are attached to. */
export type Holder = 'role' | 'user' | 'group';

/** Resource types that are policies, and the properties that name whom they are for. */
const POLICY_TYPES: Readonly<Record<string, Partial<Record<Holder, string>>>> = {
  'AWS::IAM::Policy': { role: 'Roles', user: 'Users', group: 'Groups' },
  'AWS::IAM::ManagedPolicy': { role: 'Roles', user: 'Users', group: 'Groups' },
  'AWS::IAM::RolePolicy': { role: 'RoleName' },
  'AWS::IAM::UserPolicy': { user: 'UserName' },
  'AWS::IAM::GroupPolicy': { group: 'GroupName' },
};

export function attachmentsOf(resources: readonly Resource[]): readonly Attachment[] {
  return ofTypes(resources, Object.keys(POLICY_TYPES)).map((resource) => {
    const properties = POLICY_TYPES[resource.type] ?? {};
    const names = (name: string | undefined) => (name === undefined ? [] : valuesAt(resource, name));
    const { constructPath, account, onlyIf = [] } = resource;
    const source = { name: `policy ${constructPath}`, kind: 'identity', constructPath } as const;
    return {
      ...readPolicy(property(resource, 'PolicyDocument'), source),
      resource,
      arn: resource.type === 'AWS::IAM::ManagedPolicy' ? attribute(resource, 'Ref') : undefined,
      onlyIf,
      account,
      to: { role: names(properties.role), user: names(properties.user), group: names(properties.group) },
    };
  });
}

/** The policies that principals are given by their ARNs, and sessions too. */
export function managedPoliciesOf(attachments: readonly Attachment[]): readonly ManagedPolicyModel[] {
  return attachments.flatMap(({ resource, arn, policy, problems, onlyIf }) =>
    arn === undefined ? [] : [{ ...located(resource), arn, policy: onlyUnder(policy, onlyIf), problems }],
  );
}

/** The policies that a role, user or group declares itself. */
export function inlinePolicies(resource: Resource): readonly Case<ReadPolicy>[] {
  const { constructPath } = resource;
  return itemsOf(property(resource, 'Policies')).map(({ value: item, when, position }) => {
    const [name, document] = isRecord(item) ? [asValue(item['PolicyName']), item['PolicyDocument']] : [undefined, item];
    const title = name === undefined ? `${position}` : inWords(name);
    const source = { name: `inline policy ${title} of ${constructPath}`, kind: 'identity', constructPath } as const;
    return { value: readPolicy(document, source), when };
  });
}

/** A policy whose text is elsewhere. */
export function unreadablePolicy(name: string, kind: PolicyKind, why: string): Policy {
  return { name, kind, version: undefined, statements: [], unreadable: [why] };
}
