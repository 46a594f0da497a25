import type { Condition } from '../policy.ts';
import { tokensOf } from '../symbolic/tokens.ts';
import { allTri, anyTri, notTri, type Tri } from '../symbolic/tri.ts';
import type { Value } from '../value.ts';
import type { Facts } from './facts.ts';
import { lowerCase } from './lower-case.ts';
import { matchScalar, matchText, type Operator, parseOperator } from './operators.ts';
import { expand, hasVariable } from './variables.ts';

/**
 * Whether a line of a condition block holds. `open`: that hinges on condition keys that nobody knows yet. An operator in
 * other letters than IAM's may be taken for it.
 */
export type ConditionMatch = Tri | 'open' | 'unknown-operator' | 'operator-in-other-case';

/** One line of a condition block, read once. */
export interface CompiledCondition {
  readonly condition: Condition;
  readonly holds: (facts: Facts) => ConditionMatch;
}

/** Whether one value of the request fits one value of the policy. */
type Test = (given: Value) => Tri;
/** The values of the policy as tests; a value whose variable is absent is none. */
type Tests = (facts: Facts) => readonly Test[] | 'open';

/**
 * Reads one line of a condition block.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 */
export function compileCondition(condition: Condition, variables: boolean): CompiledCondition {
  const { operator, set, ifExists, meant } = parseOperator(condition.operator);
  const name = lowerCase(condition.key);
  if (operator === undefined) {
    return { condition, holds: () => (meant === undefined ? 'unknown-operator' : 'operator-in-other-case') };
  }
  if (operator.kind === 'null') {
    const [whenAbsent, whenPresent] = [matchNull(condition.values, true), matchNull(condition.values, false)];
    return {
      condition,
      holds: (facts) => {
        const fact = facts(name);
        return fact === 'open' ? 'open' : fact === 'absent' || fact.length === 0 ? whenAbsent : whenPresent;
      },
    };
  }
  const tests = testsOf(condition.values, operator, variables);
  const absent: Tri = ifExists || set === 'ForAllValues' || (operator.negated && set === undefined) ? 'yes' : 'no';
  // Without a prefix a key of several values is compared value by value: one must match, or none for a negated operator.
  const combine = (set === undefined ? operator.negated : set === 'ForAllValues') ? allTri : anyTri;
  return {
    condition,
    holds: (facts) => {
      const fact = facts(name);
      if (fact === 'open') return 'open';
      if (fact === 'absent' || fact.length === 0) return absent;
      const wanted = tests(facts);
      if (wanted === 'open') return 'open';
      const [only, second] = fact;
      if (only !== undefined && second === undefined) return fits(only, wanted, operator.negated);
      return combine(fact.map((given) => fits(given, wanted, operator.negated)));
    },
  };
}

function fits(given: Value, tests: readonly Test[], negated: boolean): Tri {
  let found: Tri = 'no';
  for (const test of tests) {
    const answer = test(given);
    if (answer === 'yes') return negated ? 'no' : 'yes';
    if (answer === 'unknown') found = 'unknown';
  }
  return negated ? notTri(found) : found;
}

function matchNull(values: readonly Value[], absent: boolean): Tri {
  return anyTri(
    values.map((value): Tri => {
      if (typeof value !== 'string') return 'unknown';
      return value.toLowerCase() === String(absent) ? 'yes' : 'no';
    }),
  );
}

function testsOf(values: readonly Value[], operator: Exclude<Operator, { kind: 'null' }>, variables: boolean): Tests {
  if (operator.kind === 'scalar') {
    const tests = values.map(
      (value): Test =>
        (given) =>
          matchScalar(operator, value, given),
    );
    return () => tests;
  }
  const fixed = values.filter((value) => !variables || !hasVariable(value)).map((value) => fixedTest(value, operator));
  const hinging = variables ? values.filter(hasVariable) : [];
  if (hinging.length === 0) return () => fixed;
  return (facts) => {
    const tests = [...fixed];
    for (const value of hinging) {
      const { wildcards, ignoreCase } = operator;
      const expanded = expand(value, facts, { wildcards, ignoreCase, variables });
      if (expanded.is === 'open') return 'open';
      if (expanded.is === 'tokens') tests.push((given) => matchText(operator, expanded.tokens, given));
    }
    return tests;
  };
}

/** A value without variables: known strings, which are nearly all, are compared without a token for each character. */
function fixedTest(value: Value, operator: Operator & { kind: 'text' }): Test {
  const tokens = () => tokensOf(value, operator);
  if (typeof value !== 'string') return (given) => matchText(operator, tokens(), given);
  const known = operator.compile(value);
  return (given) => {
    if (typeof given === 'string') return known(given) ? 'yes' : 'no';
    return matchText(operator, tokens(), given);
  };
}
