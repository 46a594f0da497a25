import { isAliasArn, parseKeyArn } from './arn.ts';
import { contextOf, type EncryptionContext, nameProblem, shown, valueProblem } from './context.ts';
import { EnvelopeError } from './errors.ts';

/** What a function may do with an envelope. */
export type Direction = 'encrypt' | 'decrypt' | 'both';

/** Limits of one cached data key. */
export interface CacheLimits {
  /** Age in whole seconds, 0 to 86,400; 0 turns the cache off. */
  readonly maxAgeSeconds: number;
  /** Messages, 1 to 4,294,967,295. */
  readonly maxMessages: number;
  /** Plaintext bytes, 1 to 2^53 − 1. */
  readonly maxBytes: number;
}

/** What the construct declares and the function's environment carries: `docs/contract.md`, version 1. */
export interface EnvelopeContract {
  readonly version: 1;
  readonly direction: Direction;
  /** Key ARNs that new data keys are wrapped under; the first generates them. Empty for `decrypt`. */
  readonly wrapKeys: readonly string[];
  /** Key ARNs that may unwrap. Empty for `encrypt`. */
  readonly unwrapKeys: readonly string[];
  /** Constants, added to every context. */
  readonly context: EncryptionContext;
  /** Names that the caller gives a value for. */
  readonly requiredContext: readonly string[];
  readonly cache: CacheLimits;
}

/** Largest value of the environment variable in bytes. */
const MAX_VALUE_BYTES = 4_096;

const VERSION = 1;
const DIRECTIONS: readonly unknown[] = ['encrypt', 'decrypt', 'both'] satisfies Direction[];

/** Ranges of the cache limits, ends included. */
const CACHE_RANGES: Readonly<Record<keyof CacheLimits, readonly [min: number, max: number]>> = {
  maxAgeSeconds: [0, 86_400],
  maxMessages: [1, 4_294_967_295],
  maxBytes: [1, Number.MAX_SAFE_INTEGER],
};

/** The members of the value, each with what is wrong with it; an empty list where nothing is. */
const MEMBERS: Readonly<Record<keyof EnvelopeContract, (value: unknown) => string[]>> = {
  version: (value) => (value === VERSION ? [] : [`version is ${numberOr(value)}; allowed: ${VERSION}`]),
  direction: (value) =>
    DIRECTIONS.includes(value) ? [] : [`direction is ${kindOf(value)}; allowed: "encrypt", "decrypt" or "both"`],
  wrapKeys: (value) => keyListProblems('wrapKeys', value),
  unwrapKeys: (value) => keyListProblems('unwrapKeys', value),
  context: contextProblems,
  requiredContext: requiredProblems,
  cache: cacheProblems,
};

/**
 * Reads the value of an environment variable `KEYSMITH_ENVELOPE_<name>`.
 * @param source - how errors call the value: the name of the variable
 * @throws EnvelopeError `CONFIG`, with every problem at once
 */
export function parseContract(text: string, source: string): EnvelopeContract {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_VALUE_BYTES) throw refused(source, [`the value has ${bytes} bytes; at most ${MAX_VALUE_BYTES}`]);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refused(source, ['the value is not JSON; expected one JSON object']);
  }
  return checkContract(value, source);
}

/**
 * Checks a value of unknown origin and answers with a copy of its own.
 * @param keys - whether the value names the keys, as that of the construct does, or something else wraps
 * @throws EnvelopeError `CONFIG`, with every problem at once
 */
