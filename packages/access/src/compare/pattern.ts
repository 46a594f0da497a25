import { mayContain } from '../symbolic/alphabet.ts';
import { inWords, partsOf, samePart } from '../symbolic/text.ts';
import { isWildcard, MANY, ONE, type Token, type Wildcard } from '../symbolic/tokens.ts';
import type { Unresolved, Value } from '../value.ts';

/** A value of a policy as a set of strings. What is not known, a policy variable included, is one letter of its own. */
export interface Pattern {
  readonly tokens: readonly Token[];
  readonly ignoreCase: boolean;
}

/** How a value is read. */
export interface Reading {
  readonly wildcards: boolean;
  readonly ignoreCase: boolean;
  /** Components of ARNs are compared one by one: a wildcard in one does not reach into the next. */
  readonly arn: boolean;
  /** `${…}` is a policy variable. */
  readonly variables: boolean;
}

/** Wildcards that do not cover a colon. */
const MANY_WITHIN: Wildcard = { kind: 'many' };
const ONE_WITHIN: Wildcard = { kind: 'one' };
const COMPONENTS = 6;

export function patternOf(value: Value, reading: Reading): Pattern {
  const plain = partsOf(value).flatMap((part) => (typeof part === 'string' ? tokensOf(part, reading) : [part]));
  return { tokens: reading.arn ? byComponent(plain) : plain, ignoreCase: reading.ignoreCase };
}

/** `${key}`, and `${*}`, `${?}`, `${$}` for the characters themselves. */
const VARIABLE = /\$\{([^{}]*)\}/;

function tokensOf(text: string, { wildcards, ignoreCase, variables }: Reading): readonly Token[] {
  const pieces = variables ? text.split(VARIABLE) : [text];
  return pieces.flatMap((piece, index): readonly Token[] => {
    // Splitting with a capturing group gives text and variable in turn.
    if (index % 2 === 1) return /^[*?$]$/.test(piece) ? [piece] : [variable(piece)];
    const characters = (ignoreCase ? piece.toLowerCase() : piece).split('');
    return wildcards ? characters.map(wildcardOf) : characters;
  });
}

function wildcardOf(character: string): Token {
  if (character === '*') return MANY;
  return character === '?' ? ONE : character;
}

/** Within one request a variable is one string, so the same variable is the same letter. */
function variable(text: string): Unresolved {
  const [key = '', ...fallback] = text.split(',');
  return { kind: 'parameter', stack: '', name: [key.trim().toLowerCase(), ...fallback].join(',') };
}

function byComponent(tokens: readonly Token[]): readonly Token[] {
  if (tokens.length === 1 && tokens[0] === MANY) return tokens;
  const read: Token[] = [];
  let components = 1;
  for (const token of tokens) {
    const uncountable = typeof token !== 'string' && !isWildcard(token) && mayContain(token, ':');
    if (uncountable) components = COMPONENTS;
    if (token === ':') components++;
    read.push(components < COMPONENTS && isWildcard(token) ? within(token) : token);
  }
  // What an incomplete pattern leaves out is anything.
  for (; components < COMPONENTS; components++) read.push(':', components === COMPONENTS - 1 ? MANY : MANY_WITHIN);
  return read;
}

function within(wildcard: Wildcard): Wildcard {
  return wildcard.kind === 'many' ? MANY_WITHIN : ONE_WITHIN;
}

/** Whether a token of a pattern takes a letter: a character, or a part that is not known. */
export function takes(token: Token, letter: string | Unresolved, ignoreCase: boolean): boolean {
  if (typeof letter !== 'string') {
    if (typeof token === 'string') return false;
    if (!isWildcard(token)) return samePart(token, letter);
    return token === MANY || (token === MANY_WITHIN && !mayContain(letter, ':'));
  }
  if (typeof token === 'string') return token === (ignoreCase ? letter.toLowerCase() : letter);
  if (!isWildcard(token)) return false;
  return letter !== ':' || token === MANY || token === ONE;
}

/** Whether a pattern holds something that is not known. */
export function hasUnknown({ tokens }: Pattern): boolean {
  return tokens.some((token) => typeof token !== 'string' && !isWildcard(token));
}

export function isEverything({ tokens }: Pattern): boolean {
  return tokens.length === 1 && tokens[0] === MANY;
}

/** A string of letters as people read it. */
export function lettersInWords(letters: readonly (string | Unresolved)[]): string {
  return inWords({ parts: letters });
}

const KEYS = new WeakMap<Pattern, string>();

/** The same text for patterns that are the same set of strings by their very writing. */
export function keyOf(pattern: Pattern): string {
  const known = KEYS.get(pattern);
  if (known !== undefined) return known;
  const key = `${pattern.ignoreCase ? 'i' : ''}\u0000${pattern.tokens.map(keyOfToken).join('')}`;
  KEYS.set(pattern, key);
  return key;
}

/** Control characters stand for what is no character. */
function keyOfToken(token: Token): string {
  if (typeof token === 'string') return token;
  if (token === MANY) return '\u0001';
  if (token === ONE) return '\u0002';
  if (token === MANY_WITHIN) return '\u0003';
  return isWildcard(token) ? '\u0004' : `\u0005${keyOfPart(token)}\u0005`;
}

const UNKNOWN_IDS = new WeakMap<Unresolved, number>();
let lastUnknown = 0;

function keyOfPart(part: Unresolved): string {
  if (part.kind === 'attribute') return `${part.stack}\u0006${part.logicalId}\u0006${part.attribute}`;
  if (part.kind === 'dynamic') return `${part.kind}\u0006${part.stack}\u0006${part.reference}`;
  if (part.kind === 'pseudo' || part.kind === 'parameter') return `${part.kind}\u0006${part.stack}\u0006${part.name}`;
  const known = UNKNOWN_IDS.get(part) ?? ++lastUnknown;
  UNKNOWN_IDS.set(part, known);
  return String(known);
}
