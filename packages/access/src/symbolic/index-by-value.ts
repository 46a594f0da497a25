import type { SymbolicValue, Unresolved, Value } from '../value.ts';
import { partsOf } from './text.ts';

/** Things by a string of which parts may not be known: finds those whose string is certainly the same. */
export class ValueIndex<T> {
  readonly #things = new Map<string, T[]>();

  constructor(entries: Iterable<readonly [Value, T]> = []) {
    for (const [value, thing] of entries) this.add(value, thing);
  }

  add(value: Value, thing: T): void {
    const key = textKey(value);
    if (key === undefined) return;
    const others = this.#things.get(key);
    if (others === undefined) this.#things.set(key, [thing]);
    else others.push(thing);
  }

  /** In the order in which they were added. */
  all(value: Value): readonly T[] {
    const key = textKey(value);
    return (key === undefined ? undefined : this.#things.get(key)) ?? [];
  }

  first(value: Value): T | undefined {
    return this.all(value)[0];
  }
}

/** The same for two strings exactly when they are certainly the same; undefined: not known to be the same as any other. */
export function textKey(value: Value): string | undefined {
  if (typeof value === 'string') return JSON.stringify(value);
  const known = KEYS.get(value);
  if (known !== undefined) return known ?? undefined;
  const keys = partsOf(value).map((part) => (typeof part === 'string' ? JSON.stringify(part) : keyOfPart(part)));
  const key = keys.includes(undefined) ? undefined : keys.join('+');
  KEYS.set(value, key ?? null);
  return key;
}

/** Thousands of statements share the string that names their key; null where there is no key. */
const KEYS = new WeakMap<SymbolicValue, string | null>();

function keyOfPart(part: Unresolved): string | undefined {
  switch (part.kind) {
    case 'attribute':
      return JSON.stringify([part.kind, part.stack, part.logicalId, part.attribute]);
    case 'pseudo':
    case 'parameter':
      return JSON.stringify([part.kind, part.stack, part.name]);
    case 'dynamic':
      return JSON.stringify([part.kind, part.stack, part.reference]);
    case 'choice': {
      const [whenTrue, whenFalse] = [textKey(part.whenTrue), textKey(part.whenFalse)];
      if (whenTrue === undefined || whenFalse === undefined) return undefined;
      return JSON.stringify([part.kind, part.stack, part.condition, whenTrue, whenFalse]);
    }
    case 'unknown':
      return undefined;
  }
}
