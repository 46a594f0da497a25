import { CONTEXT_RULE, type EncryptionContext, isContextName, isContextValue, shown } from './context.ts';
import { EnvelopeError, type EnvelopeErrorCode } from './errors.ts';

/** What a declaration says about the encryption context. */
export interface ContextRules {
  /** Constants, added to every context. */
  readonly context: EncryptionContext;
  /** Names that the caller gives a value for. */
  readonly requiredContext: readonly string[];
}

/**
 * The whole context of a call: the constants and what the caller gave, in an object of its own.
 * @throws EnvelopeError `CONTEXT_INVALID`, `CONTEXT_REQUIRED` or `CONTEXT_MISMATCH`, the first of these that occurs, with
 * every problem at once; names are quoted, values never
 */
export function completeContext(
  { context: constants, requiredContext }: ContextRules,
  given: unknown,
): EncryptionContext {
  // A Map or a list has no names of its own and would pass for an empty context.
  if (Object.prototype.toString.call(given) !== '[object Object]') {
    throw new EnvelopeError('CONTEXT_INVALID', 'the encryption context is not a plain object of names and values');
  }
  const values = given as Record<string, string>;
  const context: Record<string, string> = Object.create(null);
  // Not by spreading, which would give the object a prototype, and with it names that nobody gave.
  for (const name of Object.keys(constants)) context[name] = constants[name] as string;
  let sound = true;
  for (const name of Object.keys(values)) {
    const value = values[name] as string;
    sound &&= isContextName(name) && isContextValue(value) && (context[name] ?? value) === value;
    context[name] = value;
  }
  for (const name of requiredContext) sound &&= Object.hasOwn(values, name);
  // The way of nearly every call ends here, and has made no lists.
  if (sound) return context;
  const names = Object.keys(values);
  const isInvalid = (name: string): boolean => !isContextName(name) || !isContextValue(values[name]);
  const found: readonly (readonly [code: EnvelopeErrorCode, wrong: readonly string[], text: string])[] = [
    ['CONTEXT_INVALID', names.filter(isInvalid), CONTEXT_RULE],
    ['CONTEXT_REQUIRED', requiredContext.filter((name) => !Object.hasOwn(values, name)), 'required and missing'],
    [
      'CONTEXT_MISMATCH',
      names.filter((name) => (constants[name] ?? values[name]) !== values[name]),
      'another constant is declared',
    ],
  ];
  const problems = found.filter(([, wrong]) => wrong.length > 0);
  throw new EnvelopeError(
    problems[0]?.[0] ?? 'CONTEXT_INVALID',
    `encryption context: ${problems.map(([, wrong, text]) => `${wrong.map(shown).join(', ')}: ${text}`).join('; ')}`,
  );
}

/** Names whose values differ from those asked for, or are not there. Further names are allowed: KMS authenticates them. */
export function differingNames(asked: EncryptionContext, found: EncryptionContext): string[] {
  return Object.keys(asked).filter((name) => asked[name] !== found[name]);
}
