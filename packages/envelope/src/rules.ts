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
  const entries = Object.entries(given as Record<string, unknown>);
  const givenNames = new Set(entries.map(([name]) => name));
  const problems: Problem[] = entries.flatMap(([name, value]) => entryProblems(rules, name, value));
  for (const name of rules.requiredContext) {
    if (!givenNames.has(name)) problems.push(['CONTEXT_REQUIRED', `${shown(name)} is required and missing`]);
  }
  const code = PRECEDENCE.find((candidate) => problems.some(([found]) => found === candidate));
  if (code !== undefined) {
    throw new EnvelopeError(code, `encryption context: ${problems.map(([, text]) => text).join('; ')}`);
  }
  return contextOf([...Object.entries(rules.context), ...(entries as [string, string][])]);
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
 * @throws EnvelopeError `CONTEXT_MISMATCH`, which names what differs and shows no values
 */
export function requireContext(asked: EncryptionContext, found: EncryptionContext): void {
  const differing = Object.keys(asked).filter((name) => !Object.hasOwn(found, name) || found[name] !== asked[name]);
  if (differing.length === 0) return;
  throw new EnvelopeError(
    'CONTEXT_MISMATCH',
    `the message was not written with this encryption context; missing or different in it: ${differing.map(shown).join(', ')}`,
  );
}
