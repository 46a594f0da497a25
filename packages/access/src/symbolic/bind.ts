import type { Policy, Principals, Statement } from '../policy.ts';
import type { Binding, Value } from '../value.ts';
import { concat, partsOf } from './text.ts';

/** Puts known strings in the place of unresolved parts; a part for which `binding` gives undefined stays. */
export function bindValue(value: Value, binding: Binding): Value {
  if (typeof value === 'string') return value;
  return concat(partsOf(value).map((part) => (typeof part === 'string' ? part : (binding(part) ?? { parts: [part] }))));
}

/** {@link bindValue} for every string of a policy. */
export function bindPolicy(policy: Policy, binding: Binding): Policy {
  return { ...policy, statements: policy.statements.map((statement) => bindStatement(statement, binding)) };
}

function bindStatement(statement: Statement, binding: Binding): Statement {
  const all = (values: readonly Value[]) => values.map((value) => bindValue(value, binding));
  return {
    ...statement,
    principals: bindPrincipals(statement.principals, all),
    notPrincipals: bindPrincipals(statement.notPrincipals, all),
    actions: all(statement.actions),
    notActions: statement.notActions && all(statement.notActions),
    resources: all(statement.resources),
    notResources: statement.notResources && all(statement.notResources),
    conditions: statement.conditions.map((condition) => ({ ...condition, values: all(condition.values) })),
  };
}

function bindPrincipals(
  principals: Principals | undefined,
  all: (values: readonly Value[]) => readonly Value[],
): Principals | undefined {
  if (principals === undefined || principals === '*') return principals;
  return Object.fromEntries(Object.entries(principals).map(([type, values]) => [type, all(values)]));
}
