import { parseOperator } from '../engine/operators.ts';
import type { Condition } from '../policy.ts';
import type { TemplateCondition, Value } from '../value.ts';
import { type Pattern, patternOf } from './pattern.ts';

/** What one line of a condition block, or its opposite, asks of the values of its key. */
export interface Demand {
  /** In lower case. */
  readonly key: string;
  /** Whether it holds where the request does not carry the key. */
  readonly whenAbsent: boolean | 'unknown';
  /** What it asks where the request carries the key. */
  readonly whenPresent: boolean | Present | 'unknown';
}

/** Of every value, or of some value, that it is among those of the policy, or that it is not. */
export interface Present {
  readonly quantifier: 'every' | 'some';
  readonly among: boolean;
  readonly values: Values;
}

/** The values of the policy: text as patterns, anything else with how it is compared. */
export type Values =
  | { readonly kind: 'text'; readonly patterns: readonly Pattern[] }
  | { readonly kind: ScalarKind; readonly wanted: readonly string[]; readonly holds: (given: string) => boolean };

export type ScalarKind = 'number' | 'date' | 'boolean' | 'address';

const KINDS: readonly (readonly [RegExp, ScalarKind])[] = [
  [/^Numeric/, 'number'],
  [/^Date/, 'date'],
  [/^Bool/, 'boolean'],
  [/IpAddress$/, 'address'],
];

/** @param variables - whether `${…}` is a policy variable in the policy of the condition */
export function demandOf(condition: Condition, variables: boolean): Demand {
  const { name, operator, set, ifExists } = parseOperator(condition.operator);
  const key = condition.key.toLowerCase();
  if (operator === undefined) return { key, whenAbsent: 'unknown', whenPresent: 'unknown' };
  if (operator.kind === 'null') {
    const states = condition.values.map((value) => String(value).toLowerCase());
    return { key, whenAbsent: states.includes('true'), whenPresent: states.includes('false') };
  }
  const values = valuesOf(name, operator, condition.values, variables);
  const quantifier = (set === undefined ? operator.negated : set === 'ForAllValues') ? 'every' : 'some';
  const whenAbsent = ifExists || quantifier === 'every';
  const present = values === undefined ? 'unknown' : ({ quantifier, among: !operator.negated, values } as const);
  return { key, whenAbsent, whenPresent: present };
}

function valuesOf(
  name: string,
  operator: Exclude<ReturnType<typeof parseOperator>['operator'], undefined | { kind: 'null' }>,
  values: readonly Value[],
  variables: boolean,
): Values | undefined {
  if (operator.kind === 'text') {
    const { wildcards, ignoreCase } = operator;
    const reading = { wildcards, ignoreCase, arn: name.startsWith('Arn'), variables };
    return { kind: 'text', patterns: values.map((value) => patternOf(value, reading)) };
  }
  const kind = KINDS.find(([names]) => names.test(name))?.[1];
  if (kind === undefined) {
    // Bytes are equal or not, like text.
    const reading = { wildcards: false, ignoreCase: false, arn: false, variables: false };
    return { kind: 'text', patterns: values.map((value) => patternOf(value, reading)) };
  }
  const wanted = values.filter((value) => typeof value === 'string');
  if (wanted.length < values.length) return undefined;
  return { kind, wanted, holds: (given) => wanted.some((value) => operator.compare(given, value) === true) };
}

/** How keys of conditions of a template begin: they are no condition keys, but hold or do not just as these do. */
export const OF_TEMPLATE = 'template:';

/** That a condition of the template is as it has to be for a statement to be there. */
export function demandOfTemplate({ stack, name, is }: TemplateCondition): Demand {
  const holds = (given: string) => given === String(is);
  const values = { kind: 'boolean', wanted: [String(is)], holds } as const;
  return {
    key: `${OF_TEMPLATE}${stack}/${name}`,
    whenAbsent: false,
    whenPresent: { quantifier: 'some', among: true, values },
  };
}

const OPPOSITES = new WeakMap<Demand, Demand>();

/** What holds exactly where a line does not. */
export function opposite(demand: Demand): Demand {
  const known = OPPOSITES.get(demand);
  if (known !== undefined) return known;
  const { key, whenAbsent, whenPresent } = demand;
  const made: Demand = {
    key,
    whenAbsent: whenAbsent === 'unknown' ? whenAbsent : !whenAbsent,
    whenPresent: oppositeOf(whenPresent),
  };
  OPPOSITES.set(demand, made);
  return made;
}

function oppositeOf(present: Demand['whenPresent']): Demand['whenPresent'] {
  if (present === 'unknown') return present;
  if (typeof present === 'boolean') return !present;
  return { ...present, quantifier: present.quantifier === 'every' ? 'some' : 'every', among: !present.among };
}
