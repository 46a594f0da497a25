import type { GroupModel } from '../../model.ts';
import { onlyUnder } from '../../parsing/policy.ts';
import { CaseIndex, type Found } from '../../symbolic/case-index.ts';
import { type Case, conditionsInWords, together, without } from '../../symbolic/cases.ts';
import { inWords } from '../../symbolic/text.ts';
import type { TemplateCondition, Value } from '../../value.ts';
import { type Attachments, type Holdings, holdingsOf } from './holdings.ts';
import { namesOf, whyPerhaps } from './open-attachments.ts';
import { attribute, located, ofTypes, type Resource, valueAt, valuesAt } from './resource.ts';
import { sameByName } from './same-account.ts';

export function groupsOf(resources: readonly Resource[], attachments: Attachments): readonly GroupModel[] {
  return ofTypes(resources, ['AWS::IAM::Group']).map((resource) => ({
    ...located(resource),
    arn: attribute(resource, 'Arn'),
    name: attribute(resource, 'Ref'),
    ...holdingsOf(resource, 'group', attachments),
  }));
}

/** Groups by their names, and names of groups by the names of users that are added to them. */
export interface Memberships {
  readonly groups: CaseIndex<GroupModel>;
  readonly ofUsers: CaseIndex<Membership>;
  /** Additions of names that certainly are those of no user of the app, and perhaps of one. */
  readonly open: readonly OpenMembership[];
}

interface OpenMembership extends Membership {
  readonly user: Value;
  readonly when: readonly TemplateCondition[];
}

/** What says that a user is in a group, and in which account. */
interface Membership {
  readonly group: Value;
  readonly account: Value;
}

export function membershipsOf(resources: readonly Resource[], found: readonly GroupModel[]): Memberships {
  const [groups, ofUsers] = [new CaseIndex<GroupModel>(), new CaseIndex<Membership>()];
  const open: OpenMembership[] = [];
  const isUser = namesOf(ofTypes(resources, ['AWS::IAM::User']));
  for (const group of found) groups.add(group.name, group, group.onlyIf);
  for (const addition of ofTypes(resources, ['AWS::IAM::UserToGroupAddition'])) {
    const group = valueAt(addition, 'GroupName');
    if (group === undefined) continue;
    for (const { value: user, when } of valuesAt(addition, 'Users')) {
      const all = together(when, addition.onlyIf ?? []);
      if (all === undefined) continue;
      const membership = { group, account: addition.account };
      ofUsers.add(user, membership, all);
      if (!isUser(user, addition.account)) open.push({ ...membership, user, when: all });
    }
  }
  return { groups, ofUsers, open };
}

/** The name of a group, and why nobody can say whether the user is in it. */
interface PerhapsIn extends Case<Value> {
  readonly inDoubt?: string;
}

/** What a user holds through groups. */
export function throughGroups(
  user: Resource,
  memberships: Memberships,
): Omit<Holdings, 'problems'> & { readonly groups: readonly GroupModel[] } {
  const given = user.onlyIf ?? [];
  const name = attribute(user, 'Ref');
  const added = memberships.ofUsers.all(name).flatMap(({ value, when }) => {
    // An addition of another account is of another user; where that is open the group is not known to be the user's.
    return sameByName(name, value.account, user.account) === 'no' ? [] : [{ value: value.group, when }];
  });
  const perhaps = memberships.open.flatMap(({ user: one, group, account, when }) => {
    const reason = whyPerhaps(one, account, user);
    if (reason === undefined) return [];
    return [{ value: group, when, inDoubt: `whether the caller is in the group cannot be told: ${reason}` }];
  });
  const all: readonly PerhapsIn[] = [...valuesAt(user, 'Groups'), ...added, ...perhaps];
  const found = all.flatMap(({ inDoubt, ...one }) => {
    return inAccount(memberships.groups.lookUp(one), user.account).map((group) => ({ ...group, inDoubt }));
  });
  const inGroups = found.flatMap(({ found: group, ...one }) => (group === undefined ? [] : [{ ...one, group }]));
  const ofElsewhere = found.flatMap(({ value: name, found: group, when }) => {
    const condition = when.length === 0 ? '' : ` (if ${conditionsInWords(when)})`;
    return group === undefined ? [`policies of group ${inWords(name)}${condition}`] : [];
  });
  return {
    groups: [...new Set(inGroups.filter(({ inDoubt }) => inDoubt === undefined).map(({ group }) => group))],
    identityPolicies: inGroups.flatMap(({ group, when, inDoubt }) => {
      return group.identityPolicies.map((policy) => {
        const name = `${policy.name} of group ${group.constructPath}`;
        const ofGroup = { ...policy, name, ...(inDoubt !== undefined && { inDoubt }) };
        return onlyUnder(ofGroup, without(when, given));
      });
    }),
    unknownPolicies: [
      ...inGroups.flatMap(({ group }) =>
        group.unknownPolicies.map((name) => `${name} of group ${group.constructPath}`),
      ),
      ...ofElsewhere,
    ],
  };
}

/** A group of the same name in another account is another group; one that may be of this account is not known to be. */
function inAccount(groups: readonly Found<GroupModel>[], account: Value): readonly Found<GroupModel>[] {
  const own = groups.filter(({ value: name, found }) => {
    return found === undefined || sameByName(name, account, found.account) === 'yes';
  });
  return own.length > 0 ? own : groups.slice(0, 1).map((group) => ({ ...group, found: undefined }));
}
