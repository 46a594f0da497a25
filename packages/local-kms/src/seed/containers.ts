import type { PrincipalModel } from '@cdk-keysmith/access';
import type { Principal } from '../identity/principal.ts';
import { bound, placeOf, type Seeding } from './context.ts';
import { seedVariables } from './variables.ts';

/** A container of an ECS task definition of the app, with everything in its place that deployment would put there. */
export interface SeededContainer {
  /** Construct path of the task definition, and the container's name: the path of the container in an app of the CDK. */
  readonly path: string;
  readonly region: string;
  /** Whether the task definition has a task role. */
  readonly hasRole: boolean;
  /** Undefined: not known before deployment, or none. */
  readonly roleArn: string | undefined;
  /** The task role, where it is a role of the app. */
  readonly role: Principal | undefined;
  readonly environment: Readonly<Record<string, string>>;
}

export function seedContainers(
  seeding: Seeding,
  principals: ReadonlyMap<PrincipalModel, Principal>,
): readonly SeededContainer[] {
  return seeding.assembly.containers.flatMap((model) => {
    const name = bound(seeding, model.name);
    if (name === undefined) {
      seeding.problems.push(
        `a container of ${model.constructPath} was not made: its name is not known before deployment`,
      );
      return [];
    }
    const path = `${model.constructPath}/${name}`;
    return [
      {
        path,
        region: placeOf(seeding, model).region,
        hasRole: model.roleArn !== undefined,
        roleArn: model.roleArn === undefined ? undefined : bound(seeding, model.roleArn),
        role: model.role && principals.get(model.role),
        environment: seedVariables(seeding, `container ${path}`, model.environment),
      },
    ];
  });
}
