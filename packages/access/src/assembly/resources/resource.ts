import type { Located } from '../../model.ts';
import { isObject, type Json } from '../../parsing/findings.ts';
import { type Case, itemsOf, together } from '../../symbolic/cases.ts';
import { asValue, Choice, isRecord, type Outcome, orElse } from '../../symbolic/outcome.ts';
import { isSymbolic, unknown, whyUnknown } from '../../symbolic/text.ts';
import type { TemplateCondition, Value } from '../../value.ts';
import { membersOf } from '../input/files.ts';
import { constructPathOf, sourceOf } from '../input/paths.ts';
import { conditionIn } from '../resolve/conditions.ts';
import { pseudoParameter } from '../resolve/pseudo.ts';
import { attributeOf, resourceOf as resourceJson } from '../resolve/references.ts';
import type { Scope } from '../resolve/scope.ts';

/** One resource of a template with its properties resolved. */
export interface Resource extends Located {
  readonly type: string;
  readonly scope: Scope;
  /** A record; or what only deployment knows, where a macro makes the properties or they hinge on a condition. */
  readonly properties: Outcome;
  /** As the template has it. */
  readonly json: Json;
}

/** The resources of a stack that are there, or may be, in the template's order. */
export function resourcesOf(scope: Scope): readonly Resource[] {
  const ofStack = conditionsOfStack(scope);
  return membersOf(scope.stack.template['Resources']).flatMap(([logicalId, json]) => {
    const type = json['Type'];
    const onlyIf = ofStack && together(ofStack, ...conditionsOf(scope, json));
    return typeof type !== 'string' || onlyIf === undefined ? [] : [resourceOf(scope, logicalId, type, json, onlyIf)];
  });
}

/** The conditions under which a nested stack is there, and with it all of its resources; undefined: never. */
function conditionsOfStack(scope: Scope): readonly TemplateCondition[] | undefined {
  const { parent } = scope.stack;
  if (parent === undefined) return [];
  const outer = scope.within(parent.stack);
  const above = conditionsOfStack(outer);
  return above && together(above, ...conditionsOf(outer, resourceJson(parent.stack.template, parent.logicalId)));
}

/** One list with the condition of a resource, if that is open; two that contradict each other where it never holds. */
function conditionsOf(scope: Scope, { Condition: name }: Json): readonly (readonly TemplateCondition[])[] {
  const condition = typeof name === 'string' ? conditionIn(scope, name) : true;
  if (condition === true) return [];
  return condition === false ? NEVER : [[condition]];
}

const NEVER: readonly (readonly TemplateCondition[])[] = [true, false].map((is) => [{ stack: '', name: '', is }]);

function resourceOf(
  scope: Scope,
  logicalId: string,
  type: string,
  json: Json,
  onlyIf: readonly TemplateCondition[],
): Resource {
  const { stack, environment } = scope;
  const source = sourceOf(stack, logicalId, json);
  // Where the resource is there, its conditions hold.
  const own = onlyIf.reduce((outer, condition) => outer.assume(condition), scope);
  return {
    type,
    scope,
    logicalId,
    stack: stack.id,
    constructPath: constructPathOf(stack, logicalId, json),
    account: pseudoParameter('AWS::AccountId', stack, environment),
    region: pseudoParameter('AWS::Region', stack, environment),
    properties: own.resolve(json['Properties'] ?? {}),
    json,
    ...(source !== undefined && { source }),
    ...(onlyIf.length > 0 && { onlyIf }),
  };
}

export function ofTypes(resources: readonly Resource[], types: readonly string[]): readonly Resource[] {
  return resources.filter(({ type }) => types.includes(type));
}

/** The fields that every model of a resource starts with. */
export function located({ constructPath, logicalId, stack, account, region, source, onlyIf }: Resource): Located {
  return {
    constructPath,
    logicalId,
    stack,
    account,
    region,
    ...(source !== undefined && { source }),
    ...(onlyIf !== undefined && { onlyIf }),
  };
}

export function attribute(resource: Resource, name: string): Value {
  return attributeOf(resource.logicalId, name, resource.scope);
}

/** A property in every shape that it may have; undefined where the template has none. */
export function property({ properties }: Resource, name: string): Outcome {
  if (isRecord(properties)) return Object.hasOwn(properties, name) ? properties[name] : undefined;
  return isSymbolic(properties) ? properties : unknown('the properties of the resource are decided at deployment');
}

/** A property that is a string; undefined where the template has none. */
export function valueAt(resource: Resource, name: string): Value | undefined {
  const outcome = property(resource, name);
  return asValue(outcome instanceof Choice ? orElse(outcome, '') : outcome);
}

/** A property that is a string, with what a service takes where the template has none. */
export function valueOr(resource: Resource, name: string, otherwise: string): Value {
  return asValue(orElse(property(resource, name), otherwise)) ?? otherwise;
}

/** The strings of a list property, each with the conditions under which it is there; what is no string is left out. */
export function valuesAt(resource: Resource, name: string): readonly Case<Value>[] {
  return itemsOf(property(resource, name)).flatMap(({ value: item, when }) => {
    const value = asValue(item);
    return value === undefined ? [] : [{ value, when }];
  });
}

/** A flag or a number; undefined, with a problem noted, where it is not known or is something else. */
export function scalarAt<T extends boolean | number>(
  resource: Resource,
  name: string,
  otherwise: T,
  read: (text: string) => T | undefined,
  problems: string[],
): T | undefined {
  if (property(resource, name) === undefined) return otherwise;
  const value = asValue(orElse(property(resource, name), otherwise));
  const known = typeof value === 'string' ? read(value) : undefined;
  if (known !== undefined) return known;
  const why = value === undefined ? undefined : whyUnknown(value);
  problems.push(why === undefined ? `${name} must be a ${typeof otherwise}` : `${name} is not known: ${why}`);
  return undefined;
}

/** CloudFormation takes `"true"` for true; YAML, as it reads it, has more words. */
export function readFlag(text: string): boolean | undefined {
  if (/^(true|yes|on)$/i.test(text)) return true;
  return /^(false|no|off)$/i.test(text) ? false : undefined;
}

export function readDays(text: string): number | undefined {
  return /^\d{1,4}$/.test(text) ? Number(text) : undefined;
}

/** A member of the resource beside its properties, such as `DeletionPolicy`; functions in it are followed. */
export function memberAt({ json, scope }: Resource, name: string): Value | undefined {
  return Object.hasOwn(json, name) ? asValue(scope.resolve(json[name])) : undefined;
}

export function metadataOf({ json }: Resource): Json {
  return isObject(json['Metadata']) ? json['Metadata'] : {};
}
