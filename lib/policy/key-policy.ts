import * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { asksForContext, policyConditions } from './access-conditions';
import { isGroup } from './access-problems';
import { AccountDelegation } from './account-delegation';
import type { KeyAccess } from './key-access';
import { actionsOf, KEY_USES, type KeyKind } from './key-uses';
import { carriesContext } from './kms-actions';
import { bothConditions, groupedByConditions } from './principal-conditions';
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
export const DELEGATED_ACTIONS: Readonly<Record<AccountDelegation, (kind: KeyKind) => string[]>> = {
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
  const actions = actionsOf(use, kind);
  const withContext = asksForContext(conditions);
  return groupedByConditions(principals).flatMap((group) => {
    const sid = unique(KEY_USES[use].sid, sids);
    const given = (context: boolean) => bothConditions(group.conditions, policyConditions(scope, conditions, context));
    if (!withContext) {
      return [statement(sid, group.principals, actions, given(false))];
    }
    // A condition on the encryption context never holds for an operation that carries none: those get their own statement.
    return [
      statement(sid, group.principals, actions.filter(carriesContext), given(true)),
      statement(
        `${sid}WithoutContext`,
        group.principals,
        actions.filter((action) => !carriesContext(action)),
        given(false),
      ),
    ];
  });
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

/**
 * The statements of the author's document are copied, since each replica has a policy of its own: what is added to the
 * document afterwards would be lost without a word.
 */
export function lostStatements(own: iam.PolicyDocument | undefined): () => string[] {
  const taken = own?.statementCount ?? 0;
  return () =>
    (own?.statementCount ?? 0) > taken
      ? [
          'policy: statements were added to the document after the key took those that it had, so they would be lost; add them before the key is made, or with addToResourcePolicy',
        ]
      : [];
}

function ownStatements(own: iam.PolicyDocument | undefined): iam.PolicyStatement[] {
  const { Statement = [] } = (own?.toJSON() ?? {}) as { Statement?: unknown[] };
  return Statement.map((one) => iam.PolicyStatement.fromJson(one));
}
