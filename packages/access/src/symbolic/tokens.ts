import type { SymbolicValue, Unresolved, Value } from '../value.ts';
import { partsOf } from './text.ts';

/** A character, a wildcard, or a part that is not known. */
export type Token = string | Wildcard | Unresolved;

export interface Wildcard {
  readonly kind: 'many' | 'one';
}

/** `*` */
export const MANY: Wildcard = { kind: 'many' };
/** `?` */
export const ONE: Wildcard = { kind: 'one' };

export function isWildcard(token: Token): token is Wildcard {
  return typeof token !== 'string' && (token.kind === 'many' || token.kind === 'one');
}

export interface TokenOptions {
  /** `*` and `?` are wildcards. */
  readonly wildcards: boolean;
  readonly ignoreCase: boolean;
}

/** Tokens of values that hold unknown parts: an access map compares the same few hundred of them over and over. */
const CACHE: Record<
  'plain' | 'pattern' | 'plainAnyCase' | 'patternAnyCase',
  WeakMap<SymbolicValue, readonly Token[]>
> = {
  plain: new WeakMap(),
  pattern: new WeakMap(),
  plainAnyCase: new WeakMap(),
  patternAnyCase: new WeakMap(),
};

export function tokensOf(value: Value, options: TokenOptions): readonly Token[] {
  if (typeof value === 'string') return tokensOfText(value, options);
  const cache = CACHE[`${options.wildcards ? 'pattern' : 'plain'}${options.ignoreCase ? 'AnyCase' : ''}`];
  const known = cache.get(value);
  if (known !== undefined) return known;
  const tokens = partsOf(value).flatMap((part) => (typeof part === 'string' ? tokensOfText(part, options) : [part]));
  cache.set(value, tokens);
  return tokens;
}

export function tokensOfText(text: string, { wildcards, ignoreCase }: TokenOptions): readonly Token[] {
  const characters = (ignoreCase ? text.toLowerCase() : text).split('');
  if (!wildcards) return characters;
  return characters.map((character) => (character === '*' ? MANY : character === '?' ? ONE : character));
}
