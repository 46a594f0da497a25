import { onlyUnder } from '../../parsing/policy.ts';
import type { Policy, Statement } from '../../policy.ts';
import { expanded, together } from '../../symbolic/cases.ts';
import { textKey } from '../../symbolic/index-by-value.ts';
import { equalValues, matchesPattern } from '../../symbolic/match.ts';
import { isSymbolic, whyUnknown } from '../../symbolic/text.ts';
import type { Unresolved, Value } from '../../value.ts';
import type { Attachment, Holder } from './attachments.ts';
import { attribute, ofTypes, type Resource } from './resource.ts';
import { sameByName } from './same-account.ts';

/** What has policies, by its resource type. */
const HOLDERS: Readonly<Record<Holder, string>> = {
  role: 'AWS::IAM::Role',
  user: 'AWS::IAM::User',
  group: 'AWS::IAM::Group',
};

/** A policy that is attached to a name that certainly is that of nobody in the app, and perhaps of somebody. */
interface OpenAttachment {
  readonly name: Value;
  readonly account: Value;
  readonly policyBecause: (reason: string) => Policy;
}

export type OpenAttachments = Readonly<Record<Holder, readonly OpenAttachment[]>>;

/** Of policies that may speak about KMS: the others allow and deny nothing of it, whoever has them. */
export function openAttachments(attachments: readonly Attachment[], resources: readonly Resource[]): OpenAttachments {
  const ofKms = attachments.filter(({ policy }) => maySpeakOfKms(policy));
  const open = (holder: Holder) => {
    const isNamed = namesOf(ofTypes(resources, [HOLDERS[holder]]));
    return ofKms.flatMap((attachment) =>
      expanded(attachment.to[holder]).flatMap(({ value: name, when }): readonly OpenAttachment[] => {
        const { policy, account, onlyIf } = attachment;
        const all = together(when, onlyIf);
        if (all === undefined || isNamed(name, account)) return [];
        return [{ name, account, policyBecause: inDoubt(onlyUnder(policy, all)) }];
      }),
    );
  };
  return { role: open('role'), user: open('user'), group: open('group') };
}

function maySpeakOfKms({ statements, unreadable = [] }: Policy): boolean {
  return unreadable.length > 0 || statements.some(isOfKms);
}

function isOfKms({ actions, notActions }: Statement): boolean {
  const mayBe = (action: Value) =>
    typeof action !== 'string' || matchesPattern(action.split(':')[0] ?? '', 'kms', { ignoreCase: true }) === 'yes';
  return notActions !== undefined || actions.some(mayBe);
}

/** Whether a name is that of one of the resources, so that it is nobody else's in that account. */
export function namesOf(resources: readonly Resource[]): (name: Value, account: Value) => boolean {
  const accounts = new Map<string, Value[]>();
  for (const resource of resources) {
    for (const { value } of expanded([{ value: attribute(resource, 'Ref'), when: [] }])) {
      const key = textKey(value);
      if (key === undefined) continue;
      const others = accounts.get(key);
      if (others === undefined) accounts.set(key, [resource.account]);
      else others.push(resource.account);
    }
  }
  return (name, account) => {
    const found = accounts.get(textKey(name) ?? '') ?? [];
    return found.some((one) => sameByName(name, account, one) !== 'no');
  };
}

/** One policy for all whom it may be attached to for one reason: a policy is read once. */
function inDoubt(policy: Policy): OpenAttachment['policyBecause'] {
  const made = new Map<string, Policy>();
  return (reason) => {
    const before = made.get(reason);
    const one = before ?? { ...policy, inDoubt: `whether it is attached to the caller cannot be told: ${reason}` };
    made.set(reason, one);
    return one;
  };
}

/** The policies of which nobody can say whether the resource has them. */
export function perhapsAttached(resource: Resource, holder: Holder, open: OpenAttachments): readonly Policy[] {
  return open[holder].flatMap(({ name, account, policyBecause }) => {
    const reason = whyPerhaps(name, account, resource);
    return reason === undefined ? [] : [policyBecause(reason)];
  });
}

/** Why nobody can say whether a name, said in an account, is that of a resource; undefined: it is, or it is not. */
export function whyPerhaps(name: Value, account: Value, resource: Resource): string | undefined {
  const own = attribute(resource, 'Ref');
  // Names that CloudFormation makes up are not what somebody wrote into a template.
  if (typeof name === 'string' && isMadeUp(own)) return undefined;
  // Nobody attaches a policy in another account.
  if (equalValues(name, own) !== 'unknown' || equalValues(account, resource.account) === 'no') return undefined;
  return whyUnknown(name, ...(isSymbolic(name) ? [] : [own]));
}

function isMadeUp(name: Value): boolean {
  if (typeof name === 'string') return false;
  const [only, another] = name.parts;
  return another === undefined && isAttribute(only);
}

function isAttribute(part: string | Unresolved | undefined): boolean {
  return typeof part === 'object' && part.kind === 'attribute';
}
