import { asValue, decided, isList, type Outcome } from '../../symbolic/outcome.ts';
import { inWords, isSymbolic, split, unknown } from '../../symbolic/text.ts';
import type { Scope } from './scope.ts';

export function select(argument: unknown, scope: Scope): Outcome {
  const [position, list] = Array.isArray(argument) ? argument : [];
  return decided([scope.resolve(position), scope.resolve(list)], ([where, items]) => {
    const index = Number(asValue(where) ?? Number.NaN);
    if (!isList(items) || !Number.isInteger(index)) {
      return unknown(`Fn::Select from ${listInWords(items)}`);
    }
    return items[index] ?? unknown(`Fn::Select of item ${index} of ${items.length}`);
  });
}

export function splitText(argument: unknown, scope: Scope): Outcome {
  const [delimiter, text] = Array.isArray(argument) ? argument : [];
  if (typeof delimiter !== 'string' || delimiter === '') return unknown('Fn::Split without a delimiter');
  return decided([scope.resolve(text)], ([outcome]) => {
    const value = asValue(outcome);
    if (value === undefined) return unknown('Fn::Split of no string');
    if (typeof value === 'string') return value.split(delimiter);
    const pieces = delimiter.length === 1 ? split(value, delimiter) : undefined;
    return pieces ?? unknown('Fn::Split of a string that is not known before deployment');
  });
}

export function length(argument: unknown, scope: Scope): Outcome {
  return decided([scope.resolve(argument)], ([list]) => {
    return isList(list) ? list.length : unknown(`Fn::Length of ${listInWords(list)}`);
  });
}

/** Why nothing can be said of a list. Never take the list for it: two items of it would be the same string. */
export function listInWords(list: Outcome): string {
  if (!isSymbolic(list)) return 'a list that is not known before deployment';
  const [only, another] = list.parts;
  const isReason = typeof only === 'object' && another === undefined && only.kind === 'unknown';
  return `a list that is not known before deployment: ${isReason ? only.reason : inWords(list)}`;
}
