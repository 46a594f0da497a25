import { LIMITS } from '../limits.ts';
import type { TemplateCondition, Value } from '../value.ts';
import { assumeValue } from './choices.ts';
import { isSymbolic, unknown } from './text.ts';

/** JSON of a template after its intrinsics; undefined where `AWS::NoValue` removes it. */
export type Outcome =
  | Value
  | number
  | boolean
  | null
  | undefined
  | Choice
  | readonly Outcome[]
  | { readonly [name: string]: Outcome };

/** `Fn::If` on a condition that deployment decides, of something that is no string. A class, so that no template can forge it. */
export class Choice {
  readonly stack: string;
  readonly condition: string;
  readonly whenTrue: Outcome;
  readonly whenFalse: Outcome;

  constructor({ stack, name }: Pick<TemplateCondition, 'stack' | 'name'>, whenTrue: Outcome, whenFalse: Outcome) {
    this.stack = stack;
    this.condition = name;
    this.whenTrue = whenTrue;
    this.whenFalse = whenFalse;
  }
}

export function isList(outcome: Outcome): outcome is readonly Outcome[] {
  return Array.isArray(outcome);
}

export function isRecord(outcome: Outcome): outcome is { readonly [name: string]: Outcome } {
  if (typeof outcome !== 'object' || outcome === null) return false;
  return !(outcome instanceof Choice) && !isList(outcome) && !isSymbolic(outcome);
}

/** What may stand in a string: numbers and booleans are written out, as CloudFormation does. */
export function asValue(outcome: Outcome): Value | undefined {
  if (typeof outcome === 'string' || isSymbolic(outcome)) return outcome;
  if (typeof outcome === 'number' || typeof outcome === 'boolean') return String(outcome);
  if (!(outcome instanceof Choice)) return undefined;
  const [whenTrue, whenFalse] = [asValue(outcome.whenTrue), asValue(outcome.whenFalse)];
  if (whenTrue === undefined || whenFalse === undefined) return undefined;
  return { parts: [{ kind: 'choice', stack: outcome.stack, condition: outcome.condition, whenTrue, whenFalse }] };
}

/** One of two outcomes, by a condition that deployment decides; where they are the same the condition does not matter. */
export function choose(
  condition: Pick<TemplateCondition, 'stack' | 'name'>,
  whenTrue: Outcome,
  whenFalse: Outcome,
): Outcome {
  if (same(whenTrue, whenFalse)) return whenTrue;
  const choice = new Choice(condition, whenTrue, whenFalse);
  const isText = (outcome: Outcome) => typeof outcome === 'string' || isSymbolic(outcome);
  return isText(whenTrue) && isText(whenFalse) ? asValue(choice) : choice;
}

/** What is nothing, in some case or in every one, is the default. */
export function orElse(outcome: Outcome, otherwise: Outcome): Outcome {
  if (outcome === undefined) return otherwise;
  if (!(outcome instanceof Choice)) return outcome;
  const { stack, condition: name, whenTrue, whenFalse } = outcome;
  return choose({ stack, name }, orElse(whenTrue, otherwise), orElse(whenFalse, otherwise));
}

/** Whether two outcomes are the same whatever deployment decides; two unknown parts are two strings. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b) || isUnknownPart(a)) return false;
  const [own, other] = [Object.entries(a), Object.entries(b)];
  if (own.length !== other.length) return false;
  const members = new Map(other);
  return own.every(([name, member]) => members.has(name) && same(member, members.get(name)));
}

function isUnknownPart(part: unknown): boolean {
  return typeof part === 'object' && part !== null && 'kind' in part && part.kind === 'unknown';
}

/** Does something with the outcomes once it is decided which they are; the result hinges on what they hinged on. */
export function decided(
  outcomes: readonly Outcome[],
  act: (outcomes: readonly Outcome[]) => Outcome,
  most: number = LIMITS.alternatives.most,
): Outcome {
  const condition = outcomes.map(firstChoice).find((choice) => choice !== undefined);
  if (condition === undefined) return act(outcomes);
  if (most < 2) return unknown(`it hinges on too many conditions of stack ${condition.stack}`);
  const under = (is: boolean) => outcomes.map((outcome) => assume(outcome, { ...condition, is }));
  const [whenTrue, whenFalse] = [true, false].map((is) => decided(under(is), act, most / 2));
  return choose(condition, whenTrue, whenFalse);
}

/** The first condition on which the structure of an outcome, or a string that it is, hinges. */
function firstChoice(outcome: Outcome): Pick<TemplateCondition, 'stack' | 'name'> | undefined {
  if (outcome instanceof Choice) return { stack: outcome.stack, name: outcome.condition };
  if (isSymbolic(outcome)) {
    for (const part of outcome.parts) {
      if (typeof part !== 'string' && part.kind === 'choice') return { stack: part.stack, name: part.condition };
    }
  }
  if (!isList(outcome)) return undefined;
  for (const item of outcome) {
    const found = firstChoice(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The outcome when a condition is decided; items of lists that are then nothing are gone. */
export function assume(outcome: Outcome, condition: TemplateCondition): Outcome {
  if (outcome instanceof Choice) {
    const { stack, condition: name, whenTrue, whenFalse } = outcome;
    if (stack === condition.stack && name === condition.name)
      return assume(condition.is ? whenTrue : whenFalse, condition);
    return choose({ stack, name }, assume(whenTrue, condition), assume(whenFalse, condition));
  }
  if (isSymbolic(outcome)) return assumeValue(outcome, condition);
  if (isList(outcome)) return outcome.map((item) => assume(item, condition)).filter((item) => item !== undefined);
  if (!isRecord(outcome)) return outcome;
  const members: Record<string, Outcome> = Object.create(null);
  for (const [name, member] of Object.entries(outcome)) {
    const assumed = assume(member, condition);
    if (assumed !== undefined) members[name] = assumed;
  }
  return members;
}
