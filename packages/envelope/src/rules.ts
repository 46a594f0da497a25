import { CONTEXT_RULE, contextOf, type EncryptionContext, isContextName, isContextValue, shown } from './context.ts';
import { type EnvelopeErrorCode, fail } from './errors.ts';
import { isPlain } from './member-rules.ts';

/** What a declaration says about the encryption context. */
export interface ContextRules {
  /** Constants, added to every context. */
  readonly context: EncryptionContext;
  /** Names that the caller gives a value for. */
  readonly requiredContext: readonly string[];
}

/** What can be wrong with the context of a call, in the order in which one decides over the others. */
const PROBLEMS = {
  CONTEXT_INVALID: CONTEXT_RULE,
  CONTEXT_REQUIRED: 'required and missing',
  CONTEXT_MISMATCH: 'another constant is declared',
};

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
  if (!isPlain(given))
    return fail('CONTEXT_INVALID', 'the encryption context is not a plain object of names and values');
  const wrong: [code: keyof typeof PROBLEMS, name: string][] = [];
  const context: Record<string, string> = Object.create(null);
  // Not by spreading, which would give the object a prototype, and with it names that nobody gave.
  for (const name of Object.keys(constants)) context[name] = constants[name] as string;
  for (const name of Object.keys(given)) {
    const value = given[name] as string;
    if (!isContextName(name) || !isContextValue(value)) wrong.push(['CONTEXT_INVALID', name]);
    else if ((context[name] ?? value) !== value) wrong.push(['CONTEXT_MISMATCH', name]);
    context[name] = value;
  }
  for (const name of requiredContext) {
    // Looked for in what is used: a property that is not enumerable is none that anybody would find there.
    if (!(name in context)) wrong.push(['CONTEXT_REQUIRED', name]);
  }
  // The way of nearly every call ends here.
  if (wrong.length === 0) return context;
  const codes = (Object.keys(PROBLEMS) as (keyof typeof PROBLEMS)[]).filter((code) =>
    wrong.some(([is]) => is === code),
  );
  const texts = codes.map((code) => {
    const names = wrong.filter(([is]) => is === code).map(([, name]) => shown(name));
    return `${names.join(', ')}: ${PROBLEMS[code]}`;
  });
  return fail(codes[0] as EnvelopeErrorCode, `encryption context: ${texts.join('; ')}`);
}

/**
 * The context as it is now, for those who look at it only later: by then the caller's object may be another record's. What is
 * no context is left for an envelope to refuse.
 */
export function contextNow<C>(given: C): C {
  return isPlain(given) ? (contextOf(Object.entries(given as EncryptionContext)) as C) : given;
}

/** Names whose values differ from those asked for, or are not there. Further names are allowed: KMS authenticates them. */
export function differingNames(asked: EncryptionContext, found: EncryptionContext): string[] {
  return Object.keys(asked).filter((name) => asked[name] !== found[name]);
}
