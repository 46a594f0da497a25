import { evaluate } from '../../engine/evaluate.ts';
import type { Assembly, KeyModel, PrincipalModel } from '../../model.ts';
import type { Policy, Statement } from '../../policy.ts';
import { callerFor, contextOfKey, layersFor } from '../../questions.ts';
import { ValueIndex } from '../../symbolic/index-by-value.ts';
import { coveredActions } from '../actions.ts';
import { allow, DELEGATION, key, may, role } from '../example.ts';
import { listed } from '../named.ts';
import type { Rule, Violation } from '../rule.ts';

const ADMIN = { AWS: 'arn:aws:iam::111122223333:role/KeyAdmin' };

export const iamPolicyWithoutDelegation: Rule = {
  id: 'iam-policy-without-delegation',
  severity: 'error',
  title: 'IAM policy for a key whose key policy does not let IAM policies count',
  why: 'IAM policies have no effect on a key unless its key policy delegates to the account. The statement looks like access and is none: requests fail at run time.',
  trap: 'A key policy that names the principal itself needs no delegation, and a partial delegation counts for its actions. Only statements that name exactly this key are asked, and only where each of their actions is denied because the key policy is silent; Deny statements are meant.',
  fix: 'Let the key policy delegate the actions to the account of the key, or name the principal in it.',
  page: 'https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html',
  bad: { resources: { Key: key([allow(ADMIN, 'kms:*')]), Reader: role([may('kms:Decrypt')]) } },
  good: { resources: { Key: key([DELEGATION]), Reader: role([may('kms:Decrypt')]) } },
  check: violationsOf,
};

/** By key, then by principal. */
function violationsOf({ keys, principals }: Assembly): readonly Violation[] {
  const byArn = new ValueIndex(keys.map((one) => [one.arn, one] as const));
  const found = new Map(keys.map((one) => [one, [] as Violation[]]));
  for (const principal of principals) {
    for (const policy of principal.identityPolicies) {
      for (const statement of policy.statements) {
        for (const one of namedIn(statement, byArn)) {
          if (isSilent(statement, one, principal)) found.get(one)?.push(violation(one, principal, policy, statement));
        }
      }
    }
  }
  return [...found.values()].flat();
}

function namedIn({ effect, resources }: Statement, byArn: ValueIndex<KeyModel>): ReadonlySet<KeyModel> {
  return new Set(effect === 'Allow' ? resources.flatMap((resource) => byArn.all(resource)) : []);
}

function isSilent(statement: Statement, one: KeyModel, principal: PrincipalModel): boolean {
  const asked = { caller: callerFor(principal), resource: one.arn, resourceAccount: one.account, open: true };
  const layers = layersFor(one, principal);
  const actions = coveredActions(statement);
  return (
    actions.length > 0 &&
    actions.every((action) => {
      const { verdict, reasons } = evaluate({ ...asked, action, context: contextOfKey(one) }, layers);
      return verdict === 'denied' && reasons.some(({ code }) => code === 'no-key-policy-allow');
    })
  );
}

function violation(one: KeyModel, at: PrincipalModel, policy: Policy, statement: Statement): Violation {
  const what = listed(statement.actions);
  const message = `allowing ${what} on ${one.constructPath} has no effect: ${one.keyPolicy.name} lets no IAM policy allow it`;
  return { at, policy, statement, message };
}
