import type { Located } from '../model.ts';
import { isObject } from '../parsing/findings.ts';
import { isSymbolic, whyUnknown } from '../symbolic/text.ts';
import type { Resolved, Value } from '../value.ts';
import { membersOf } from './files.ts';
import { constructPathOf } from './paths.ts';
import { pseudoParameter } from './pseudo.ts';
import { attributeOf } from './references.ts';
import { asValue, isList, type Scope } from './scope.ts';

/** One resource of a template with its properties resolved. */
export interface Resource extends Located {
  readonly type: string;
  readonly scope: Scope;
  readonly properties: { readonly [name: string]: Resolved };
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** The resources of the given types, in the template's order. */
export function resourcesOf(scope: Scope, types: ReadonlySet<string>): readonly Resource[] {
  const { stack, environment } = scope;
  return membersOf(stack.template['Resources']).flatMap(([logicalId, json]) => {
    const type = json['Type'];
    if (typeof type !== 'string' || !types.has(type)) return [];
    const properties = scope.resolve(json['Properties'] ?? {});
    return [
      {
        type,
        scope,
        logicalId,
        stack: stack.id,
        constructPath: constructPathOf(stack, logicalId, json),
        account: pseudoParameter('AWS::AccountId', stack, environment),
        region: pseudoParameter('AWS::Region', stack, environment),
        properties: isRecord(properties) ? properties : {},
        metadata: isObject(json['Metadata']) ? json['Metadata'] : {},
      },
    ];
  });
}

export function isRecord(value: Resolved | undefined): value is { readonly [key: string]: Resolved } {
  return typeof value === 'object' && value !== null && !isList(value) && !isSymbolic(value);
}

/** The fields that every model of a resource starts with. */
export function located({ constructPath, logicalId, stack, account, region }: Resource): Located {
  return { constructPath, logicalId, stack, account, region };
}

export function attribute(resource: Resource, name: string): Value {
  return attributeOf(resource.logicalId, name, resource.scope);
}

/** A property that is a string; undefined where the template has none. */
export function valueAt(resource: Resource, name: string): Value | undefined {
  return asValue(resource.properties[name]);
}

/** The strings of a list property; what is no string is left out. */
export function valuesAt(resource: Resource, name: string): readonly Value[] {
  const list = resource.properties[name];
  if (isSymbolic(list)) return [list];
  return isList(list) ? list.flatMap((item) => asValue(item) ?? []) : [];
}

/** A flag or a number; undefined, with a problem noted, where it is not known or is something else. */
export function scalarAt<T extends boolean | number>(
  resource: Resource,
  name: string,
  otherwise: T,
  read: (text: string) => T | undefined,
  problems: string[],
): T | undefined {
  const property = resource.properties[name];
  if (property === undefined) return otherwise;
  const value = asValue(property);
  const known = typeof value === 'string' ? read(value) : undefined;
  if (known !== undefined) return known;
  const why = value === undefined ? undefined : whyUnknown(value);
  problems.push(why === undefined ? `${name} must be a ${typeof otherwise}` : `${name} is not known: ${why}`);
  return undefined;
}

/** CloudFormation takes `"true"` for true. */
export function readFlag(text: string): boolean | undefined {
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

export function readDays(text: string): number | undefined {
  return /^\d{1,4}$/.test(text) ? Number(text) : undefined;
}
