import { LIMITS } from '../limits.ts';
import type { SymbolicValue, TemplateCondition, Value } from '../value.ts';
import { concat, isSymbolic, partsOf } from './text.ts';
import type { Tri } from './tri.ts';

/** The string when a condition of its template is decided. */
export function assumeValue(value: Value, condition: TemplateCondition): Value {
  if (!hasChoice(value)) return value;
  return concat(
    value.parts.map((part): Value => {
      if (typeof part === 'string' || part.kind !== 'choice')
        return typeof part === 'string' ? part : { parts: [part] };
      const { stack, condition: name, whenTrue, whenFalse } = part;
      if (stack === condition.stack && name === condition.name) {
        return assumeValue(condition.is ? whenTrue : whenFalse, condition);
      }
      const [yes, no] = [assumeValue(whenTrue, condition), assumeValue(whenFalse, condition)];
      return yes === no ? yes : { parts: [{ ...part, whenTrue: yes, whenFalse: no }] };
    }),
  );
}

export function hasChoice(value: Value): value is SymbolicValue {
  return isSymbolic(value) && value.parts.some((part) => typeof part !== 'string' && part.kind === 'choice');
}

/** An answer about strings that holds whatever the conditions in them become; otherwise unknown. */
export function inEveryCase(
  a: Value,
  b: Value,
  answer: (a: Value, b: Value) => Tri,
  most: number = LIMITS.alternatives.most,
): Tri {
  const condition = firstCondition(a) ?? firstCondition(b);
  if (condition === undefined) return answer(a, b);
  if (most < 2) return 'unknown';
  const under = (is: boolean) => {
    const assumed = { ...condition, is };
    return inEveryCase(assumeValue(a, assumed), assumeValue(b, assumed), answer, most / 2);
  };
  const whenTrue = under(true);
  return whenTrue !== 'unknown' && under(false) === whenTrue ? whenTrue : 'unknown';
}

/** The string in every case, each with the conditions under which it is that; undefined: too many to tell apart. */
export function casesOf(
  value: Value,
  most: number = LIMITS.alternatives.most,
): readonly { readonly value: Value; readonly when: readonly TemplateCondition[] }[] | undefined {
  const condition = firstCondition(value);
  if (condition === undefined) return [{ value, when: [] }];
  if (most < 2) return undefined;
  const cases = [true, false].map((is) => {
    const assumed = { ...condition, is };
    const rest = casesOf(assumeValue(value, assumed), most / 2);
    return rest?.map((one) => ({ value: one.value, when: [assumed, ...one.when] }));
  });
  const [whenTrue, whenFalse] = cases;
  return whenTrue === undefined || whenFalse === undefined ? undefined : [...whenTrue, ...whenFalse];
}

function firstCondition(value: Value): Pick<TemplateCondition, 'stack' | 'name'> | undefined {
  for (const part of partsOf(value)) {
    if (typeof part !== 'string' && part.kind === 'choice') return { stack: part.stack, name: part.condition };
  }
  return undefined;
}
