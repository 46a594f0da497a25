import { LIMITS } from '../limits.ts';
import type { TemplateCondition, Value } from '../value.ts';
import { casesOf } from './choices.ts';
import { assume, Choice, isList, isRecord, type Outcome } from './outcome.ts';
import { isSymbolic } from './text.ts';

/** Something that is there only under conditions of the template; without conditions it always is. */
export interface Case<T> {
  readonly value: T;
  readonly when: readonly TemplateCondition[];
}

/** Nearly everything in nearly every template is there under no condition: all of that shares one list. */
export const ALWAYS: readonly TemplateCondition[] = [];

/** What an outcome is in every case, as far as it is a choice itself. */
export function casesOfOutcome(outcome: Outcome): readonly Case<Outcome>[] {
  if (!(outcome instanceof Choice)) return [{ value: outcome, when: ALWAYS }];
  const { stack, condition: name, whenTrue, whenFalse } = outcome;
  return [
    ...under({ stack, name, is: true }, casesOfOutcome(whenTrue)),
    ...under({ stack, name, is: false }, casesOfOutcome(whenFalse)),
  ];
}

function under<T>(condition: TemplateCondition, cases: readonly Case<T>[]): readonly Case<T>[] {
  return cases.flatMap(({ value, when }) => {
    const all = together([condition], when);
    return all === undefined ? [] : [{ value, when: all }];
  });
}

/** One of many things in a list. */
export interface Item extends Case<Outcome> {
  /** Where it stands in the list, counted from 1; what stands there in other cases counts as the same place. */
  readonly position: number;
}

/** One or many, with lists and items that are there in some cases only. */
export function itemsOf(outcome: Outcome): readonly Item[] {
  if (outcome === undefined) return [];
  if (typeof outcome === 'string') return [{ value: outcome, when: ALWAYS, position: 1 }];
  return casesOfOutcome(outcome).flatMap(({ value, when }) => {
    const list = isList(value) ? value : value === undefined ? [] : [value];
    return list.flatMap((item, index): readonly Item[] =>
      casesOfOutcome(item).flatMap((one) => {
        const all = one.value === undefined ? undefined : together(when, one.when);
        return all === undefined ? [] : [{ value: one.value, when: all, position: index + 1 }];
      }),
    );
  });
}

/** Strings in every case; one that hinges on too many conditions to tell apart stays as it is. */
export function expanded(cases: readonly Case<Value>[]): readonly Case<Value>[] {
  return cases.flatMap((one) => {
    const own = casesOf(one.value);
    if (own === undefined) return [one];
    return own.flatMap(({ value, when }) => {
      const all = together(one.when, when);
      return all === undefined ? [] : [{ value, when: all }];
    });
  });
}

/** What an outcome is in every case, choices anywhere in it being made; undefined: too many cases. */
export function allCases(
  outcome: Outcome,
  most: number = LIMITS.alternatives.most,
): readonly Case<Outcome>[] | undefined {
  const condition = anyCondition(outcome);
  if (condition === undefined) return [{ value: outcome, when: ALWAYS }];
  if (most < 2) return undefined;
  const [whenTrue, whenFalse] = [true, false].map((is) => {
    const assumed = { ...condition, is };
    const cases = allCases(assume(outcome, assumed), most / 2);
    return cases && under(assumed, cases);
  });
  return whenTrue === undefined || whenFalse === undefined ? undefined : [...whenTrue, ...whenFalse];
}

/** Whether a condition of the template makes a difference anywhere in it. */
export function hinges(outcome: Outcome): boolean {
  return anyCondition(outcome) !== undefined;
}

function anyCondition(outcome: Outcome): Pick<TemplateCondition, 'stack' | 'name'> | undefined {
  if (outcome instanceof Choice) return { stack: outcome.stack, name: outcome.condition };
  if (isSymbolic(outcome)) {
    for (const part of outcome.parts) {
      if (typeof part !== 'string' && part.kind === 'choice') return { stack: part.stack, name: part.condition };
    }
    return undefined;
  }
  for (const member of isList(outcome) ? outcome : isRecord(outcome) ? Object.values(outcome) : []) {
    const found = anyCondition(member);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** All conditions of several lists, each once; undefined: they contradict each other, so that is never the case. */
export function together(
  ...lists: readonly (readonly TemplateCondition[])[]
): readonly TemplateCondition[] | undefined {
  if (lists.every(({ length }) => length === 0)) return ALWAYS;
  const found = new Map<string, TemplateCondition>();
  for (const condition of lists.flat()) {
    const key = `${condition.stack}\n${condition.name}`;
    const before = found.get(key);
    if (before !== undefined && before.is !== condition.is) return undefined;
    found.set(key, condition);
  }
  return [...found.values()];
}

/** The conditions of the first list that do not follow from the second. */
export function without(
  when: readonly TemplateCondition[],
  given: readonly TemplateCondition[],
): readonly TemplateCondition[] {
  return when.filter(({ stack, name, is }) => {
    return !given.some((one) => one.stack === stack && one.name === name && one.is === is);
  });
}

/** Cases by their conditions, those that always hold first. */
export function grouped<T>(cases: readonly Case<T>[]): readonly Case<readonly T[]>[] {
  if (cases.length > 0 && cases.every(({ when }) => when.length === 0)) {
    return [{ value: cases.map(({ value }) => value), when: ALWAYS }];
  }
  const groups = new Map<string, { value: T[]; when: readonly TemplateCondition[] }>();
  for (const { value, when } of cases) {
    const key = JSON.stringify(when.map(({ stack, name, is }) => [stack, name, is]).sort());
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { value: [value], when });
    else group.value.push(value);
  }
  return [...groups.values()].sort((a, b) => a.when.length - b.when.length);
}

/** `condition Prod of stack App is true` */
export function conditionsInWords(when: readonly TemplateCondition[]): string {
  return when.map(({ stack, name, is }) => `condition ${name} of stack ${stack} is ${is}`).join(' and ');
}
