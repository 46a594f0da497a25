import { fail } from './errors.ts';

/**
 * What one member of a declaration, or one option, has to be: how an error says so, and whether it holds. Where the
 * third part is given, the member is a list of at most so many items, all different, and each of them has to hold.
 */
export type MemberRule = readonly [allowed: string, holds: (value: unknown) => boolean, most?: number];

/** Whether a value has names of its own to look at, which a list or a Map has not. */
export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return Object.prototype.toString.call(value) === '[object Object]';
}

/**
 * What is wrong with these members; so are members without a rule.
 * @param path - what stands before the names of members in texts, with its dot
 * @param others - names of members that may be there too and are checked elsewhere; with it, no member has to be there
 */
export function problemsOf(
  rules: Readonly<Record<string, MemberRule>>,
  values: unknown,
  path = '',
  others?: readonly string[],
): string[] {
  if (!isPlain(values)) return [wrong(path.slice(0, -1) || 'the value', values, 'an object')];
  const problems: string[] = [];
  for (const name in rules) {
    const [allowed, holds, most] = rules[name] as MemberRule;
    const value = values[name];
    if (value === undefined && others !== undefined) continue;
    const isList = most !== undefined;
    const items: readonly unknown[] = isList ? (value as readonly unknown[]) : [value];
    if (isList && !(Array.isArray(value) && value.length <= most)) {
      problems.push(wrong(path + name, value, allowed));
      continue;
    }
    const at = items.findIndex((item, index) => !holds(item) || items.indexOf(item) !== index);
    if (at >= 0) problems.push(wrong(path + name + (isList ? `[${at}]` : ''), items[at], allowed));
  }
  const known = Object.keys(rules).concat(others ?? []);
  for (const name of Object.keys(values)) {
    if (!known.includes(name)) problems.push(`${path}${name.slice(0, 64)} is not known; allowed: ${known.join(', ')}`);
  }
  return problems;
}

function wrong(name: string, value: unknown, allowed: string): string {
  // Without showing it, unless it is a number: a secret in the wrong place stays out of the log.
  const kind = value === undefined ? 'missing' : Array.isArray(value) ? 'a list' : `of type ${typeof value}`;
  return `${name} is ${typeof value === 'number' || value === null ? value : kind}; allowed: ${allowed}`;
}

/** A whole number within these limits, ends included. */
export function whole(min: number, max: number): MemberRule {
  return [
    `a whole number from ${min} to ${max}`,
    (value) => Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max,
  ];
}

/** A list of different items, each of which holds. */
export function listOf(what: string, holds: (item: unknown) => boolean, most = Number.MAX_SAFE_INTEGER): MemberRule {
  return [`a list of ${what}, none twice`, holds, most];
}

/**
 * Says everything at once that is wrong with a declaration or with options.
 * @throws EnvelopeError `CONFIG`
 */
export function refuseIfAny(source: string, problems: readonly string[]): void {
  if (problems.length > 0) fail('CONFIG', `${source}: ${problems.join('; ')}`);
}
