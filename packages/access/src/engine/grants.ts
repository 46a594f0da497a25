import type { Grant } from '../grant.ts';
import { equalValues } from '../symbolic/match.ts';
import { allTri, anyTri, type Tri } from '../symbolic/tri.ts';
import type { Value } from '../value.ts';
import type { Reason, ResidualCondition } from './decision.ts';
import { constraintsOf, namesInOtherCase } from './grant-constraints.ts';
import { matchAccount } from './principals.ts';
import type { ReasonCode } from './reasons.ts';
import type { Caller } from './request.ts';
import { type Question, weigh } from './statement.ts';
import { anyOf, type Truth } from './truth.ts';
import { callerInWords, conditionsInWords, listInWords } from './words.ts';

/**
 * Whether a grant allows. A grant only ever allows, and what it lacks is no reason against what policies allow.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
 */
export function grantsTruth(grants: readonly Grant[], question: Question): Truth {
  const truths: Truth[] = [];
  for (const grant of grants) {
    const truth = grantTruth(grant, question);
    if (truth.is === 'yes') return truth;
    truths.push(truth);
  }
  const truth = anyOf(truths);
  if (truth.is !== 'no' || truth.because.length > 0) return truth;
  const { caller, action } = question.request;
  return no('no-grant-allows', `no grant on the key lets ${callerInWords(caller)} use ${action}`);
}

function no(code: ReasonCode, text: string, grant?: Grant): Truth {
  return { is: 'no', because: [{ code, text, ...(grant && { grant }) }] };
}

function unknown(code: ReasonCode, text: string, grant: Grant): Truth {
  return { is: 'unknown', because: [{ code, text, grant }] };
}

function grantTruth(grant: Grant, question: Question): Truth {
  const { caller, action, grantTokens = [] } = question.request;
  const named = allTri([isGrantee(grant, caller), isOnKey(grant, question.resource)]);
  if (named === 'no') return { is: 'no', because: [] };
  const operation = question.rule.action.slice('kms:'.length);
  if (!grant.operations.includes(operation)) {
    if (grant.unreadable !== undefined && grant.unreadable.length > 0) {
      return unknown('unknown-value', `${grant.name} cannot be read in full: ${grant.unreadable.join('; ')}`, grant);
    }
    if (named === 'unknown') return { is: 'no', because: [] };
    const held = listInWords(grant.operations, 'and');
    return no('no-grant-allows', `${grant.name} of ${callerInWords(caller)} covers only ${held}`, grant);
  }
  if (!isValid(grant)) {
    const text = `${grant.name} has a service as grantee, but not both a SourceArn and a retiring principal`;
    return no('grant-not-valid', text, grant);
  }
  if (grant.needsToken === true && !(grant.tokens ?? []).some((token) => grantTokens.includes(token))) {
    const text = `${grant.name} would allow ${action}, but is so new that the request needs its grant token`;
    return no('grant-needs-token', text, grant);
  }
  if (named === 'unknown') {
    const text = `whether ${grant.name} is for ${callerInWords(caller)} and this key is known after deployment only`;
    return unknown('unknown-value', text, grant);
  }
  return constrained(grant, question);
}

/** Whether the request is as the constraints of a grant for the caller ask. */
function constrained(grant: Grant, question: Question): Truth {
  const { caller, action } = question.request;
  const { failed, open, doubts } = weigh(constraintsOf(grant, question.action), question.facts, 'Allow');
  const reason: Reason = {
    code: 'grant-allows',
    text: `${grant.name} allows ${action} to ${callerInWords(caller)}`,
    grant,
  };
  if (failed.length > 0) {
    // "can also be applied to the DescribeKey operation when specified in the request", says the API reference.
    if (question.action === 'kms:describekey' && question.facts('aws:sourcearn') === 'absent') {
      const text = `AWS's documents do not say whether the SourceArn of ${grant.name} counts for a DescribeKey without one`;
      return unknown('documents-disagree', text, grant);
    }
    const text = `${grant.name} would allow ${action}, but requires that ${conditionsInWords(failed)}`;
    return { is: 'no', because: [{ code: 'grant-constraint-not-met', text, grant, failedConditions: failed }] };
  }
  if (doubts.length > 0) return unknown('unknown-value', `${grant.name}: ${doubts.join('; ')}`, grant);
  const [name] = namesInOtherCase(grant, question.request);
  if (name !== undefined) {
    const text = `${grant.name} asks for "${name}", which the request has in other letters: AWS's documents disagree on whether that counts`;
    return unknown('documents-disagree', text, grant);
  }
  if (isContested(grant, caller)) {
    const text = `${grant.name} is for the whole account of ${callerInWords(caller)}, and no document says what that delegates`;
    return unknown('documents-disagree', text, grant);
  }
  if (open.length === 0) return { is: 'yes', because: [reason] };
  const residual: ResidualCondition = { conditions: open, negated: false, grant, text: conditionsInWords(open) };
  return { is: 'if', ways: [{ residual: [residual], because: [reason] }] };
}

/** Whether a grant is for the caller: for itself, for its role, or for its account. */
export function isGrantee({ granteePrincipal, granteeServicePrincipal }: Grant, caller: Caller): Tri {
  if (caller.type === 'service') return same(granteeServicePrincipal, caller.service);
  return granteePrincipal === undefined ? 'no' : standsFor(granteePrincipal, caller);
}

/** Whether an ARN of a grant is the caller, its role, or its account. */
export function standsFor(arn: Value, caller: Exclude<Caller, { type: 'service' }>): Tri {
  const account = matchAccount(arn, caller.account);
  if (caller.type === 'root') return account;
  const role = caller.type === 'role-session' ? equalValues(arn, caller.roleArn) : 'no';
  return anyTri([equalValues(arn, caller.arn), role, account]);
}

export function same(a: Value | undefined, b: Value): Tri {
  return a === undefined ? 'no' : equalValues(a, b);
}

/** A grant to an account reaches its root user; what it gives to the others there is not documented. */
function isContested({ granteePrincipal }: Grant, caller: Caller): boolean {
  if (caller.type === 'service' || caller.type === 'root' || granteePrincipal === undefined) return false;
  return matchAccount(granteePrincipal, caller.account) !== 'no';
}

export function isOnKey({ key }: Grant, resource: Value): Tri {
  return key === undefined ? 'yes' : equalValues(key, resource);
}

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html#KMS-CreateGrant-request-GranteeServicePrincipal */
function isValid({
  granteeServicePrincipal,
  retiringPrincipal,
  retiringServicePrincipal,
  constraints,
}: Grant): boolean {
  if (granteeServicePrincipal === undefined) return true;
  return (retiringPrincipal ?? retiringServicePrincipal) !== undefined && constraints?.sourceArn !== undefined;
}
