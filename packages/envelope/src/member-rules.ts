import { EnvelopeError } from './errors.ts';

/** What one member of a declaration, or one option, has to be, how an error says so, and what each of its items has to be. */
export type MemberRule = readonly [
  holds: (value: unknown) => boolean,
  allowed: string,
  item?: (item: unknown, index: number, list: readonly unknown[]) => boolean,
];

/** What is wrong with these members; so are members without a rule. */
export function problemsOf(rules: Readonly<Record<string, MemberRule>>, values: unknown, path = ''): string[] {
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    return [wrong(path || 'the value', values, 'an object')];
  }
  const prefix = path && `${path}.`;
  const unknown = Object.keys(values).filter((name) => !Object.hasOwn(rules, name));
  return [
    ...Object.entries(rules).flatMap(([name, [holds, allowed, item]]) => {
      const value = (values as Record<string, unknown>)[name];
      if (holds(value)) return [];
      const items: unknown[] = item !== undefined && Array.isArray(value) ? value : [];
      const at = items.findIndex((...each) => !item?.(...each));
      return [at < 0 ? wrong(prefix + name, value, allowed) : wrong(`${prefix}${name}[${at}]`, items[at], allowed)];
    }),
    ...unknown.map((name) => `${prefix}${name.slice(0, 64)} is not known; allowed: ${Object.keys(rules).join(', ')}`),
  ];
}

function wrong(name: string, value: unknown, allowed: string): string {
  // Without showing it, unless it is a number: a secret in the wrong place stays out of the log.
  const kind = Array.isArray(value) ? 'a list' : value === null ? 'null' : `of type ${typeof value}`;
  return `${name} is ${typeof value === 'number' ? value : value === undefined ? 'missing' : kind}; allowed: ${allowed}`;
}

/** A whole number within these limits, ends included. */
export function whole(min: number, max: number): MemberRule {
  return [
    (value) => Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max,
    `a whole number from ${min} to ${max}`,
  ];
}

/** A list of at most `most` different texts, each of which holds. */
export function listOf(what: string, holds: (text: string) => boolean, most = Number.POSITIVE_INFINITY): MemberRule {
  const item: MemberRule[2] = (text, index, list) =>
    typeof text === 'string' && holds(text) && list.indexOf(text) === index;
  return [
    (value) => Array.isArray(value) && value.length <= most && value.every(item),
    `a list of ${what}, none twice`,
    item,
  ];
}

/**
 * Says everything at once that is wrong with a declaration or with options.
 * @throws EnvelopeError `CONFIG`
 */
export function refuseIfAny(source: string, problems: readonly string[]): void {
  if (problems.length > 0) throw new EnvelopeError('CONFIG', `${source}: ${problems.join('; ')}`);
}
