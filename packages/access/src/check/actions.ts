import { KMS_ACTIONS, ruleOfAction } from '../engine/operations.ts';
import type { Statement } from '../policy.ts';
import { matchesPattern } from '../symbolic/match.ts';
import type { Tri } from '../symbolic/tri.ts';
import { anyTri, notTri } from '../symbolic/tri.ts';
import type { Value } from '../value.ts';

const COVERED = new WeakMap<Statement, readonly string[]>();

/** The actions of KMS that a statement certainly covers, as AWS writes them. */
export function coveredActions(statement: Statement): readonly string[] {
  const known = COVERED.get(statement);
  if (known !== undefined) return known;
  const covered = KMS_ACTIONS.filter((action) => covers(statement, action) === 'yes');
  COVERED.set(statement, covered);
  return covered;
}

export function covers({ actions, notActions }: Statement, action: string): Tri {
  return notActions === undefined ? anyTri(matches(actions, action)) : notTri(anyTri(matches(notActions, action)));
}

function matches(patterns: readonly Value[], action: string): readonly Tri[] {
  return patterns.map((pattern) => matchesPattern(pattern, action, { ignoreCase: true }));
}

/** The actions of KMS that a statement names one by one, as AWS writes them: nobody meant others. */
export function namedActions({ actions }: Statement): readonly string[] {
  return actions.flatMap((action) => {
    const rule = typeof action === 'string' ? ruleOfAction(action) : undefined;
    return rule === undefined ? [] : [rule.action];
  });
}

/** Actions that use or hand out key material: what a stranger must not get. */
const USE =
  /^kms:(Decrypt|Encrypt|GenerateDataKey.*|ReEncrypt.*|Sign|Verify|GenerateMac|VerifyMac|DeriveSharedSecret|Encapsulate|Decapsulate|CreateGrant)$/;

export function usesKey(statement: Statement): boolean {
  return coveredActions(statement).some((action) => USE.test(action));
}
