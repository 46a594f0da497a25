import { existsSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import type { FunctionModel, PrincipalModel } from '../model.ts';
import { equalValues } from '../symbolic/match.ts';
import type { Value } from '../value.ts';
import { isInside } from './files.ts';
import { attribute, isRecord, located, type Resource, resourcesOf, valueAt } from './resource.ts';
import { asValue, type Scope } from './scope.ts';

export function functionsOf(
  root: string,
  scope: Scope,
  principals: readonly PrincipalModel[],
): readonly FunctionModel[] {
  return resourcesOf(scope, new Set(['AWS::Lambda::Function'])).map((resource) => {
    const roleArn = valueAt(resource, 'Role') ?? '';
    return {
      ...located(resource),
      arn: attribute(resource, 'Arn'),
      name: attribute(resource, 'Ref'),
      roleArn,
      role: principals.find(({ arn }) => equalValues(arn, roleArn) === 'yes'),
      environment: environmentOf(resource),
      handler: valueAt(resource, 'Handler'),
      runtime: valueAt(resource, 'Runtime'),
      codeAssetPath: codeAssetPath(root, resource),
    };
  });
}

function environmentOf(resource: Resource): Readonly<Record<string, Value>> {
  const variables: Record<string, Value> = Object.create(null);
  const environment = resource.properties['Environment'];
  const declared = isRecord(environment) ? environment['Variables'] : undefined;
  for (const [name, variable] of Object.entries(isRecord(declared) ? declared : {})) {
    const value = asValue(variable);
    if (value !== undefined) variables[name] = value;
  }
  return variables;
}

/** The staged code: named in the metadata where the app asks for it, otherwise found by the key under which it is uploaded. */
function codeAssetPath(root: string, resource: Resource): string | undefined {
  const { directory, assets } = resource.scope.stack;
  const named = resource.metadata['aws:asset:path'];
  const code = resource.properties['Code'];
  const key = isRecord(code) ? code['S3Key'] : undefined;
  const uploaded = typeof key === 'string' ? (assets.get(key) ?? assets.get(basename(key, extname(key)))) : undefined;
  const path = typeof named === 'string' ? resolve(directory, named) : uploaded;
  return path !== undefined && isInside(root, path) && existsSync(path) ? path : undefined;
}
