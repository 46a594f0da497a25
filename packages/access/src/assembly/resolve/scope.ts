import { LIMITS } from '../../limits.ts';
import type { Outcome } from '../../symbolic/outcome.ts';
import { partsOf, unknown } from '../../symbolic/text.ts';
import type { TemplateCondition, Value } from '../../value.ts';
import type { Stack } from '../input/stack.ts';

/** Where something is resolved. */
export interface Scope {
  readonly stack: Stack;
  readonly stacks: readonly Stack[];
  /** Name of the stack's environment: see `environmentsOf`. */
  readonly environment: string;
  readonly resolve: (json: unknown) => Outcome;
  /** Nothing is followed further from here. */
  readonly tooDeep: boolean;
  /** The same place one step deeper in another stack of the assembly. */
  readonly within: (stack: Stack) => Scope;
  /**
   * Resolves what several places refer to: once, and never inside itself. `resolve` is given a scope in which nothing
   * is assumed; what this scope assumes is applied to the result.
   */
  readonly once: (name: string, resolve: (scope: Scope) => Value) => Value;
  /** The same place when a condition is decided. */
  readonly assume: (condition: TemplateCondition) => Scope;
  /** What is assumed of a condition; undefined: nothing. */
  readonly assumed: (stack: string, condition: string) => boolean | undefined;
  /** Remembers what was found out of a condition under what is assumed; see `conditionIn`. */
  readonly known: Map<string, boolean | TemplateCondition>;
}

/** Templates that multiply strings stop here. */
export function bounded(value: Value): Value {
  return size(value, LIMITS.stringLength.most, LIMITS.stringParts.most) === undefined
    ? unknown('a string of the template grows too long')
    : value;
}

/** Characters and parts that may still follow; undefined: too many already. Stops where the limit is reached. */
function size(value: Value, characters: number, parts: number): readonly [number, number] | undefined {
  let [charactersLeft, partsLeft] = [characters, parts];
  for (const part of partsOf(value)) {
    partsLeft--;
    charactersLeft -= typeof part === 'string' ? part.length : 1;
    if (typeof part !== 'string' && part.kind === 'choice') {
      for (const branch of [part.whenTrue, part.whenFalse]) {
        const left = size(branch, charactersLeft, partsLeft);
        if (left === undefined) return undefined;
        [charactersLeft, partsLeft] = left;
      }
    }
    if (charactersLeft < 0 || partsLeft < 0) return undefined;
  }
  return [charactersLeft, partsLeft];
}
