import type { Assembly, KeyModel, Located } from '../model.ts';
import type { Policy, Statement } from '../policy.ts';
import { inWords } from '../symbolic/text.ts';

/** A statement where it stands: in the policy of a key, or in one of a role, user or group. */
export interface Place {
  readonly at: Located;
  readonly policy: Policy;
  readonly statement: Statement;
}

export interface KeyPlace extends Place {
  readonly at: KeyModel;
}

export function keyStatements({ keys }: Assembly): readonly KeyPlace[] {
  return keys.flatMap((at) => at.keyPolicy.statements.map((statement) => ({ at, policy: at.keyPolicy, statement })));
}

export function allowsOfKeys(assembly: Assembly): readonly KeyPlace[] {
  return keyStatements(assembly).filter(({ statement }) => statement.effect === 'Allow');
}

/** Statements of IAM policies that the app declares, once each, at the first holder of the policy. */
export function identityStatements({ principals, groups }: Assembly): readonly Place[] {
  const seen = new Set<string>();
  return [...groups, ...principals].flatMap((at) =>
    at.identityPolicies.flatMap((policy): readonly Place[] => {
      if (policy.constructPath === undefined || policy.inDoubt !== undefined || seen.has(policy.name)) return [];
      seen.add(policy.name);
      return policy.statements.map((statement) => ({ at, policy, statement }));
    }),
  );
}

export function everyStatement(assembly: Assembly): readonly Place[] {
  return [...keyStatements(assembly), ...identityStatements(assembly)];
}

/** Whether a statement is about KMS for sure: one of a key policy, or with an action of KMS. */
export function concernsKms({ policy, statement }: Place): boolean {
  return policy.kind === 'key' || statement.actions.some((action) => /^kms:/i.test(inWords(action)));
}
