import type { Grant } from '../grant.ts';
import { equalValues } from '../symbolic/match.ts';
import { allTri, anyTri, notTri, type Tri } from '../symbolic/tri.ts';
import type { Reason } from './decision.ts';
import { isGrantee, isOnKey, same, standsFor } from './grants.ts';
import { matchAccount } from './principals.ts';
import type { Caller, PolicyLayers } from './request.ts';
import type { Question } from './statement.ts';
import { allOf, anyOf, type Truth } from './truth.ts';
import { callerInWords } from './words.ts';

/**
 * Who may retire a grant: its retiring principal, its grantee when it holds RetireGrant, and the account that owns the
 * key. An account passes the permission on to its principals by identity policies; key policies have no effect.
 *
 * @param identity - whether identity policies of the caller allow `kms:RetireGrant`
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/grant-delete.html
 */
export function retireTruth(question: Question, { grants }: PolicyLayers, identity: () => Truth): RetireTruths {
  const { action, caller, grantId } = question.request;
  if (grants === undefined) {
    const text = `whether ${action} is allowed is decided by the grant, which is not known; policies can only deny it`;
    return { byGrant: { is: 'unknown', because: [{ code: 'decided-by-grant', text }] }, byAccount: NO };
  }
  const asked = grants.filter((grant) => isAsked(grant, question, grantId));
  const byGrant = anyOf(asked.map((grant) => unlessUnreadable(grant, namedByGrant(grant, caller))));
  const byAccount = anyOf(asked.map((grant) => unlessUnreadable(grant, passedOn(grant, question, identity))));
  if (byGrant.is !== 'no' || byAccount.is !== 'no') return { byGrant, byAccount };
  const which = asked.length === 1 ? (asked[0]?.name ?? '') : 'any of the grants that are known';
  const text = `${callerInWords(caller)} may not retire ${which}: it is neither its retiring principal, nor a grantee with RetireGrant, nor in the account that owns the key with a policy that allows it`;
  return { byGrant: { is: 'no', because: [{ code: 'decided-by-grant', text }] }, byAccount };
}

/** Retiring by what the grant says, and by what an account passes on: other layers limit only the second for certain. */
export interface RetireTruths {
  readonly byGrant: Truth;
  readonly byAccount: Truth;
}

const NO: Truth = { is: 'no', because: [] };

/** A request names the grant by its id, or by a grant token. */
function isAsked(grant: Grant, { request, resource }: Question, grantId: string | undefined): boolean {
  if (isOnKey(grant, resource) === 'no') return false;
  const { grantTokens = [] } = request;
  if (grantId === undefined && grantTokens.length === 0) return true;
  if (grantId !== undefined && grant.id === grantId) return true;
  return (grant.tokens ?? []).some((token) => grantTokens.includes(token));
}

/** What is not known of a grant may be whether there is one at all, or who may retire it. */
function unlessUnreadable(grant: Grant, truth: Truth): Truth {
  if (grant.unreadable === undefined || grant.unreadable.length === 0) return truth;
  const text = `${grant.name} cannot be read in full: ${grant.unreadable.join('; ')}`;
  return { is: 'unknown', because: [{ code: 'unknown-value', text, grant }] };
}

function namedByGrant(grant: Grant, caller: Caller): Truth {
  const { retiringPrincipal, retiringServicePrincipal, operations, name } = grant;
  const itself = caller.type === 'service' ? NOBODY : notAsAccount(retiringPrincipal, caller);
  const retires = caller.type === 'service' ? same(retiringServicePrincipal, caller.service) : itself;
  const holds = operations.includes('RetireGrant') ? asGrantee(grant, caller) : 'no';
  const tri = anyTri([retires, holds]);
  if (tri === 'no') return NO;
  const text =
    retires === 'no' ? `${name} lets its grantee retire it` : `${name} names ${callerInWords(caller)} to retire it`;
  return told(tri, { code: 'grant-lets-retire', text, grant });
}

const NOBODY: Tri = 'no';

function asGrantee(grant: Grant, caller: Caller): Tri {
  if (caller.type === 'service') return isGrantee(grant, caller);
  return notAsAccount(grant.granteePrincipal, caller);
}

/** Whether an ARN of a grant is the caller, and not only the account that it is in. */
function notAsAccount(arn: Grant['retiringPrincipal'], caller: Exclude<Caller, { type: 'service' }>): Tri {
  if (arn === undefined) return 'no';
  const tri = standsFor(arn, caller);
  if (caller.type === 'root' || tri === 'no') return tri;
  return allTri([tri, notTri(matchAccount(arn, caller.account))]);
}

/** An account may retire as its root user, and pass that on: the one that owns the key, and a retiring one. */
function passedOn(grant: Grant, question: Question, identity: () => Truth): Truth {
  const { caller, resourceAccount } = question.request;
  if (caller.type === 'service') return NO;
  const retiring = grant.retiringPrincipal === undefined ? 'no' : matchAccount(grant.retiringPrincipal, caller.account);
  const tri = anyTri([equalValues(caller.account, resourceAccount), retiring]);
  if (tri === 'no') return NO;
  const text = `the account of ${callerInWords(caller)} may retire ${grant.name}, as root user or where identity policies say so`;
  const inAccount = told(tri, { code: 'grant-lets-retire', text, grant });
  return caller.type === 'root' ? inAccount : allOf([inAccount, identity()]);
}

function told(tri: Tri, reason: Reason): Truth {
  if (tri === 'yes') return { is: 'yes', because: [reason] };
  const text = `whether ${reason.text} is known after deployment only`;
  return { is: 'unknown', because: [{ ...reason, code: 'unknown-value', text }] };
}
