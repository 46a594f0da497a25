import { LIMITS } from '../limits.ts';
import type { SymbolicValue, Unresolved, Value } from '../value.ts';
import { type Piece, piecesOf } from './alphabet.ts';
import { inEveryCase } from './choices.ts';
import { compileGlob } from './glob.ts';
import { differentParts, partsOf, samePart } from './text.ts';
import { isWildcard, type Token, type TokenOptions, tokensOf } from './tokens.ts';
import type { Tri } from './tri.ts';

/** Beyond this many the answer is "unknown". */
const MAX_STEPS = LIMITS.matchSteps.most;

export interface MatchOptions {
  /** Default false. */
  readonly ignoreCase?: boolean;
}

/** Whether two strings are equal, `*` and `?` being plain characters. */
export function equalValues(a: Value, b: Value, { ignoreCase = false }: MatchOptions = {}): Tri {
  if (a === b) return 'yes';
  if (typeof a !== 'string' && typeof b !== 'string' && isSamePart(a, b)) return 'yes';
  if (typeof a === 'string' && typeof b === 'string') {
    return ignoreCase && a.toLowerCase() === b.toLowerCase() ? 'yes' : 'no';
  }
  const options = { wildcards: false, ignoreCase };
  const [left, right] = [onlyAttribute(a), onlyAttribute(b)];
  if (left !== undefined && !mentions(b, left)) return equalToAny(b, left, options);
  if (right !== undefined && !mentions(a, right)) return equalToAny(a, right, options);
  return inEveryCase(a, b, (one, other) => matchTokens(tokensOf(one, options), tokensOf(other, options)));
}

/** What every resource of a stack shares, and nothing else. */
function isSamePart(a: SymbolicValue, b: SymbolicValue): boolean {
  return a.parts.length === 1 && b.parts.length === 1 && a.parts[0] === b.parts[0];
}

type Attribute = Extract<Unresolved, { readonly kind: 'attribute' }>;

/** What a string is, where it is the name or ARN of a resource and nothing else. */
function onlyAttribute(value: Value): Attribute | undefined {
  if (typeof value === 'string' || value.parts.length !== 1) return undefined;
  const [part] = value.parts;
  return typeof part === 'string' || part?.kind !== 'attribute' ? undefined : part;
}

/** Whether the resource of an attribute stands in a string, or may. */
function mentions(value: Value, { stack, logicalId }: Attribute): boolean {
  return partsOf(value).some((part) => {
    if (typeof part === 'string') return false;
    return (
      part.kind === 'choice' || (part.kind === 'attribute' && part.logicalId === logicalId && part.stack === stack)
    );
  });
}

/** By string, then by what is asked about the resource. */
type Answers = Map<string, Tri>;
const OF_SYMBOLS = new WeakMap<SymbolicValue, Answers>();
const OF_TEXTS = new Map<string, Answers>();
const MAX_TEXTS = 10_000;

/** To a string that does not mention them, all resources of a type are alike: an app has thousands of roles. */
function equalToAny(value: Value, attribute: Attribute, options: TokenOptions): Tri {
  const kind = `${attribute.attribute} ${attribute.resourceType ?? ''} ${options.ignoreCase}`;
  const answers = answersOf(value);
  const known = answers.get(kind);
  if (known !== undefined) return known;
  const answer = matchTokens(tokensOf(value, options), [attribute]);
  answers.set(kind, answer);
  return answer;
}

function answersOf(value: Value): Answers {
  const known = typeof value === 'string' ? OF_TEXTS.get(value) : OF_SYMBOLS.get(value);
  if (known !== undefined) return known;
  const answers: Answers = new Map();
  if (typeof value !== 'string') OF_SYMBOLS.set(value, answers);
  else {
    if (OF_TEXTS.size >= MAX_TEXTS) OF_TEXTS.clear();
    OF_TEXTS.set(value, answers);
  }
  return answers;
}

/** Whether a pattern with `*` and `?` covers the whole string. */
export function matchesPattern(pattern: Value, text: Value, { ignoreCase = false }: MatchOptions = {}): Tri {
  if (typeof pattern === 'string' && typeof text === 'string') {
    const [known, given] = ignoreCase ? [pattern.toLowerCase(), text.toLowerCase()] : [pattern, text];
    return compileGlob(known).matches(given) ? 'yes' : 'no';
  }
  return inEveryCase(pattern, text, (one, other) => {
    return matchTokens(
      tokensOf(one, { wildcards: true, ignoreCase }),
      tokensOf(other, { wildcards: false, ignoreCase }),
    );
  });
}

