import type { GroupModel } from '../../model.ts';
import { onlyUnder } from '../../parsing/policy.ts';
import { type Case, conditionsInWords, expanded, together, without } from '../../symbolic/cases.ts';
import { ValueIndex } from '../../symbolic/index-by-value.ts';
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
  readonly groups: ValueIndex<GroupModel>;
  readonly ofUsers: ValueIndex<Case<Value>>;
}

export function membershipsOf(resources: readonly Resource[], groups: readonly GroupModel[]): Memberships {
  const ofUsers = new ValueIndex<Case<Value>>();
  for (const addition of ofTypes(resources, ['AWS::IAM::UserToGroupAddition'])) {
    const group = valueAt(addition, 'GroupName');
    for (const { value: user, when } of group === undefined ? [] : expanded(valuesAt(addition, 'Users'))) {
      const all = together(when, addition.onlyIf ?? []);
      if (all !== undefined && group !== undefined) ofUsers.add(user, { value: group, when: all });
    }
  }
  return { groups: new ValueIndex(groups.map((group) => [group.name, group])), ofUsers };
}

/** What a user holds through groups. */
export function throughGroups(
  user: Resource,
  memberships: Memberships,
): Omit<Holdings, 'problems'> & { readonly groups: readonly GroupModel[] } {
  const given = user.onlyIf ?? [];
  const named = expanded([...valuesAt(user, 'Groups'), ...memberships.ofUsers.all(attribute(user, 'Ref'))]);
  const found = named.map(({ value: name, when }) => {
    const group = memberships.groups.first(name);
    return { name, group, when: together(when, group?.onlyIf ?? []) };
  });
  const inGroups = found.flatMap(({ group, when }) =>
    group === undefined || when === undefined ? [] : [{ group, when }],
  );
  const ofElsewhere = found.flatMap(({ name, group, when = [] }) => {
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
