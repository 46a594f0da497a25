import { samePart } from '../symbolic/text.ts';
import { isWildcard, type Token } from '../symbolic/tokens.ts';
import type { Unresolved } from '../value.ts';
import { type Pattern, takes } from './pattern.ts';

/** A character, or a part that is not known, as one. */
export type Letter = string | Unresolved;

/** Enough for policies of any size that AWS takes. */
const MAX_STATES = 20_000;
/** Tokens that are looked at, in all states together: patterns made to be slow have many in each. */
const MAX_WORK = 500_000;

/** Whether a pattern covers a string. */
export function includes(pattern: Pattern, text: readonly Letter[]): boolean {
  let runs: readonly Run[] = [begin(pattern)];
  for (const letter of text) {
    runs = advance(runs, letter);
    if (runs.length === 0) return false;
  }
  return runs.some(ends);
}

function begin(pattern: Pattern): Run {
  return { pattern, places: closure(pattern, [0]) };
}

function ends({ pattern, places }: Run): boolean {
  return places.includes(pattern.tokens.length);
}

/** How far each pattern has come: the tokens that may be next. No place: it cannot match any more. */
interface State {
  readonly all: readonly (readonly Run[])[];
  readonly none: readonly Run[];
  readonly before: State | undefined;
  readonly letter: Letter | undefined;
}

interface Run {
  readonly pattern: Pattern;
  readonly places: readonly number[];
}

/**
 * Walks through all patterns at once, letter by letter, until a string is found that is in one pattern of each group and
 * in none of the others: a shortest one; `nothing` when there is none, undefined when the search was given up.
 *
 * @param other - a character that no pattern asks for
 */
export function search(
  all: readonly (readonly Pattern[])[],
  none: readonly Pattern[],
  other: string,
): readonly Letter[] | 'nothing' | undefined {
  const start = {
    all: all.map((group) => group.map(begin)),
    none: none.map(begin),
    before: undefined,
    letter: undefined,
  };
  const seen = new Set<string>([stateKey(start)]);
  const queue: State[] = [start];
  let work = 0;
  for (let head = 0; head < queue.length; head++) {
    const state = queue[head];
    if (state === undefined) break;
    if (accepts(state)) return lettersOf(state);
    const letters = lettersAt(state, other);
    work += letters.length * placesIn(state);
    if (work > MAX_WORK) return undefined;
    for (const letter of letters) {
      const next = step(state, letter);
      if (next === undefined) continue;
      const key = stateKey(next);
      if (seen.has(key)) continue;
      if (seen.size >= MAX_STATES) return undefined;
      seen.add(key);
      queue.push(next);
    }
  }
  return 'nothing';
}

function placesIn({ all, none }: State): number {
  return [...all.flat(), ...none].reduce((sum, { places }) => sum + places.length, 0);
}

function accepts({ all, none }: State): boolean {
  return all.every((group) => group.some(ends)) && !none.some(ends);
}

function step(state: State, letter: Letter): State | undefined {
  const all: (readonly Run[])[] = [];
  for (const group of state.all) {
    const alive = advance(group, letter);
    if (alive.length === 0) return undefined;
    all.push(alive);
  }
  const none = advance(state.none, letter);
  // A pattern that ends in "*" and has come that far covers whatever follows.
  if (none.some(({ pattern, places }) => places.includes(pattern.tokens.length - 1) && endsOpen(pattern)))
    return undefined;
  return { all, none, before: state, letter };
}

function endsOpen({ tokens }: Pattern): boolean {
  const last = tokens.at(-1);
  return (
    last !== undefined &&
    typeof last !== 'string' &&
    isWildcard(last) &&
    last.kind === 'many' &&
    takes(last, ':', false)
  );
}

function advance(runs: readonly Run[], letter: Letter): readonly Run[] {
  return runs.flatMap(({ pattern, places }) => {
    const next: number[] = [];
    for (const place of places) {
      const token = pattern.tokens[place];
      if (token === undefined || !takes(token, letter, pattern.ignoreCase)) continue;
      next.push(isMany(token) ? place : place + 1);
    }
    return next.length === 0 ? [] : [{ pattern, places: closure(pattern, next) }];
  });
}

function isMany(token: Token | undefined): boolean {
  return token !== undefined && typeof token !== 'string' && isWildcard(token) && token.kind === 'many';
}

/** A `*` may also cover nothing, so what follows it may be next as well. */
function closure({ tokens }: Pattern, places: readonly number[]): readonly number[] {
  const reached = new Set<number>();
  for (const place of places) {
    for (let at = place; ; at++) {
      if (reached.has(at)) break;
      reached.add(at);
      if (!isMany(tokens[at])) break;
    }
  }
  return [...reached].sort((a, b) => a - b);
}

/** The letters that make a difference next: those that some pattern asks for, a colon, and one that none asks for. */
function lettersAt({ all, none }: State, other: string): readonly Letter[] {
  const characters = new Set<string>([':', other]);
  const unknown: Unresolved[] = [];
  for (const { pattern, places } of [...all.flat(), ...none]) {
    for (const place of places) {
      const token = pattern.tokens[place];
      if (typeof token === 'string') {
        characters.add(token);
        if (pattern.ignoreCase) characters.add(token.toUpperCase());
      } else if (token !== undefined && !isWildcard(token) && !unknown.some((one) => samePart(one, token))) {
        unknown.push(token);
      }
    }
  }
  return [...characters, ...unknown];
}

function stateKey({ all, none }: State): string {
  const ids = (runs: readonly Run[]) =>
    runs.map(({ pattern, places }) => `${idOf(pattern)}:${places.join(',')}`).join(' ');
  return `${all.map(ids).join('|')}!${ids(none)}`;
}

const IDS = new WeakMap<Pattern, number>();
let lastId = 0;

function idOf(pattern: Pattern): number {
  const known = IDS.get(pattern);
  if (known !== undefined) return known;
  IDS.set(pattern, ++lastId);
  return lastId;
}

function lettersOf(state: State): readonly Letter[] {
  const letters: Letter[] = [];
  for (let at: State | undefined = state; at?.letter !== undefined; at = at.before) letters.push(at.letter);
  return letters.reverse();
}
