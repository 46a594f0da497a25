import { contextOf, type EncryptionContext, nameProblem, shown, valueProblem } from './context.ts';
import { EnvelopeError, type EnvelopeErrorCode } from './errors.ts';

/** What a declaration says about the encryption context. */
export interface ContextRules {
  /** Constants, added to every context. */
  readonly context: EncryptionContext;
  /** Names that the caller gives a value for. */
  readonly requiredContext: readonly string[];
}

type Problem = readonly [code: EnvelopeErrorCode, text: string];

/** The code that an error with several problems carries is the first of these that occurs. */
const PRECEDENCE: readonly EnvelopeErrorCode[] = ['CONTEXT_INVALID', 'CONTEXT_REQUIRED', 'CONTEXT_MISMATCH'];

/**
 * The whole context of a call: the constants and what the caller gave, in an object of its own.
 * @throws EnvelopeError `CONTEXT_INVALID`, `CONTEXT_REQUIRED` or `CONTEXT_MISMATCH`, with every problem at once; names
 * are quoted, values never
 */
export function completeContext(rules: ContextRules, given: unknown): EncryptionContext {
  // A Map or a list has no names of its own and would pass for an empty context.
  if (Object.prototype.toString.call(given) !== '[object Object]') {
    throw new EnvelopeError('CONTEXT_INVALID', 'the encryption context is not a plain object of names and values');
  }
  const values = given as Record<string, unknown>;
  const context: Record<string, string> = Object.create(null);
  // The way of nearly every call goes through here without making lists; the words for a bad one are found below.
  for (const name of Object.keys(rules.context)) context[name] = rules.context[name] as string;
  for (const name of Object.keys(values)) {
    const value = values[name];
    const constant = context[name];
    if (nameProblem(name) !== undefined || valueProblem(value) !== undefined) throw refused(rules, values);
    if (constant !== undefined && constant !== value) throw refused(rules, values);
    context[name] = value as string;
  }
  for (const name of rules.requiredContext) {
    if (!Object.hasOwn(context, name)) throw refused(rules, values);
  }
  return context;
}

/** The error for a context in which something is wrong, with everything that is. */
function refused(rules: ContextRules, values: Readonly<Record<string, unknown>>): EnvelopeError {
  const problems = Object.entries(values).flatMap(([name, value]) => entryProblems(rules, name, value));
  for (const name of rules.requiredContext) {
    if (!Object.hasOwn(values, name)) problems.push(['CONTEXT_REQUIRED', `${shown(name)} is required and missing`]);
  }
  const code = PRECEDENCE.find((candidate) => problems.some(([found]) => found === candidate)) ?? 'CONTEXT_INVALID';
  return new EnvelopeError(code, `encryption context: ${problems.map(([, text]) => text).join('; ')}`);
}

function entryProblems(rules: ContextRules, name: string, value: unknown): Problem[] {
  const invalid = [nameProblem(name), valueProblem(value)].filter((problem) => problem !== undefined);
  if (invalid.length > 0) return invalid.map((problem) => ['CONTEXT_INVALID', `${shown(name)} ${problem}`]);
  if (!Object.hasOwn(rules.context, name) || rules.context[name] === value) return [];
  return [['CONTEXT_MISMATCH', `${shown(name)} contradicts the constant that is declared for it`]];
}

/**
 * Holds the context of a message against the one that was asked for. Further names in the message are allowed: other
 * writers may add them, and KMS authenticates all of them.
 * @param unstored - names that the message may be bound to without storing them
 * @returns those of the asked names and values that the message does not store, of `unstored` only
 * @throws EnvelopeError `CONTEXT_MISMATCH`, which names what differs and shows no values
 */
export function requireContext(
  asked: EncryptionContext,
  found: EncryptionContext,
  unstored: readonly string[] = [],
): EncryptionContext {
  const missing = Object.keys(asked).filter((name) => !Object.hasOwn(found, name));
  const differing = Object.keys(asked).filter((name) =>
    Object.hasOwn(found, name) ? found[name] !== asked[name] : !unstored.includes(name),
  );
  if (differing.length === 0) return contextOf(missing.map((name) => [name, asked[name] ?? '']));
  throw new EnvelopeError(
    'CONTEXT_MISMATCH',
    `the message was not written with this encryption context; missing or different in it: ${differing.map(shown).join(', ')}`,
  );
}
