import type { Assembly } from '../model.ts';

/** Finds what a condition of a template means: its definition, and those of the conditions that it refers to. */
export type Meanings = (stack: string, condition: string) => readonly string[];

const MEANINGS = new WeakMap<Assembly, Meanings>();

/** Two states of an app may have conditions of one name that are not the same. */
export function meaningsIn(assembly: Assembly): Meanings {
  const known = MEANINGS.get(assembly);
  if (known !== undefined) return known;
  const stacks = new Map(assembly.stacks.map(({ name, conditions }) => [name, conditions]));
  const found = new Map<string, readonly string[]>();
  const meanings: Meanings = (stack, condition) => {
    const key = JSON.stringify([stack, condition]);
    const meaning = found.get(key) ?? closureOf(condition, stacks.get(stack) ?? {});
    found.set(key, meaning);
    return meaning;
  };
  MEANINGS.set(assembly, meanings);
  return meanings;
}

/** `{"Condition": "Name"}` */
const REFERENCE = /\{"Condition":("(?:[^"\\]|\\.)*")\}/g;

function closureOf(condition: string, definitions: Readonly<Record<string, string>>): readonly string[] {
  const waiting = [condition];
  const closure = new Map<string, string>();
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const text = Object.hasOwn(definitions, name) ? (definitions[name] ?? '') : '';
    if (closure.has(name)) continue;
    closure.set(name, text);
    for (const [, reference = '""'] of text.matchAll(REFERENCE)) waiting.push(String(JSON.parse(reference)));
  }
  return [...closure].map(([name, text]) => `${name}: ${text}`);
}
