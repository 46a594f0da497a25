import { partsOf } from '../symbolic/text.ts';
import { type Token, type TokenOptions, tokensOf, tokensOfText } from '../symbolic/tokens.ts';
import type { Value } from '../value.ts';
import type { Facts } from './facts.ts';

/**
 * A value of a policy after its `${…}` are replaced. `nothing`: a variable has no value in the request, so the value
 * matches nothing. `open`: it hinges on a condition key that nobody knows yet.
 */
export type Expanded =
  | { readonly is: 'tokens'; readonly tokens: readonly Token[] }
  | { readonly is: 'nothing' }
  | { readonly is: 'open'; readonly key: string };

export interface ExpandOptions extends TokenOptions {
  /** False for policies of other versions than 2012-10-17, where `${…}` is plain text. */
  readonly variables: boolean;
}

/** `${key}`, `${key, 'default'}`, and `${*}`, `${?}`, `${$}` for the characters themselves. */
const VARIABLE = /\$\{([^{}]*)\}/;
const LITERALS: ReadonlySet<string> = new Set(['*', '?', '$']);

/** Whether a value has a `${…}`; what deployment will put in is plain text. */
export function hasVariable(value: Value): boolean {
  return partsOf(value).some((part) => typeof part === 'string' && VARIABLE.test(part));
}

/**
 * Replaces policy variables. What a variable stands for is compared literally: a `*` in a tag is no wildcard.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function expand(value: Value, facts: Facts, options: ExpandOptions): Expanded {
  if (!options.variables) return { is: 'tokens', tokens: tokensOf(value, options) };
  const tokens: Token[] = [];
  for (const part of partsOf(value)) {
    if (typeof part !== 'string') {
      tokens.push(part);
      continue;
    }
    // Splitting with a capturing group gives text and variable in turn.
    for (const [index, piece] of part.split(VARIABLE).entries()) {
      const expanded = index % 2 === 0 ? tokensOfText(piece, options) : variableTokens(piece, facts, options);
      if (expanded === undefined) return { is: 'nothing' };
      if ('open' in expanded) return { is: 'open', key: expanded.open };
      for (const token of expanded) tokens.push(token);
    }
  }
  return { is: 'tokens', tokens };
}

function variableTokens(
  text: string,
  facts: Facts,
  options: ExpandOptions,
): readonly Token[] | { readonly open: string } | undefined {
  const literal = { wildcards: false, ignoreCase: options.ignoreCase };
  if (LITERALS.has(text)) return [text];
  const [, key = text.trim(), fallback] = /^\s*([^,]*?)\s*,\s*'([^']*)'\s*$/.exec(text) ?? [];
  const fact = facts(key.toLowerCase());
  if (fact === 'open') return { open: key };
  if (fact === 'absent') return fallback === undefined ? undefined : tokensOfText(fallback, literal);
  const [only, second] = fact;
  // A key of several values cannot stand in a string.
  return only === undefined || second !== undefined ? undefined : tokensOf(only, literal);
}
