import * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { asksForContext, policyConditions } from './access-conditions';
import { isGroup } from './access-problems';
import { AccountDelegation } from './account-delegation';
import type { KeyAccess } from './key-access';
import { actionsOf, KEY_USES, type KeyKind } from './key-uses';
import { carriesContext } from './kms-actions';
import { ACCOUNT_ROOT } from './rendered-policy';

/** What a key policy is made of. */
export interface KeyPolicyParts {
  readonly kind: KeyKind;
  readonly accountDelegation: AccountDelegation;
  readonly access: readonly KeyAccess[];
  /** Added as it is. */
  readonly own?: iam.PolicyDocument;
}

/** The actions that each kind of delegation leaves to IAM policies. */
const DELEGATED_ACTIONS: Readonly<Record<AccountDelegation, (kind: KeyKind) => string[]>> = {
  [AccountDelegation.FULL]: () => ['kms:*'],
  [AccountDelegation.ADMINISTRATION]: (kind) => actionsOf('administer', kind),
  [AccountDelegation.NONE]: () => [],
};

/** The key policy that a declaration stands for: one statement for each role that people have. */
export function keyPolicy(scope: IConstruct, parts: KeyPolicyParts): iam.PolicyDocument {
  const sids = new Map<string, number>();
  const statements = [
    statement('DelegateToIamPoliciesOfAccount', [ACCOUNT_ROOT], DELEGATED_ACTIONS[parts.accountDelegation](parts.kind)),
    ...parts.access.flatMap((access) => accessStatements(scope, access, parts.kind, sids)),
  ];
  const document = new iam.PolicyDocument({
    statements: statements.filter(({ hasPrincipal, actions }) => hasPrincipal && actions.length > 0),
  });
  for (const own of ownStatements(parts.own)) {
    document.addStatements(own);
  }
  return document;
}

function accessStatements(
  scope: IConstruct,
  access: KeyAccess,
  kind: KeyKind,
  sids: Map<string, number>,
): iam.PolicyStatement[] {
  const { _use: use, _conditions: conditions } = access;
  // aws-cdk-lib would throw for a group at once; it is reported with everything else that is wrong.
  const principals = access._principals.filter((principal) => !isGroup(principal));
  const sid = unique(KEY_USES[use].sid, sids);
  const actions = actionsOf(use, kind);
  if (!asksForContext(conditions)) {
    return [statement(sid, principals, actions, policyConditions(scope, conditions, false))];
  }
  // A condition on the encryption context never holds for an operation that carries none: those get their own statement.
  return [
    statement(sid, principals, actions.filter(carriesContext), policyConditions(scope, conditions, true)),
    statement(
      `${sid}WithoutContext`,
      principals,
      actions.filter((action) => !carriesContext(action)),
      policyConditions(scope, conditions, false),
    ),
  ];
}

// KMS takes equal Sids; people who read a denial want to know which statement it was.
function unique(sid: string, sids: Map<string, number>): string {
  const count = (sids.get(sid) ?? 0) + 1;
  sids.set(sid, count);
  return count === 1 ? sid : `${sid}${count}`;
}

function statement(
  sid: string,
  principals: readonly iam.IPrincipal[],
  actions: readonly string[],
  conditions: Record<string, unknown> = {},
): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid,
    principals: [...principals],
    actions: [...actions],
    // In a key policy "*" stands for the key that the policy belongs to.
    resources: ['*'],
    conditions,
  });
}

function ownStatements(own: iam.PolicyDocument | undefined): iam.PolicyStatement[] {
  const { Statement = [] } = (own?.toJSON() ?? {}) as { Statement?: unknown[] };
  return Statement.map((one) => iam.PolicyStatement.fromJson(one));
}
