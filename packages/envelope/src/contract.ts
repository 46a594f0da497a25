import { KEY_ARN } from './arn.ts';
import { contextOf, type EncryptionContext, isContextName, isContextValue } from './context.ts';
import { isPlain, listOf, type MemberRule, problemsOf, refuseIfAny, whole } from './member-rules.ts';

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

const CACHE_RULES: Readonly<Record<keyof CacheLimits, MemberRule>> = {
  maxAgeSeconds: whole(0, 86_400),
  maxMessages: whole(1, 4_294_967_295),
  maxBytes: whole(1, Number.MAX_SAFE_INTEGER),
};

const KEYS = listOf(
  'key ARNs, arn:aws:kms:<region>:<account>:key/<id> and no aliases',
  (value) => typeof value === 'string' && KEY_ARN.test(value),
);

const RULES: Readonly<Record<keyof EnvelopeContract, MemberRule>> = {
  version: ['1', (value) => value === 1],
  direction: ['encrypt, decrypt or both', (value) => value === 'encrypt' || value === 'decrypt' || value === 'both'],
  wrapKeys: KEYS,
  unwrapKeys: KEYS,
  context: [
    'an object of texts, without names that begin with aws-crypto-',
    (value) => isPlain(value) && Object.keys(value).every((name) => isContextName(name) && isContextValue(value[name])),
  ],
  requiredContext: listOf('names that do not begin with aws-crypto-', isContextName),
  // Has rules of its own.
  cache: ['', () => true],
};

/** The names of all members. */
export const CONTRACT_MEMBERS = Object.keys(RULES);

/** Largest value of the environment variable in bytes: what Lambda takes for all variables of a function. */
const MAX_VALUE_BYTES = 4_096;

/**
 * Reads the value of an environment variable `KEYSMITH_ENVELOPE_<name>`.
 * @param source - how errors call the value: the name of the variable
 * @throws EnvelopeError `CONFIG`, with every problem at once
 */
export function parseContract(text: string, source: string): EnvelopeContract {
  const bytes = Buffer.byteLength(text);
  refuseIfAny(source, bytes > MAX_VALUE_BYTES ? [`the value has ${bytes} bytes; at most ${MAX_VALUE_BYTES}`] : []);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Without a cause: the parser quotes what it read.
    refuseIfAny(source, ['the value is not JSON']);
  }
  return checkContract(value, source);
}

/**
 * Checks a value of unknown origin and answers with a copy of its own.
 * @param keysElsewhere - whether something else wraps than the keys that the value of the construct names
 * @throws EnvelopeError `CONFIG`, with every problem at once
 */
export function checkContract(value: unknown, source: string, keysElsewhere = false): EnvelopeContract {
  const problems = problemsOf(RULES, value);
  // Every member has the type that the interface gives it once the table has checked each one.
  const contract = value as EnvelopeContract;
  // The other members mean what their version says: without a version that is known there is nothing to check.
  if (problems[0]?.startsWith('version ')) problems.length = 1;
  else if (isPlain(value)) problems.push(...problemsOf(CACHE_RULES, contract.cache, 'cache.'));
  refuseIfAny(source, problems);
  const { direction, wrapKeys, unwrapKeys, context, requiredContext } = contract;
  for (const name of requiredContext) {
    if (Object.hasOwn(context, name)) problems.push(`requiredContext and context both name ${name}`);
  }
  const wraps = wrapKeys.length > 0;
  const unwraps = unwrapKeys.length > 0;
  if (keysElsewhere ? wraps || unwraps : wraps === (direction === 'decrypt') || unwraps === (direction === 'encrypt')) {
    problems.push(
      keysElsewhere
        ? 'wrapping excludes wrapKeys and unwrapKeys'
        : `direction ${direction} does not go with ${wrapKeys.length} wrapKeys and ${unwrapKeys.length} unwrapKeys`,
    );
  }
  refuseIfAny(source, problems);
  return { ...structuredClone(contract), context: contextOf(Object.entries(context)) };
}
