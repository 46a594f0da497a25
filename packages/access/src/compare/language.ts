import { matchTokens } from '../symbolic/match.ts';
import { isWildcard, type Token } from '../symbolic/tokens.ts';
import { includes, type Letter, search } from './automaton.ts';
import { hasUnknown, isEverything, keyOf, type Pattern } from './pattern.ts';

/** Strings that are in one pattern of each group, and in none of the others. */
export interface Language {
  readonly all: readonly (readonly Pattern[])[];
  readonly none: readonly Pattern[];
}

export const EVERYTHING: Language = { all: [], none: [] };

/** Whether a language has a string, with an example; `unknown`: that hinges on what is not known, or takes too long. */
export type Emptiness =
  | { readonly is: 'empty' | 'unknown' }
  | { readonly is: 'some'; readonly example: readonly Letter[] };

/**
 * Whether there is a string in a language.
 *
 * Strings without unknown parts are decided exactly. With unknown parts "empty" holds whatever they become, and so does
 * "some"; everything else is unknown.
 */
export function emptinessOf(language: Language): Emptiness {
  const known = KNOWN.get(language);
  if (known !== undefined) return known;
  const answer = decide(simplified(language));
  KNOWN.set(language, answer);
  return answer;
}

/** Pieces of a set of requests share their languages. */
const KNOWN = new WeakMap<Language, Emptiness>();

/** Without what is said twice, and without patterns of a group that are among those that are left out. */
function simplified({ all, none }: Language): Language {
  const excluded = new Map(none.map((pattern) => [keyOf(pattern), pattern]));
  const groups = new Map<string, readonly Pattern[]>();
  for (const group of all) {
    if (group.some(isEverything)) continue;
    const left = group.filter((pattern) => !excluded.has(keyOf(pattern)));
    groups.set(left.map(keyOf).sort().join('\u0007'), left);
  }
  return { all: [...groups.values()], none: [...excluded.values()] };
}

function decide({ all, none }: Language): Emptiness {
  if (all.some((group) => group.length === 0) || none.some(isEverything)) return { is: 'empty' };
  const strings = all.find((group) => group.every(isOneString));
  const texts = strings?.map(({ tokens }) => tokens.filter((token) => typeof token === 'string'));
  if (texts !== undefined && !all.flat().some(hasUnknown)) return decideStrings(texts, all, none);
  const other = unusedCharacter([...all.flat(), ...none]);
  const found = guess(all, none, other) ?? search(all, none, other);
  if (found === undefined) return UNKNOWN;
  if (found === 'nothing') return isCertain(all) ? { is: 'empty' } : UNKNOWN;
  return none.every((pattern) => certainlyNot(pattern, found)) ? { is: 'some', example: found } : UNKNOWN;
}

const UNKNOWN: Emptiness = { is: 'unknown' };

function isOneString({ tokens, ignoreCase }: Pattern): boolean {
  return !ignoreCase && tokens.every((token) => typeof token === 'string');
}

/** A language of a few known strings at most. */
function decideStrings(
  texts: readonly (readonly string[])[],
  all: readonly (readonly Pattern[])[],
  none: readonly Pattern[],
): Emptiness {
  const left = texts.filter((text) => all.every((group) => group.some((one) => includes(one, text))));
  const example = left.find((text) => none.every((one) => !includes(one, text) && certainlyNot(one, text)));
  if (example !== undefined) return { is: 'some', example };
  return left.every((text) => none.some((one) => includes(one, text))) ? { is: 'empty' } : UNKNOWN;
}

/** With unknown parts two groups may share strings that the search does not see, unless they certainly share none. */
function isCertain(all: readonly (readonly Pattern[])[]): boolean {
  if (all.length < 2 || !all.some((group) => group.some(hasUnknown))) return true;
  return all.some((one, index) => all.slice(index + 1).some((other) => areDisjoint(one, other)));
}

function areDisjoint(one: readonly Pattern[], other: readonly Pattern[]): boolean {
  return one.every((a) =>
    other.every((b) => {
      const inAnyCase = a.ignoreCase || b.ignoreCase;
      return matchTokens(inCase(a.tokens, inAnyCase), inCase(anyText(b), inAnyCase)) === 'no';
    }),
  );
}

function inCase(tokens: readonly Token[], inAnyCase: boolean): readonly Token[] {
  return inAnyCase ? tokens.map((token) => (typeof token === 'string' ? token.toLowerCase() : token)) : tokens;
}

/** A pattern as a text of which the wildcards are not known. */
function anyText({ tokens }: Pattern): readonly Token[] {
  return tokens.map((token) =>
    typeof token !== 'string' && isWildcard(token) ? { kind: 'unknown', reason: 'a wildcard' } : token,
  );
}

function certainlyNot(pattern: Pattern, text: readonly Letter[]): boolean {
  if (!hasUnknown(pattern) && text.every((letter) => typeof letter === 'string')) return true;
  const given = text.map((letter) =>
    typeof letter === 'string' && pattern.ignoreCase ? letter.toLowerCase() : letter,
  );
  return matchTokens(pattern.tokens, given) === 'no';
}

/** How many of the patterns of a group are tried before all strings are searched. */
const MAX_GUESSES = 8;
/** Tokens of the longest pattern with which guessing is cheap: the time grows with the square. */
const MAX_GUESSED = 1_000;

/** Mostly a string that nobody asks for, in the place of each wildcard, does. */
function guess(
  all: readonly (readonly Pattern[])[],
  none: readonly Pattern[],
  other: string,
): readonly Letter[] | undefined {
  const [smallest] = [...all].sort((a, b) => a.length - b.length);
  const longest = Math.max(0, ...[...all.flat(), ...none].map(({ tokens }) => tokens.length));
  if (longest > MAX_GUESSED) return undefined;
  const guesses = smallest?.slice(0, MAX_GUESSES) ?? [{ tokens: [], ignoreCase: false }];
  return guesses
    .map(({ tokens }) => tokens.map((token) => (typeof token !== 'string' && isWildcard(token) ? other : token)))
    .find(
      (text) =>
        all.every((group) => group.some((one) => includes(one, text))) && !none.some((one) => includes(one, text)),
    );
}

const CANDIDATES = 'xyzwvutsrqponmlkjihgfedcba0123456789'.split('');

function unusedCharacter(patterns: readonly Pattern[]): string {
  const isFree = (one: string) => !patterns.some((pattern) => charactersOf(pattern).has(one));
  // Policies are not written in private characters.
  return CANDIDATES.find(isFree) ?? '\uE000';
}

const CHARACTERS = new WeakMap<Pattern, ReadonlySet<string>>();

/** In both cases, since some patterns do not tell them apart. */
function charactersOf(pattern: Pattern): ReadonlySet<string> {
  const known = CHARACTERS.get(pattern);
  if (known !== undefined) return known;
  const written = pattern.tokens.filter((token) => typeof token === 'string');
  const characters = new Set(written.flatMap((one) => [one.toLowerCase(), one.toUpperCase()]));
  CHARACTERS.set(pattern, characters);
  return characters;
}
