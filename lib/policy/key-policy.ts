import * as iam from 'aws-cdk-lib/aws-iam';
import { AccountDelegation } from './account-delegation';
import { ADMINISTRATION_ACTIONS, USE_ACTIONS } from './actions';

/** Who stands in a key policy from the start. */
export interface KeyPolicyRoles {
  readonly accountDelegation: AccountDelegation;
  readonly administrators: readonly iam.IPrincipal[];
  readonly users: readonly iam.IPrincipal[];
}

/** The actions that each kind of delegation leaves to IAM policies. */
const DELEGATED_ACTIONS: Readonly<Record<AccountDelegation, readonly string[]>> = {
  [AccountDelegation.FULL]: ['kms:*'],
  [AccountDelegation.ADMINISTRATION]: ADMINISTRATION_ACTIONS,
  [AccountDelegation.NONE]: [],
};

/** The key policy that a declaration stands for: one statement for each role that people have. */
export function keyPolicy(roles: KeyPolicyRoles): iam.PolicyDocument {
  const statements = [
    statement(
      'DelegateToIamPoliciesOfAccount',
      [new iam.AccountRootPrincipal()],
      [...DELEGATED_ACTIONS[roles.accountDelegation]],
    ),
    statement('KeyAdministrators', roles.administrators, ADMINISTRATION_ACTIONS),
    statement('KeyUsers', roles.users, USE_ACTIONS),
  ];
  return new iam.PolicyDocument({ statements: statements.filter((s) => s.hasPrincipal && s.actions.length > 0) });
}

function statement(
  sid: string,
  principals: readonly iam.IPrincipal[],
  actions: readonly string[],
): iam.PolicyStatement {
  // In a key policy "*" stands for the key that the policy belongs to.
  return new iam.PolicyStatement({ sid, principals: [...principals], actions: [...actions], resources: ['*'] });
}
