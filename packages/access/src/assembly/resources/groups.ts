import type { GroupModel } from '../../model.ts';
import { onlyUnder } from '../../parsing/policy.ts';
import { CaseIndex, type Found } from '../../symbolic/case-index.ts';
import { conditionsInWords, together, without } from '../../symbolic/cases.ts';
import { inWords } from '../../symbolic/text.ts';
import type { Value } from '../../value.ts';
import { type Attachments, type Holdings, holdingsOf } from './holdings.ts';
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
}

/** What says that a user is in a group, and in which account. */
interface Membership {
  readonly group: Value;
  readonly account: Value;
}

export function membershipsOf(resources: readonly Resource[], found: readonly GroupModel[]): Memberships {
  const [groups, ofUsers] = [new CaseIndex<GroupModel>(), new CaseIndex<Membership>()];
  for (const group of found) groups.add(group.name, group, group.onlyIf);
  for (const addition of ofTypes(resources, ['AWS::IAM::UserToGroupAddition'])) {
    const group = valueAt(addition, 'GroupName');
    if (group === undefined) continue;
    for (const { value: user, when } of valuesAt(addition, 'Users')) {
      const all = together(when, addition.onlyIf ?? []);
      if (all !== undefined) ofUsers.add(user, { group, account: addition.account }, all);
    }
  }
  return { groups, ofUsers };
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
  const found = [...valuesAt(user, 'Groups'), ...added].flatMap((one) => {
    return inAccount(memberships.groups.lookUp(one), user.account);
  });
  const inGroups = found.flatMap(({ found: group, when }) => (group === undefined ? [] : [{ group, when }]));
  const ofElsewhere = found.flatMap(({ value: name, found: group, when }) => {
    const condition = when.length === 0 ? '' : ` (if ${conditionsInWords(when)})`;
    return group === undefined ? [`policies of group ${inWords(name)}${condition}`] : [];
  });
  return {
    groups: [...new Set(inGroups.map(({ group }) => group))],
    identityPolicies: inGroups.flatMap(({ group, when }) => {
      return group.identityPolicies.map((policy) => {
        const ofGroup = { ...policy, name: `${policy.name} of group ${group.constructPath}` };
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