/**
 * Matches a pattern against a text when either may hold parts that are not known.
 * "Yes" needs a match whatever the parts become, "no" that there is none whatever they become.
 */
export function matchTokens(pattern: readonly Token[], text: readonly Token[]): Tri {
  // Most strings differ early, or in one name: that is seen without looking at every way to match.
  const start = sharedStart(pattern, text);
  if (start === pattern.length && start === text.length) return 'yes';
  if (differAt(pattern[start], text[start])) return 'no';
  const [restOfPattern, restOfText] = [pattern.slice(start), text.slice(start)];
  if (restOfPattern.length * restOfText.length > MAX_STEPS) return 'unknown';
  if (alwaysMatches(restOfPattern, restOfText)) return 'yes';
  return differByName(restOfPattern, restOfText) || !canMatch(restOfPattern, restOfText) ? 'no' : 'unknown';
}

function sharedStart(a: readonly Token[], b: readonly Token[]): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const [left, right] = [a[index], b[index]];
    if (left === undefined || right === undefined || !sameToken(left, right)) return index;
  }
  return length;
}

function differAt(a: Token | undefined, b: Token | undefined): boolean {
  return typeof a === 'string' && typeof b === 'string' && a !== b;
}

function sameToken(a: Token, b: Token): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  return !isWildcard(a) && !isWildcard(b) && samePart(a, b);
}

/** Greedy matching with one point of return: quadratic at worst, whatever the pattern. */
function alwaysMatches(pattern: readonly Token[], text: readonly Token[]): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    const token = pattern[p];
    const character = text[t];
    if (token === undefined || character === undefined) {
      if (star < 0) return false;
    } else if (isWildcard(token) && token.kind === 'many') {
      star = p++;
      resume = t;
      continue;
    } else if (isWildcard(token) ? typeof character === 'string' : sameToken(token, character)) {
      p++;
      t++;
      continue;
    } else if (star < 0) return false;
    p = star + 1;
    t = ++resume;
  }
  return pattern.slice(p).every((token) => isWildcard(token) && token.kind === 'many');
}

/** Equal but for the first part on each side, and those two are names of two different resources. */
function differByName(a: readonly Token[], b: readonly Token[]): boolean {
  const [[left, ...tailOfA], [right, ...tailOfB]] = [a, b];
  if (left === undefined || right === undefined || tailOfA.length !== tailOfB.length) return false;
  if (typeof left === 'string' || typeof right === 'string' || isWildcard(left) || isWildcard(right)) return false;
  return differentParts(left, right) && sharedStart(tailOfA, tailOfB) === tailOfA.length;
}

/** A piece of which the very character may be known. */
interface Unit extends Piece {
  readonly character?: string;
}

function unitsOf(token: Token): readonly Unit[] {
  if (typeof token === 'string') return [{ many: false, character: token, has: (other) => other === token }];
  return isWildcard(token) ? [{ many: token.kind === 'many', has: () => true }] : piecesOf(token);
}

function compatible(a: Unit, b: Unit): boolean {
  if (b.character !== undefined) return a.has(b.character);
  return a.character === undefined || b.has(a.character);
}

/** Whether any string is in both languages, each unknown part being any string of its alphabet. */
function canMatch(pattern: readonly Token[], text: readonly Token[]): boolean {
  const a = pattern.flatMap(unitsOf);
  const b = text.flatMap(unitsOf);
  if (a.length * b.length > MAX_STEPS) return true;
  let row = new Uint8Array(b.length + 1);
  row[0] = 1;
  for (let i = 0; i <= a.length; i++) {
    const next = new Uint8Array(b.length + 1);
    const left = a[i];
    for (let j = 0; j <= b.length; j++) {
      if (row[j] !== 1) continue;
      const right = b[j];
      if (left?.many) next[j] = 1;
      if (right?.many) row[j + 1] = 1;
      if (left === undefined || right === undefined || !compatible(left, right)) continue;
      if (left.many) row[j + 1] = 1;
      else if (right.many) next[j] = 1;
      else next[j + 1] = 1;
    }
    if (i === a.length) return row[b.length] === 1;
    row = next;
  }
  return false;
}
