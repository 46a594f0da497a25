import { existsSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import type { FunctionModel, PrincipalModel } from '../../model.ts';
import { ValueIndex } from '../../symbolic/index-by-value.ts';
import { asValue, isRecord } from '../../symbolic/outcome.ts';
import type { Value } from '../../value.ts';
import { isInside } from '../input/files.ts';
import { attribute, located, metadataOf, ofTypes, property, type Resource, valueAt } from './resource.ts';

/** @param root - folder in which code may lie; undefined: there is none */
export function functionsOf(
  resources: readonly Resource[],
  principals: readonly PrincipalModel[],
  root: string | undefined,
): readonly FunctionModel[] {
  const byArn = new ValueIndex(principals.map((principal) => [principal.arn, principal]));
  return ofTypes(resources, ['AWS::Lambda::Function']).map((resource) => {
    const roleArn = valueAt(resource, 'Role') ?? '';
    return {
      ...located(resource),
      arn: attribute(resource, 'Arn'),
      name: attribute(resource, 'Ref'),
      roleArn,
      role: byArn.first(roleArn),
      environment: environmentOf(resource),
      handler: valueAt(resource, 'Handler'),
      runtime: valueAt(resource, 'Runtime'),
      codeAssetPath: root === undefined ? undefined : codeAssetPath(root, resource),
    };
  });
}

function environmentOf(resource: Resource): Readonly<Record<string, Value>> {
  const variables: Record<string, Value> = Object.create(null);
  const environment = property(resource, 'Environment');
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
  const named = metadataOf(resource)['aws:asset:path'];
  const code = property(resource, 'Code');
  const key = isRecord(code) ? code['S3Key'] : undefined;
  const uploaded = typeof key === 'string' ? (assets.get(key) ?? assets.get(basename(key, extname(key)))) : undefined;
  const path = typeof named === 'string' ? resolve(directory, named) : uploaded;
  return path !== undefined && isInside(root, path) && existsSync(path) ? path : undefined;
}
