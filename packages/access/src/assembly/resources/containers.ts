import type { ContainerModel, PrincipalModel } from '../../model.ts';
import { ValueIndex } from '../../symbolic/index-by-value.ts';
import { asValue, isList, isRecord, type Outcome } from '../../symbolic/outcome.ts';
import type { Value } from '../../value.ts';
import { located, ofTypes, property, type Resource, valueAt } from './resource.ts';

/** Containers of task definitions. One whose name cannot be told from the template is left out. */
export function containersOf(
  resources: readonly Resource[],
  principals: readonly PrincipalModel[],
): readonly ContainerModel[] {
  const byArn = new ValueIndex(principals.map((principal) => [principal.arn, principal]));
  return ofTypes(resources, ['AWS::ECS::TaskDefinition']).flatMap((resource) => {
    const roleArn = valueAt(resource, 'TaskRoleArn');
    return recordsIn(property(resource, 'ContainerDefinitions')).flatMap((declared) => {
      const name = asValue(declared['Name']);
      if (name === undefined) return [];
      const role = roleArn === undefined ? undefined : byArn.first(roleArn);
      return [{ ...located(resource), name, roleArn, role, environment: environmentOf(declared['Environment']) }];
    });
  });
}

/** Of a container: pairs of `Name` and `Value`, of which the last one of a name counts. */
function environmentOf(declared: Outcome): Readonly<Record<string, Value>> {
  const variables: Record<string, Value> = Object.create(null);
  for (const pair of recordsIn(declared)) {
    const [name, value] = [asValue(pair['Name']), asValue(pair['Value'])];
    if (typeof name === 'string' && value !== undefined) variables[name] = value;
  }
  return variables;
}

function recordsIn(outcome: Outcome) {
  return isList(outcome) ? outcome.filter(isRecord) : [];
}
