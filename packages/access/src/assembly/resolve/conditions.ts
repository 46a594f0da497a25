import { isObject, type Json } from '../../parsing/findings.ts';
import { equalValues } from '../../symbolic/match.ts';
import { asValue } from '../../symbolic/outcome.ts';
import type { TemplateCondition, Value } from '../../value.ts';
import { objectAt } from '../input/files.ts';
import { allowedValuesOf } from './parameters.ts';
import type { Scope } from './scope.ts';

/**
 * What a condition of the template is: decided, or open. Where it only negates or repeats another one, that one is
 * named, so that the two are never thought to be independent.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
 */
export function conditionIn(scope: Scope, name: string): boolean | TemplateCondition {
  const { stack, known } = scope;
  const open: TemplateCondition = { stack: stack.id, name, is: true };
  const key = `${stack.id}\n${name}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  // While it is found out it counts as open: a condition that hinges on itself is one.
  known.set(key, scope.assumed(stack.id, name) ?? open);
  if (scope.assumed(stack.id, name) === undefined) {
    const conditions = objectAt(stack.template, 'Conditions');
    const truth = Object.hasOwn(conditions, name) ? evaluate(conditions[name], scope) : 'open';
    known.set(key, truth === 'open' ? open : truth);
  }
  return known.get(key) ?? open;
}

/** `open`: not decided, and no other condition is the same. */
type Truth = boolean | TemplateCondition | 'open';

function evaluate(json: unknown, scope: Scope): Truth {
  if (!isObject(json) || scope.tooDeep) return 'open';
  const [[name = '', argument] = [], another] = Object.entries(json);
  const truths = FUNCTIONS.get(name);
  return truths === undefined || another !== undefined ? 'open' : truths(argument, scope);
}

const FUNCTIONS: ReadonlyMap<string, (argument: unknown, scope: Scope) => Truth> = new Map<
  string,
  (argument: unknown, scope: Scope) => Truth
>([
  ['Condition', (argument, scope) => (typeof argument === 'string' ? conditionIn(deeper(scope), argument) : 'open')],
  ['Fn::Equals', equals],
  ['Fn::Not', (argument, scope) => negated(Array.isArray(argument) ? evaluate(argument[0], deeper(scope)) : 'open')],
  ['Fn::And', (argument, scope) => all(argument, scope, false)],
  ['Fn::Or', (argument, scope) => all(argument, scope, true)],
]);

function deeper(scope: Scope): Scope {
  return scope.within(scope.stack);
}

function negated(truth: Truth): Truth {
  if (truth === 'open') return truth;
  return typeof truth === 'boolean' ? !truth : { ...truth, is: !truth.is };
}

/** `Fn::And`, or with `decisive` true `Fn::Or`: one decisive condition decides, and so do all others together. */
function all(argument: unknown, scope: Scope, decisive: boolean): Truth {
  const truths = (Array.isArray(argument) ? argument : []).map((one) => evaluate(one, deeper(scope)));
  if (truths.includes(decisive)) return decisive;
  const open = truths.filter((truth) => truth !== !decisive);
  const [only, another] = open;
  if (only === undefined) return truths.length === 0 ? 'open' : !decisive;
  return another === undefined ? only : 'open';
}

function equals(argument: unknown, scope: Scope): Truth {
  const [left, right] = (Array.isArray(argument) ? argument : []).map((side) => asValue(deeper(scope).resolve(side)));
  if (left === undefined || right === undefined) return 'open';
  const answer = equalValues(left, right);
  if (answer !== 'unknown') return answer === 'yes';
  return excluded(left, right, scope) || excluded(right, left, scope) ? false : 'open';
}

/** A parameter is none of the values that it may not have. */
function excluded(parameter: Value, value: Value, scope: Scope): boolean {
  if (typeof parameter === 'string' || typeof value !== 'string') return false;
  const [part, another] = parameter.parts;
  if (typeof part !== 'object' || another !== undefined || part.kind !== 'parameter') return false;
  const allowed = part.stack === scope.stack.id ? allowedValuesOf(parameterJson(scope, part.name)) : undefined;
  return allowed !== undefined && !allowed.includes(value);
}

function parameterJson(scope: Scope, name: string): Json {
  return objectAt(objectAt(scope.stack.template, 'Parameters'), name);
}

/** What the template says that its conditions are. */
export function definitionsOf(template: Json): Readonly<Record<string, string>> {
  const definitions: Record<string, string> = Object.create(null);
  for (const [name, json] of Object.entries(objectAt(template, 'Conditions'))) definitions[name] = JSON.stringify(json);
  return definitions;
}
