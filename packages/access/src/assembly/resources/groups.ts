import type { GroupModel } from '../../model.ts';
import { onlyUnder } from '../../parsing/policy.ts';
import { CaseIndex } from '../../symbolic/case-index.ts';
import { conditionsInWords, together, without } from '../../symbolic/cases.ts';
import { inWords } from '../../symbolic/text.ts';
import type { Value } from '../../value.ts';
import { type Attachments, type Holdings, holdingsOf } from './holdings.ts';
import { attribute, located, ofTypes, type Resource, valueAt, valuesAt } from './resource.ts';

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
  readonly ofUsers: CaseIndex<Value>;
}

export function membershipsOf(resources: readonly Resource[], found: readonly GroupModel[]): Memberships {
  const [groups, ofUsers] = [new CaseIndex<GroupModel>(), new CaseIndex<Value>()];
  for (const group of found) groups.add(group.name, group, group.onlyIf);
  for (const addition of ofTypes(resources, ['AWS::IAM::UserToGroupAddition'])) {
    const group = valueAt(addition, 'GroupName');
    if (group === undefined) continue;
    for (const { value: user, when } of valuesAt(addition, 'Users')) {
      const all = together(when, addition.onlyIf ?? []);
      if (all !== undefined) ofUsers.add(user, group, all);
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
  const named = [...valuesAt(user, 'Groups'), ...memberships.ofUsers.all(attribute(user, 'Ref'))];
  const found = named.flatMap((name) => memberships.groups.lookUp(name));
  const inGroups = found.flatMap(({ found: group, when }) => (group === undefined ? [] : [{ group, when }]));
  const ofElsewhere = found.flatMap(({ value: name, found: group, when }) => {
    const condition = when.length === 0 ? '' : ` (if ${conditionsInWords(when)})`;
    return group === undefined ? [`policies of group ${inWords(name)}${condition}`] : [];
  });
  return {
    groups: [...new Set(inGroups.map(({ group }) => group))],
    identityPolicies: inGroups.flatMap(({ group, when }) => {
      return group.identityPolicies.map((policy) => {
        const named = { ...policy, name: `${policy.name} of group ${group.constructPath}` };
        return onlyUnder(named, without(when, given));
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
