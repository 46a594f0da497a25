import { onlyUnder } from '../../parsing/policy.ts';
import type { Policy } from '../../policy.ts';
import { type Case, conditionsInWords, expanded, together, without } from '../../symbolic/cases.ts';
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
        if (all !== undefined) addInEveryCase(index, name, attachment, all);
      }
    }
    return index;
  };
  const managed = attachments.flatMap((attachment) =>
    attachment.arn === undefined ? [] : [[attachment.arn, attachment] as const],
  );
  return { to: { role: to('role'), user: to('user'), group: to('group') }, byArn: new ValueIndex(managed) };
}

/** By the name as it is written, and, where that hinges on conditions, by what it is in each case. */
function addInEveryCase(
  index: ValueIndex<Case<Attachment>>,
  name: Value,
  attachment: Attachment,
  when: readonly TemplateCondition[],
): void {
  index.add(name, { value: attachment, when });
  for (const one of expanded([{ value: name, when }])) {
    if (one.value !== name) index.add(one.value, { value: attachment, when: one.when });
  }
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
  const managed = expanded(valuesAt(resource, 'ManagedPolicyArns')).map(({ value: arn, when }) =>
    managedPolicy(arn, when, attachments),
  );
  const own: readonly Case<{ policy: Policy; problems?: readonly string[] }>[] = [
    ...inlinePolicies(resource),
    ...managed.flatMap(({ found }) => found ?? []),
    ...namedFor(attribute(resource, 'Ref'), attachments.to[holder]),
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

/** The policies that name a holder, once each: in every case, or else in the cases in which they do. */
function namedFor(name: Value, index: ValueIndex<Case<Attachment>>): readonly Case<Attachment>[] {
  const cases = expanded([{ value: name, when: [] }]).flatMap((one) => {
    return index.all(one.value).flatMap(({ value, when }) => {
      const all = together(one.when, when);
      return all === undefined ? [] : [{ value, when: all }];
    });
  });
  const found = [...index.all(name), ...cases];
  const always = new Set(found.flatMap(({ value, when }) => (when.length === value.onlyIf.length ? [value] : [])));
  const once = found.filter(({ value, when }) => !always.has(value) || when.length === value.onlyIf.length);
  return [...new Map(once.map((one) => [`${one.value.policy.name}\n${JSON.stringify(one.when)}`, one])).values()];
}
