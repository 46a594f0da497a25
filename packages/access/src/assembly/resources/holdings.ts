import { onlyUnder } from '../../parsing/policy.ts';
import type { Policy } from '../../policy.ts';
import { type Case, conditionsInWords, together, without } from '../../symbolic/cases.ts';
import { ValueIndex } from '../../symbolic/index-by-value.ts';
import type { TemplateCondition, Value } from '../../value.ts';
import { type Attachment, type Holder, inlinePolicies } from './attachments.ts';
import { awsManagedPolicy } from './managed-policies.ts';
import { attribute, type Resource, valuesAt } from './resource.ts';

/** Policies of the app, by the names of those to whom they are attached and by their ARNs. */
export interface Attachments {
  readonly to: Readonly<Record<Holder, ValueIndex<Case<Attachment>>>>;
  readonly byArn: ValueIndex<Attachment>;
}

export function indexed(attachments: readonly Attachment[]): Attachments {
  const to = (holder: Holder) => {
    const index = new ValueIndex<Case<Attachment>>();
    for (const attachment of attachments) {
      for (const { value: name, when } of attachment.to[holder]) {
        const all = together(when, attachment.onlyIf);
        if (all !== undefined) index.add(name, { value: attachment, when: all });
      }
    }
    return index;
  };
  const managed = attachments.flatMap((attachment) =>
    attachment.arn === undefined ? [] : [[attachment.arn, attachment] as const],
  );
  return { to: { role: to('role'), user: to('user'), group: to('group') }, byArn: new ValueIndex(managed) };
}

/** What a role, user or group may do, as far as the app tells. */
export interface Holdings {
  readonly identityPolicies: readonly Policy[];
  readonly unknownPolicies: readonly string[];
  readonly problems: readonly string[];
}

/** Every policy that the app attaches: those declared inside, those named, and those that name the holder. */
export function holdingsOf(resource: Resource, holder: Holder, attachments: Attachments): Holdings {
  const given = resource.onlyIf ?? [];
  const managed = valuesAt(resource, 'ManagedPolicyArns').map(({ value: arn, when }) =>
    managedPolicy(arn, when, attachments),
  );
  const own: readonly Case<{ policy: Policy; problems?: readonly string[] }>[] = [
    ...inlinePolicies(resource),
    ...managed.flatMap(({ found }) => found ?? []),
    ...distinct(attachments.to[holder].all(attribute(resource, 'Ref'))),
  ];
  return {
    identityPolicies: own.map(({ value, when }) => onlyUnder(value.policy, without(when, given))),
    unknownPolicies: managed.flatMap(({ unknown }) => unknown ?? []),
    problems: own.flatMap(({ value: { policy, problems = [] } }) =>
      problems.map((problem) => `${policy.name}: ${problem}`),
    ),
  };
}

interface Managed {
  readonly found?: Case<{ policy: Policy; problems?: readonly string[] }>;
  readonly unknown?: string;
}

function managedPolicy(arn: Value, when: readonly TemplateCondition[], attachments: Attachments): Managed {
  const attachment = attachments.byArn.first(arn);
  if (attachment !== undefined) {
    const all = together(when, attachment.onlyIf);
    return all === undefined ? {} : { found: { value: attachment, when: all } };
  }
  const known = awsManagedPolicy(arn);
  if (known.is === 'silent') return {};
  if (known.is === 'known') return { found: { value: { policy: known.policy }, when } };
  const condition = when.length === 0 ? '' : ` (if ${conditionsInWords(when)})`;
  return { unknown: `${known.name}${condition}` };
}

/** A policy that names a holder twice is attached once. */
function distinct(cases: readonly Case<Attachment>[]): readonly Case<Attachment>[] {
  return [...new Map(cases.map((one) => [`${one.value.policy.name}\n${JSON.stringify(one.when)}`, one])).values()];
}
