import type { Policy, Statement, Value } from '@cdk-keysmith/access';
import { arnOf, type Identity, type Principal } from '../identity/principal.ts';

/** Whether a caller may assume a role, and why. */
export interface TrustDecision {
  readonly verdict: 'allowed' | 'denied' | 'unknown';
  readonly reason: string;
}

const ACTION = 'sts:AssumeRole';

/**
 * Decides AssumeRole: the role's trust policy must name the caller, or name the caller's account and the caller's own
 * policies must allow the call. Statements with conditions are not decided here, and what is not decided is not allowed.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
 */
export function decideTrust(role: Principal, caller: Identity): TrustDecision {
  const { trustPolicy } = role;
  if (trustPolicy === undefined) return { verdict: 'denied', reason: `${role.arn} has no trust policy` };
  const trust = said(trustPolicy, (statement) => namesCaller(statement, caller));
  if (trust !== 'silent-on-caller' && trust !== 'account') return finish(trust, `the trust policy of ${role.arn}`);
  if (trust === 'silent-on-caller') {
    return { verdict: 'denied', reason: `the trust policy of ${role.arn} names neither the caller nor its account` };
  }
  if (caller.principal.type === 'root') return { verdict: 'allowed', reason: 'the trust policy names the account' };
  const own = caller.principal.identityPolicies.map((policy) =>
    said(policy, (statement) => (statement.resources.some((one) => matches(one, role.arn)) ? 'caller' : 'no')),
  );
  const strongest = (['deny', 'undecided', 'caller'] as const).find((one) => own.includes(one));
  return finish(strongest ?? 'silent-on-caller', 'the identity policies of the caller');
}

type Said = 'deny' | 'undecided' | 'caller' | 'account' | 'silent-on-caller';

/** What one policy says about the call: a Deny first, then what cannot be decided, then an Allow. */
function said(policy: Policy, relates: (statement: Statement) => 'caller' | 'account' | 'no'): Said {
  const found = new Set<Said>();
  if (policy.unreadable !== undefined && policy.unreadable.length > 0) found.add('undecided');
  for (const statement of policy.statements) {
    const negated = statement.notActions ?? statement.notPrincipals ?? statement.notResources;
    if (negated === undefined && !statement.actions.some((action) => matches(action, ACTION))) continue;
    const relation = negated === undefined ? relates(statement) : 'caller';
    if (relation === 'no') continue;
    if (negated !== undefined || statement.conditions.length > 0) found.add('undecided');
    else found.add(statement.effect === 'Deny' ? 'deny' : relation);
  }
  const order: readonly Said[] = ['deny', 'undecided', 'caller', 'account'];
  return order.find((one) => found.has(one)) ?? 'silent-on-caller';
}

function finish(what: Said, policy: string): TrustDecision {
  switch (what) {
    case 'deny':
      return { verdict: 'denied', reason: `a statement of ${policy} denies ${ACTION}` };
    case 'undecided':
      return { verdict: 'unknown', reason: `${policy}: statements with conditions or exceptions are not decided here` };
    case 'caller':
    case 'account':
      return { verdict: 'allowed', reason: `a statement of ${policy} allows ${ACTION}` };
    case 'silent-on-caller':
      return { verdict: 'denied', reason: `no statement of ${policy} allows ${ACTION}` };
  }
}

function namesCaller({ principals }: Statement, caller: Identity): 'caller' | 'account' | 'no' {
  if (principals === '*') return 'caller';
  const named = principals?.AWS ?? [];
  const { arn, account } = caller.principal;
  if (named.some((one) => one === '*' || one === arn || one === arnOf(caller))) return 'caller';
  const root = arn.replace(/:(?:role|user)\/.*$/, ':root');
  return named.some((one) => one === account || one === root) ? 'account' : 'no';
}

/** IAM's wildcards, for what is written out; a symbolic value matches nothing, since nobody knows it. */
function matches(pattern: Value, text: string): boolean {
  if (typeof pattern !== 'string') return false;
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${source}$`, 'is').test(text);
}
