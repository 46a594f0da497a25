import { Token } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { PolicyConditions } from './access-conditions';

/** Principals that can share a statement, which has one set of conditions: those that bring the same along. */
export interface PrincipalGroup {
  readonly principals: readonly iam.IPrincipal[];
  readonly conditions: iam.Conditions;
}

/** The principals by the conditions that they bring along, in the order of their first one. */
export function groupedByConditions(principals: readonly iam.IPrincipal[]): PrincipalGroup[] {
  const groups = new Map<string, { principals: iam.IPrincipal[]; conditions: iam.Conditions }>();
  for (const principal of principals) {
    const { conditions } = principal.policyFragment;
    const once = JSON.stringify(conditions);
    const group = groups.get(once) ?? { principals: [], conditions };
    group.principals.push(principal);
    groups.set(once, group);
  }
  return [...groups.values()];
}

/** Both sets of conditions at once, for sets that have no `conditionClashes`. */
export function bothConditions(brought: iam.Conditions, given: PolicyConditions): PolicyConditions {
  const own = brought as PolicyConditions;
  const operators = [...new Set([...Object.keys(own), ...Object.keys(given)])];
  return Object.fromEntries(
    operators.map((operator) => {
      const [one, other] = [own[operator], given[operator]];
      // One that stands alone stays as it is: it may be a token.
      return [operator, (one === undefined ? other : other === undefined ? one : { ...one, ...other }) ?? {}];
    }),
  );
}

/**
 * Conditions that a principal and a permission both have, with other values: a statement takes one of them, and the other
 * would be lost.
 */
export function conditionClashes(brought: iam.Conditions, given: PolicyConditions): string[] {
  return Object.entries(given).flatMap(([operator, keys]) => {
    const own: unknown = brought[operator];
    if (own === undefined) {
      return [];
    }
    if (Token.isUnresolved(own)) {
      return [`the principal has conditions under ${operator} that are known at deployment only`];
    }
    return Object.entries(keys).flatMap(([key, value]) => {
      const [name, other] =
        Object.entries(own as Record<string, unknown>).find(([one]) => one.toLowerCase() === key.toLowerCase()) ?? [];
      return name === undefined || JSON.stringify(other) === JSON.stringify(value)
        ? []
        : [
            `the principal has ${operator} ${name} ${JSON.stringify(other)}, and the permission ${JSON.stringify(value)}`,
          ];
    });
  });
}
