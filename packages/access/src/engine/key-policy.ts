import type { Policy } from '../policy.ts';
import { anyTri } from '../symbolic/tri.ts';
import type { ReasonCode } from './decision.ts';
import { matchesOf, silence, truthOfMatch } from './layer.ts';
import { type Grade, matchPrincipals } from './principals.ts';
import type { Question } from './statement.ts';
import { anyOf, type Truth } from './truth.ts';
import { callerInWords, statementInWords } from './words.ts';

/** The other layers that must allow as well. */
export interface Limits {
  readonly identity: boolean;
  readonly boundary: boolean;
  readonly session: boolean;
}

const NONE: Limits = { identity: false, boundary: false, session: false };
const ALL: Limits = { identity: true, boundary: true, session: true };

/**
 * What still limits a principal of the key's own account, by how the key policy names it.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export const LIMITS_IN_ACCOUNT: Readonly<Record<Grade, Limits>> = {
  role: { identity: false, boundary: true, session: true },
  session: NONE,
  user: { identity: false, boundary: false, session: true },
  everyone: NONE,
  account: ALL,
  root: NONE,
  service: NONE,
};

/** In another account IAM must allow too, whatever the key policy names; a root user and a service have no policies. */
export const LIMITS_ACROSS_ACCOUNTS: Readonly<Record<Grade, Limits>> = {
  role: ALL,
  session: ALL,
  user: ALL,
  everyone: ALL,
  account: ALL,
  root: NONE,
  service: NONE,
};

export const GRADES: readonly Grade[] = ['session', 'user', 'everyone', 'service', 'root', 'role', 'account'];

/** Whether the key policy allows, for each way in which it names the caller. */
export function keyPolicyTruths(policy: Policy, question: Question): ReadonlyMap<Grade, Truth> {
  const { request } = question;
  const matches = matchesOf([policy], 'Allow', question, () => 'yes').map((match) => {
    return { match, hits: matchPrincipals(match.statement, request.caller) };
  });
  const found = new Map<Grade, Truth>();
  for (const grade of GRADES) {
    const naming = matches.filter(({ hits }) => (hits[grade] ?? 'no') !== 'no');
    if (naming.length === 0) continue;
    const [code, verb] = sayings(grade, request.action, callerInWords(request.caller));
    const truths = naming.map(({ match, hits }) => {
      const text = `${statementInWords(match.policy, match.statement)} ${verb}`;
      return truthOfMatch({ ...match, named: hits[grade] ?? 'no' }, code, text);
    });
    found.set(grade, anyOf(truths));
  }
  return found;
}

function sayings(grade: Grade, action: string, caller: string): readonly [ReasonCode, string] {
  if (grade === 'account')
    return ['key-policy-delegates-to-account', `delegates ${action} to IAM in the account of ${caller}`];
  const whom = grade === 'everyone' ? 'everyone' : caller;
  return ['key-policy-allows-principal', `allows ${action} to ${whom}`];
}

/** Why no statement of the key policy allows. */
export function keyPolicySilence(policy: Policy, question: Question): Truth {
  const { action, caller } = question.request;
  const matches = matchesOf([policy], 'Allow', question, (statement) => {
    return anyTri(Object.values(matchPrincipals(statement, caller)));
  });
  const whom = caller.type === 'service' ? callerInWords(caller) : `${callerInWords(caller)} or to its account`;
  const silentText = `no statement of ${policy.name} allows ${action} to ${whom}`;
  return { is: 'no', because: silence(matches, { silent: 'no-key-policy-allow', silentText }, action) };
}
