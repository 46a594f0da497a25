import type { SymbolicValue, Value } from '../value.ts';
import { mayContain } from './alphabet.ts';
import { matchTokens } from './match.ts';
import { concat, partsOf } from './text.ts';
import { isWildcard, MANY, type Token } from './tokens.ts';
import { allTri, type Tri } from './tri.ts';

const COMPONENTS = 6;

/**
 * Matches the six components of two ARNs one by one, so that `*` in one does not reach into the next. An incomplete
 * pattern (`*`, `arn:aws:kms`) has `*` in the components that it leaves out.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function matchArnTokens(pattern: readonly Token[], text: readonly Token[]): Tri {
  if (pattern.length === 1 && pattern[0] === MANY) return 'yes';
  const wanted = components(pattern);
  const given = components(text);
  if (wanted !== undefined && given !== undefined) {
    if (given.length < COMPONENTS) return 'no';
    return allTri(given.map((component, index) => matchTokens(wanted[index] ?? [MANY], component)));
  }
  const whole = matchTokens(pattern, text);
  // A wildcard that matched may have crossed a colon inside an unknown part.
  return whole === 'yes' && pattern.some(isWildcard) ? 'unknown' : whole;
}

/** The components of an ARN; undefined where an unknown part may hold a colon before the sixth. */
function components(tokens: readonly Token[]): Components | undefined {
  // Only those of a value that is kept are kept: the tokens of a known text are made anew each time.
  const known = TAKEN_APART.get(tokens);
  if (known !== undefined) return known === 'unknown' ? undefined : known;
  const found = takeApart(tokens);
  TAKEN_APART.set(tokens, found ?? 'unknown');
  return found;
}

type Components = readonly (readonly Token[])[];
const TAKEN_APART = new WeakMap<readonly Token[], Components | 'unknown'>();

function takeApart(tokens: readonly Token[]): Components | undefined {
  const found: Token[][] = [[]];
  for (const token of tokens) {
    if (found.length < COMPONENTS) {
      if (typeof token !== 'string' && !isWildcard(token) && mayContain(token, ':')) return undefined;
      if (token === ':') {
        found.push([]);
        continue;
      }
    }
    found.at(-1)?.push(token);
  }
  return found;
}

/** An ARN in its six components, the sixth with its colons; undefined: not an ARN, or not known to be one. */
export function splitArn(value: Value): readonly Value[] | undefined {
  if (typeof value === 'string') return splitNow(value);
  const known = SPLIT.get(value);
  if (known !== undefined) return known === 'no ARN' ? undefined : known;
  const pieces = splitNow(value);
  SPLIT.set(value, pieces ?? 'no ARN');
  return pieces;
}

const SPLIT = new WeakMap<SymbolicValue, readonly Value[] | 'no ARN'>();

function splitNow(value: Value): readonly Value[] | undefined {
  const pieces: Value[][] = [[]];
  for (const part of partsOf(value)) {
    const isLast = pieces.length === COMPONENTS;
    if (typeof part === 'string') {
      const [first = '', ...others] = isLast ? [part] : atColons(part, COMPONENTS - pieces.length);
      pieces.at(-1)?.push(first);
      for (const other of others) pieces.push([other]);
    } else {
      if (!isLast && mayContain(part, ':')) return undefined;
      pieces.at(-1)?.push({ parts: [part] });
    }
  }
  const components = pieces.map(concat);
  return components.length === COMPONENTS && components[0] === 'arn' ? components : undefined;
}

/** Splits at so many of the first colons. */
function atColons(text: string, colons: number): readonly string[] {
  const pieces = text.split(':');
  return pieces.length <= colons ? pieces : [...pieces.slice(0, colons), pieces.slice(colons).join(':')];
}
