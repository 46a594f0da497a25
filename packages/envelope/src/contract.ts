import { KEY_ARN } from './arn.ts';
import { contextOf, type EncryptionContext, isContext, isContextName } from './context.ts';
import { EnvelopeError } from './errors.ts';
import { listOf, type MemberRule, problemsOf, refuseIfAny, whole } from './member-rules.ts';

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

const CACHE_RULES: Readonly<Record<keyof CacheLimits, MemberRule>> = {
  maxAgeSeconds: whole(0, 86_400),
  maxMessages: whole(1, 4_294_967_295),
  maxBytes: whole(1, Number.MAX_SAFE_INTEGER),
};

const KEYS = listOf('key ARNs, arn:aws:kms:<region>:<account>:key/<id> and no aliases', (text) => KEY_ARN.test(text));

const RULES: Readonly<Record<keyof EnvelopeContract, MemberRule>> = {
  version: [(value) => value === 1, '1'],
  direction: [(value) => ['encrypt', 'decrypt', 'both'].includes(value as string), 'encrypt, decrypt or both'],
  wrapKeys: KEYS,
  unwrapKeys: KEYS,
  context: [isContext, 'an object of texts, without names that begin with aws-crypto-'],
  requiredContext: listOf('names that do not begin with aws-crypto-', isContextName),
  // Has rules of its own.
  cache: [() => true, ''],
};

/**
 * Reads the value of an environment variable `KEYSMITH_ENVELOPE_<name>`.
 * @param source - how errors call the value: the name of the variable
 * @throws EnvelopeError `CONFIG`, with every problem at once
 */
export function parseContract(text: string, source: string): EnvelopeContract {
  const bytes = Buffer.byteLength(text);
  refuseIfAny(source, bytes > MAX_VALUE_BYTES ? [`the value has ${bytes} bytes; at most ${MAX_VALUE_BYTES}`] : []);
  try {
    return checkContract(JSON.parse(text), source);
  } catch (error) {
    throw error instanceof EnvelopeError ? error : new EnvelopeError('CONFIG', `${source}: the value is not JSON`);
  }
}

/**
 * Checks a value of unknown origin and answers with a copy of its own.
 * @param keys - whether the value names the keys, as that of the construct does, or something else wraps
 * @throws EnvelopeError `CONFIG`, with every problem at once
 */
export function checkContract(value: unknown, source: string, keys: 'named' | 'elsewhere' = 'named'): EnvelopeContract {
  const problems = problemsOf(RULES, value);
  // Every member has the type that the interface gives it once the table has checked each one.
  const contract = value as EnvelopeContract;
  // The other members mean what their version says: without a version that is known there is nothing to check.
  if (problems[0]?.startsWith('version ')) problems.length = 1;
  else if (typeof value === 'object') problems.push(...problemsOf(CACHE_RULES, contract?.cache, 'cache'));
  refuseIfAny(source, problems);
  const { direction, wrapKeys, unwrapKeys, context, requiredContext } = contract;
  const both = requiredContext.filter((name) => name in context);
  const misplaced = (keys: readonly string[], without: Direction) => keys.length > 0 === (direction === without);
  refuseIfAny(source, [
    ...both.map((name) => `requiredContext and context both name ${name}`),
    ...(keys === 'named' && (misplaced(wrapKeys, 'decrypt') || misplaced(unwrapKeys, 'encrypt'))
      ? [`direction ${direction} does not go with ${wrapKeys.length} wrapKeys and ${unwrapKeys.length} unwrapKeys`]
      : []),
  ]);
  return { ...structuredClone(contract), context: contextOf(Object.entries(context)) };
}
