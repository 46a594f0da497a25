import { onlyUnder } from '../../parsing/policy.ts';
import type { Policy } from '../../policy.ts';
import { CaseIndex, type Found } from '../../symbolic/case-index.ts';
import { type Case, conditionsInWords, together, without } from '../../symbolic/cases.ts';
import { type Attachment, type Holder, inlinePolicies } from './attachments.ts';
import { awsManagedPolicy } from './managed-policies.ts';
import { type OpenAttachments, openAttachments, perhapsAttached } from './open-attachments.ts';
import { attribute, type Resource, valuesAt } from './resource.ts';
import { sameByName } from './same-account.ts';

/** Policies of the app, by the names of those to whom they are attached and by their ARNs. */
export interface Attachments {
  readonly to: Readonly<Record<Holder, CaseIndex<Attachment>>>;
  readonly byArn: CaseIndex<Attachment>;
  readonly open: OpenAttachments;
}

export function indexed(attachments: readonly Attachment[], resources: readonly Resource[]): Attachments {
  const to = (holder: Holder) => {
    const index = new CaseIndex<Attachment>();
    for (const attachment of attachments) {
      for (const { value: name, when } of attachment.to[holder]) {
        const all = together(when, attachment.onlyIf);
        if (all !== undefined) index.add(name, attachment, all);
      }
    }
    return index;
  };
  const byArn = new CaseIndex<Attachment>();
  for (const attachment of attachments) {
    if (attachment.arn !== undefined) byArn.add(attachment.arn, attachment, attachment.onlyIf);
  }
  return {
    to: { role: to('role'), user: to('user'), group: to('group') },
    byArn,
    open: openAttachments(attachments, resources),
  };
}

/** What a role, user or group may do, as far as the app tells. */
export interface Holdings {
  readonly identityPolicies: readonly Policy[];
  readonly unknownPolicies: readonly string[];
  readonly problems: readonly string[];
}

/** Every policy that the app attaches: those declared inside, those named, and those that name the holder, or may. */
export function holdingsOf(resource: Resource, holder: Holder, attachments: Attachments): Holdings {
  const given = resource.onlyIf ?? [];
  const managed = valuesAt(resource, 'ManagedPolicyArns').flatMap((arn) => {
    return attachments.byArn.lookUp(arn).map(managedPolicy);
  });
  const name = attribute(resource, 'Ref');
  const named = attachments.to[holder].all(name).map((one) => {
    return { ...one, here: sameByName(name, one.value.account, resource.account) };
  });
  const own: readonly Case<Held>[] = [
    ...inlinePolicies(resource),
    ...managed.flatMap(({ found }) => found ?? []),
    ...named.filter(({ here }) => here === 'yes'),
  ];
  return {
    identityPolicies: [
      ...own.map(({ value, when }) => onlyUnder(value.policy, without(when, given))),
      ...perhapsAttached(resource, holder, attachments.open),
    ],
    unknownPolicies: [
      ...managed.flatMap(({ unknown }) => unknown ?? []),
      ...named.flatMap(({ here, value }) => {
        return here === 'unknown' ? [`${value.policy.name} (whether it is in the same account is not known)`] : [];
      }),
    ],
    problems: own.flatMap(({ value: { policy, problems = [] } }) =>
      problems.map((problem) => `${policy.name}: ${problem}`),
    ),
  };
}

/** A policy and, where the app declares it, the mistakes in it. */
interface Held {
  readonly policy: Policy;
  readonly problems?: readonly string[];
}

interface Managed {
  readonly found?: Case<Held>;
  readonly unknown?: string;
}

function managedPolicy({ value: arn, when, found }: Found<Attachment>): Managed {
  if (found !== undefined) return { found: { value: found, when } };
  const known = awsManagedPolicy(arn);
  if (known.is === 'silent') return {};
  if (known.is === 'known') return { found: { value: { policy: known.policy }, when } };
  const condition = when.length === 0 ? '' : ` (if ${conditionsInWords(when)})`;
  return { unknown: `${known.name}${condition}` };
}
