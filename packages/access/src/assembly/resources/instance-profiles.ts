import type { InstanceProfileModel, PrincipalModel } from '../../model.ts';
import { ValueIndex } from '../../symbolic/index-by-value.ts';
import { attribute, located, ofTypes, type Resource, valuesAt } from './resource.ts';
import { sameByName } from './same-account.ts';

export function instanceProfilesOf(
  resources: readonly Resource[],
  principals: readonly PrincipalModel[],
): readonly InstanceProfileModel[] {
  const roles = principals.filter(({ type }) => type === 'role');
  const byName = new ValueIndex(roles.map((role) => [role.name, role]));
  return ofTypes(resources, ['AWS::IAM::InstanceProfile']).map((resource) => ({
    ...located(resource),
    arn: attribute(resource, 'Arn'),
    name: attribute(resource, 'Ref'),
    roles: valuesAt(resource, 'Roles').flatMap(({ value: name }) => {
      return byName.all(name).filter((role) => sameByName(name, resource.account, role.account) === 'yes');
    }),
  }));
}