export function checkContract(value: unknown, source: string, keys: 'named' | 'elsewhere' = 'named'): EnvelopeContract {
  if (!isObject(value)) throw refused(source, [`the value is ${kindOf(value)}; expected one JSON object`]);
  const problems = isObject(value) && value['version'] !== VERSION ? MEMBERS.version(value['version']) : [];
  // The other members mean what their version says: without a version that is known there is nothing to check.
  if (problems.length > 0) throw refused(source, problems);
  for (const [name, problemsOf] of Object.entries(MEMBERS)) {
    problems.push(...(Object.hasOwn(value, name) ? problemsOf(value[name]) : [`${name} is missing`]));
  }
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(MEMBERS, name)) {
      problems.push(
        `${shown(name)} is not a member of version ${VERSION}; allowed: ${Object.keys(MEMBERS).join(', ')}`,
      );
    }
  }
  if (problems.length > 0) throw refused(source, problems);
  // Every member has the type that the interface gives it: the table above checked each one.
  const contract = value as unknown as EnvelopeContract;
  problems.push(...(keys === 'named' ? directionProblems(contract) : []), ...overlapProblems(contract));
  if (problems.length > 0) throw refused(source, problems);
  return {
    ...contract,
    wrapKeys: [...contract.wrapKeys],
    unwrapKeys: [...contract.unwrapKeys],
    context: contextOf(Object.entries(contract.context)),
    requiredContext: [...contract.requiredContext],
    cache: { ...contract.cache },
  };
}

function refused(source: string, problems: readonly string[]): EnvelopeError {
  return new EnvelopeError('CONFIG', `${source}: ${problems.join('; ')}`);
}

function keyListProblems(member: string, value: unknown): string[] {
  if (!Array.isArray(value)) return [`${member} is ${kindOf(value)}; allowed: a list of key ARNs`];
  return value.flatMap((item: unknown, index) =>
    typeof item === 'string' && parseKeyArn(item) !== undefined
      ? []
      : [
          `${member}[${index}] is ${kindOf(item)}; allowed: the ARN of a KMS key (arn:aws:kms:<region>:<account>:key/<id>)`,
        ],
  );
}

function contextProblems(value: unknown): string[] {
  if (!isObject(value)) return [`context is ${kindOf(value)}; allowed: an object of non-empty strings`];
  return Object.entries(value).flatMap(([name, item]) =>
    [nameProblem(name), valueProblem(item)].flatMap((problem) =>
      problem === undefined ? [] : [`context: ${shown(name)} ${problem}`],
    ),
  );
}

function requiredProblems(value: unknown): string[] {
  if (!Array.isArray(value)) return [`requiredContext is ${kindOf(value)}; allowed: a list of names`];
  return value.flatMap((name: unknown, index) => {
    const problem = nameProblem(name);
    return problem === undefined ? [] : [`requiredContext[${index}] ${problem}`];
  });
}

function cacheProblems(value: unknown): string[] {
  if (!isObject(value))
    return [`cache is ${kindOf(value)}; allowed: an object of ${Object.keys(CACHE_RANGES).join(', ')}`];
  const problems = Object.entries(CACHE_RANGES).flatMap(([name, [min, max]]) => {
    const limit = value[name];
    const inRange = Number.isSafeInteger(limit) && (limit as number) >= min && (limit as number) <= max;
    return inRange ? [] : [`cache.${name} is ${numberOr(limit)}; allowed: a whole number from ${min} to ${max}`];
  });
  const unknown = Object.keys(value).filter((name) => !Object.hasOwn(CACHE_RANGES, name));
  return [...problems, ...unknown.map((name) => `cache: ${shown(name)} is not a member of version ${VERSION}`)];
}

function directionProblems({ direction, wrapKeys, unwrapKeys }: EnvelopeContract): string[] {
  const lists = [
    ['wrapKeys', wrapKeys, direction !== 'decrypt'],
    ['unwrapKeys', unwrapKeys, direction !== 'encrypt'],
  ] as const;
  return lists.flatMap(([member, keys, needed]) =>
    needed === keys.length > 0
      ? []
      : [`${member} has ${keys.length} keys; direction "${direction}" allows ${needed ? 'one or more' : 'none'}`],
  );
}

function overlapProblems({ context, requiredContext }: EnvelopeContract): string[] {
  const both = requiredContext.filter((name) => Object.hasOwn(context, name));
  return both.map(
    (name) => `requiredContext names ${shown(name)}, which context holds as a constant; allowed: one of them`,
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function numberOr(value: unknown): string {
  return typeof value === 'number' ? String(value) : kindOf(value);
}

/** What kind of value it is, without showing it: a secret pasted into the wrong variable stays out of the log. */
function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (value === '') return 'an empty string';
  if (typeof value === 'string') return isAliasArn(value) ? 'the ARN of an alias' : 'another string';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
