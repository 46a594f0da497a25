import { matchArnTokens } from '../symbolic/arn.ts';
import { arnText, compileArnPattern } from '../symbolic/arn-pattern.ts';
import { compileGlob } from '../symbolic/glob.ts';
import { equalValues, matchTokens } from '../symbolic/match.ts';
import { type Token, tokensOf } from '../symbolic/tokens.ts';
import type { Tri } from '../symbolic/tri.ts';
import type { Value } from '../value.ts';
import { type Compare, inRange, ORDERS, ordered, readDate, readNumber, sameBoolean, sameBytes } from './scalars.ts';

/** How one condition operator compares a value of the request with a value of the policy. */
export type Operator =
  | {
      /** Policy variables and, where set, wildcards are understood in the policy's value. */
      readonly kind: 'text';
      readonly negated: boolean;
      readonly wildcards: boolean;
      readonly ignoreCase: boolean;
      readonly match: (wanted: readonly Token[], given: readonly Token[]) => Tri;
      /** {@link match} for a known value of the policy without variables, taken apart once. */
      readonly compile: (wanted: string) => (given: string) => boolean;
    }
  | { readonly kind: 'scalar'; readonly negated: boolean; readonly compare: Compare }
  | { readonly kind: 'null'; readonly negated: false };

/** An operator with its prefix and suffix taken apart. */
export interface ParsedOperator {
  readonly name: string;
  /** `undefined` for an operator that IAM does not have. */
  readonly operator: Operator | undefined;
  readonly set: 'ForAllValues' | 'ForAnyValue' | undefined;
  readonly ifExists: boolean;
  /** The operator of IAM that this one is but for upper and lower case. */
  readonly meant?: string;
}

const EXACT = {
  kind: 'text',
  negated: false,
  wildcards: false,
  ignoreCase: false,
  match: matchTokens,
  compile: (wanted) => (given) => given === wanted,
} as const satisfies Operator;
const ANY_CASE = {
  ...EXACT,
  ignoreCase: true,
  compile: (wanted) => {
    const lower = wanted.toLowerCase();
    return (given) => given.toLowerCase() === lower;
  },
} as const satisfies Operator;
const LIKE = {
  ...EXACT,
  wildcards: true,
  compile: (wanted) => compileGlob(wanted).matches,
} as const satisfies Operator;
/** ArnEquals understands wildcards just as ArnLike does. */
const ARN = {
  ...LIKE,
  match: matchArnTokens,
  compile: (wanted) => {
    const matches = compileArnPattern(wanted);
    return (given) => matches(arnText(given));
  },
} as const satisfies Operator;

function not<T extends Operator>(operator: T): T & { readonly negated: true } {
  return { ...operator, negated: true };
}

function scalar(compare: Compare): Operator & { readonly kind: 'scalar' } {
  return { kind: 'scalar', negated: false, compare };
}

const NUMBERS: [string, Operator][] = Object.entries(ORDERS).map(([order, holds]) => [
  `Numeric${order}`,
  scalar(ordered(readNumber, holds)),
]);
const DATES: [string, Operator][] = Object.entries(ORDERS).map(([order, holds]) => [
  `Date${order}`,
  scalar(ordered(readDate, holds)),
]);

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['StringEquals', EXACT],
  ['StringNotEquals', not(EXACT)],
  ['StringEqualsIgnoreCase', ANY_CASE],
  ['StringNotEqualsIgnoreCase', not(ANY_CASE)],
  ['StringLike', LIKE],
  ['StringNotLike', not(LIKE)],
  ['ArnEquals', ARN],
  ['ArnLike', ARN],
  ['ArnNotEquals', not(ARN)],
  ['ArnNotLike', not(ARN)],
  ...NUMBERS,
  ['NumericNotEquals', not(scalar(ordered(readNumber, ORDERS.Equals)))],
  ...DATES,
  ['DateNotEquals', not(scalar(ordered(readDate, ORDERS.Equals)))],
  ['Bool', scalar(sameBoolean)],
  ['BinaryEquals', scalar(sameBytes)],
  ['IpAddress', scalar(inRange)],
  ['NotIpAddress', not(scalar(inRange))],
  ['Null', { kind: 'null', negated: false }],
]);

const WRITTEN: ReadonlyMap<string, string> = new Map(
  ['', 'ForAllValues:', 'ForAnyValue:'].flatMap((prefix) =>
    [...OPERATORS.keys()].flatMap((name) =>
      ['', ...(name === 'Null' ? [] : ['IfExists'])].map((suffix): [string, string] => {
        const operator = `${prefix}${name}${suffix}`;
        return [operator.toLowerCase(), operator];
      }),
    ),
  ),
);

/** Takes `ForAnyValue:StringLikeIfExists` apart. `Null` has no `IfExists` form. */
export function parseOperator(written: string): ParsedOperator {
  const [, set, rest = ''] = /^(?:(ForAllValues|ForAnyValue):)?(.*)$/s.exec(written) ?? [];
  const ifExists = rest.endsWith('IfExists') && rest !== 'NullIfExists';
  const name = ifExists ? rest.slice(0, -'IfExists'.length) : rest;
  const operator = OPERATORS.get(name);
  const meant = operator === undefined ? WRITTEN.get(written.toLowerCase()) : undefined;
  return {
    name,
    operator,
    ...(meant !== undefined && { meant }),
    set: set === 'ForAllValues' || set === 'ForAnyValue' ? set : undefined,
    ifExists,
  };
}

/** Whether one value of the request matches one expanded value of the policy. */
export function matchText(operator: Operator & { kind: 'text' }, wanted: readonly Token[], given: Value): Tri {
  return operator.match(wanted, tokensOf(given, { wildcards: false, ignoreCase: operator.ignoreCase }));
}

export function matchScalar(operator: Operator & { kind: 'scalar' }, wanted: Value, given: Value): Tri {
  if (typeof wanted === 'string' && typeof given === 'string') return operator.compare(given, wanted) ? 'yes' : 'no';
  // Two equal unknown numbers are at most and at least each other, so only equality could be decided here.
  return operator.compare === sameBytes ? equalValues(wanted, given) : 'unknown';
}
