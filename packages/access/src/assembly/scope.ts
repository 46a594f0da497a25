import { isSymbolic, partsOf, unknown } from '../symbolic/text.ts';
import type { Resolved, Value } from '../value.ts';
import type { Stack } from './stack.ts';

/** JSON after its intrinsics; undefined where `AWS::NoValue` removes it. */
export type Outcome = Resolved | undefined;

/** Where something is resolved. */
export interface Scope {
  readonly stack: Stack;
  readonly stacks: readonly Stack[];
  /** Name of the stack's environment: see `environmentsOf`. */
  readonly environment: string;
  readonly resolve: (json: unknown) => Outcome;
  /** The same place one step deeper in another stack of the assembly. */
  readonly within: (stack: Stack) => Scope;
  /** Resolves what several places refer to: once, and never inside itself. */
  readonly once: (name: string, resolve: () => Value) => Value;
}

/** Longer strings than any ARN or policy; templates that multiply strings stop here. */
const MAX_LENGTH = 1_000_000;
const MAX_PARTS = 10_000;

export function bounded(value: Value): Value {
  const parts = partsOf(value);
  const length = parts.reduce((sum, part) => sum + (typeof part === 'string' ? part.length : 1), 0);
  return length > MAX_LENGTH || parts.length > MAX_PARTS ? unknown('a string of the template grows too long') : value;
}

/** What may stand in a string: numbers and booleans are written out, as CloudFormation does. */
export function asValue(outcome: Outcome): Value | undefined {
  if (typeof outcome === 'string' || isSymbolic(outcome)) return outcome;
  return typeof outcome === 'number' || typeof outcome === 'boolean' ? String(outcome) : undefined;
}

export function isList(outcome: Outcome): outcome is readonly Resolved[] {
  return Array.isArray(outcome);
}
