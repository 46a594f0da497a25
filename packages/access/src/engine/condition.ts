import type { Condition } from '../policy.ts';
import { allTri, anyTri, notTri, type Tri } from '../symbolic/tri.ts';
import type { Value } from '../value.ts';
import type { Facts } from './facts.ts';
import { matchScalar, matchText, type Operator, parseOperator } from './operators.ts';
import { expand } from './variables.ts';

/** Whether a line of a condition block holds. `open`: that hinges on condition keys that nobody knows yet. */
export type ConditionMatch = Tri | 'open' | 'unknown-operator';

/**
 * Evaluates one line of a condition block.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 */
export function matchCondition(condition: Condition, facts: Facts, variables: boolean): ConditionMatch {
  const { operator, set, ifExists } = parseOperator(condition.operator);
  if (operator === undefined) return 'unknown-operator';
  const fact = facts(condition.key);
  if (fact === 'open') return 'open';
  const given = fact === 'absent' ? [] : fact;
  if (operator.kind === 'null') return matchNull(condition.values, given.length === 0);
  if (given.length === 0) {
    if (ifExists || set === 'ForAllValues') return 'yes';
    return operator.negated && set === undefined ? 'yes' : 'no';
  }
  const wanted = wantedValues(condition.values, operator, facts, variables);
  if (wanted === 'open') return 'open';
  const answers = given.map((value) => {
    const oneMatches = anyTri(wanted.map((matches) => matches(value)));
    return operator.negated ? notTri(oneMatches) : oneMatches;
  });
  // Without a prefix a key of several values is compared value by value: one must match, or none for a negated operator.
  const all = set === undefined ? operator.negated : set === 'ForAllValues';
  return all ? allTri(answers) : anyTri(answers);
}

function matchNull(values: readonly Value[], absent: boolean): Tri {
  return anyTri(
    values.map((value): Tri => {
      if (typeof value !== 'string') return 'unknown';
      return value.toLowerCase() === String(absent) ? 'yes' : 'no';
    }),
  );
}

/** The values of the policy as tests; a value whose variable is absent matches nothing. */
function wantedValues(
  values: readonly Value[],
  operator: Exclude<Operator, { kind: 'null' }>,
  facts: Facts,
  variables: boolean,
): readonly ((given: Value) => Tri)[] | 'open' {
  if (operator.kind === 'scalar') return values.map((value) => (given) => matchScalar(operator, value, given));
  const { wildcards, ignoreCase } = operator;
  const tests: ((given: Value) => Tri)[] = [];
  for (const value of values) {
    const expanded = expand(value, facts, { wildcards, ignoreCase, variables });
    if (expanded.is === 'open') return 'open';
    if (expanded.is === 'tokens') tests.push((given) => matchText(operator, expanded.tokens, given));
  }
  return tests;
}
