import type { TemplateCondition, Value } from '../value.ts';
import { type Case, expanded, together } from './cases.ts';
import { ValueIndex } from './index-by-value.ts';

/** What a string leads to in one case; `found` undefined: to nothing that is known. */
export interface Found<T> extends Case<Value> {
  readonly found: T | undefined;
}

/**
 * Things by strings that may hinge on conditions of the template: a string that is written alike leads to a thing in
 * every case, another one in the cases in which both are the same.
 */
export class CaseIndex<T> {
  readonly #index = new ValueIndex<Case<T>>();

  add(value: Value, thing: T, when: readonly TemplateCondition[] = []): void {
    this.#index.add(value, { value: thing, when });
    for (const one of expanded([{ value, when }])) {
      if (one.value !== value) this.#index.add(one.value, { value: thing, when: one.when });
    }
  }

  /** Every case of a string, with what it leads to. */
  lookUp({ value, when }: Case<Value>): readonly Found<T>[] {
    const direct = this.#index.all(value);
    if (direct.length > 0) return direct.flatMap((one) => foundIn(value, when, one));
    return expanded([{ value, when }]).flatMap((one): readonly Found<T>[] => {
      const things = one.value === value ? [] : this.#index.all(one.value);
      return things.length === 0
        ? [{ ...one, found: undefined }]
        : things.flatMap((thing) => foundIn(one.value, one.when, thing));
    });
  }

  /** Every thing that a string leads to, once in each case. */
  all(value: Value): readonly Case<T>[] {
    const found = this.lookUp({ value, when: [] }).flatMap((one) => {
      return one.found === undefined ? [] : [{ value: one.found, when: one.when }];
    });
    const seen = new Map<T, Set<string>>();
    return found.filter((one) => {
      const cases = seen.get(one.value) ?? new Set();
      const key = JSON.stringify(one.when);
      const isNew = !cases.has(key);
      seen.set(one.value, cases.add(key));
      return isNew;
    });
  }
}

function foundIn<T>(value: Value, when: readonly TemplateCondition[], one: Case<T>): readonly Found<T>[] {
  const all = together(when, one.when);
  return all === undefined ? [] : [{ value, when: all, found: one.value }];
}
