import type { FunctionModel, PrincipalModel } from '@cdk-keysmith/access';
import type { Principal } from '../identity/principal.ts';
import { bound, placeOf, type Seeding } from './context.ts';
import { seedVariables } from './variables.ts';

/** A Lambda function of the app, with everything in its place that deployment would put there. */
export interface LocalFunction {
  /** The function's name; where the app gives none, the stand-in `<stack>-<logical id>`. */
  readonly name: string;
  readonly constructPath: string;
  readonly logicalId: string;
  readonly account: string;
  readonly region: string;
  /** Undefined: not known before deployment, or a role of elsewhere whose ARN is. */
  readonly roleArn: string | undefined;
  /** `file.export`. Undefined: an image, or not known before deployment. */
  readonly handler: string | undefined;
  /** For example `nodejs24.x`. */
  readonly runtime: string | undefined;
  /** Absolute path of the code in the app, a folder or a file; undefined: inline code, an image, or not staged. */
  readonly codeAssetPath: string | undefined;
  /** The function's environment variables. Those with an unknown part are left out. Without a prototype. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A function and the role that it runs as, where that is a role of the app. */
export interface SeededFunction {
  readonly fn: LocalFunction;
  readonly role: Principal | undefined;
}

export function seedFunctions(
  seeding: Seeding,
  principals: ReadonlyMap<PrincipalModel, Principal>,
): readonly SeededFunction[] {
  return seeding.assembly.functions.flatMap((model) => {
    const name = bound(seeding, model.name);
    if (name === undefined) {
      seeding.problems.push(`function ${model.constructPath} was not made: its name is not known before deployment`);
      return [];
    }
    return [{ fn: functionOf(seeding, model, name), role: model.role && principals.get(model.role) }];
  });
}

function functionOf(seeding: Seeding, model: FunctionModel, name: string): LocalFunction {
  return {
    ...placeOf(seeding, model),
    name,
    constructPath: model.constructPath,
    logicalId: model.logicalId,
    roleArn: bound(seeding, model.roleArn),
    handler: model.handler === undefined ? undefined : bound(seeding, model.handler),
    runtime: model.runtime === undefined ? undefined : bound(seeding, model.runtime),
    codeAssetPath: model.codeAssetPath,
    environment: seedVariables(seeding, `function ${model.constructPath}`, model.environment),
  };
}
