import type { Principals, Statement } from '../policy.ts';
import { splitArn } from '../symbolic/arn.ts';
import { equalValues, matchesPattern } from '../symbolic/match.ts';
import { isSymbolic } from '../symbolic/text.ts';
import { allTri, anyTri, notTri, type Tri } from '../symbolic/tri.ts';
import type { Value } from '../value.ts';
import type { Caller } from './request.ts';

/**
 * As what a key policy statement names the caller. What else must allow the request hinges on it.
 * `account` delegates to IAM; `root` is the account's root user, whom the account stands for.
 */
export type Grade = 'role' | 'session' | 'user' | 'everyone' | 'account' | 'root' | 'service';

/** Every way in which a statement names the caller; what is not there is "no". */
export type Hits = Readonly<Partial<Record<Grade, Tri>>>;

/**
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
export function matchPrincipals(statement: Statement, caller: Caller): Hits {
  if (statement.principals !== undefined) return hitsOf(statement.principals, statement.effect, caller);
  if (statement.notPrincipals !== undefined) {
    return { everyone: matchNotPrincipals(statement.notPrincipals, statement.effect, caller) };
  }
  return {};
}

function hitsOf(principals: Principals, effect: Statement['effect'], caller: Caller): Hits {
  const named = principals === '*' ? { AWS: ['*'] } : principals;
  if (caller.type === 'service') {
    const everyone = named.AWS?.includes('*') ? everyoneIncludesServices(effect) : 'no';
    const service = anyTri((named.Service ?? []).map((value) => equalValues(value, caller.service)));
    return { everyone, service };
  }
  const hits: Partial<Record<Grade, Tri>> = {};
  for (const value of named.AWS ?? []) {
    for (const [grade, tri] of hitsOfOne(value, caller)) hits[grade] = anyTri([hits[grade] ?? 'no', tri]);
  }
  return hits;
}

/**
 * No document says whether "*" lets AWS services in. In a Deny it does stop them: AWS's own data perimeter policies
 * have to exempt services by `aws:PrincipalIsAWSService`.
 */
function everyoneIncludesServices(effect: Statement['effect']): Tri {
  return effect === 'Deny' ? 'yes' : 'unknown';
}

function hitsOfOne(value: Value, caller: Exclude<Caller, { type: 'service' }>): [Grade, Tri][] {
  if (value === '*') return [['everyone', 'yes']];
  const account = matchAccount(value, caller.account);
  const hits: [Grade, Tri][] = [[caller.type === 'root' ? 'root' : 'account', account]];
  if (caller.type === 'user') hits.push(['user', equalValues(value, caller.arn)]);
  if (caller.type === 'role-session') {
    hits.push(['session', equalValues(value, caller.arn)], ['role', equalValues(value, caller.roleArn)]);
  }
  return hits;
}

/** Whether a principal is the account of the caller: the ARN of its root. The partition takes no part. */
function matchAccount(value: Value, account: Value): Tri {
  const arn = splitArn(value);
  if (arn === undefined)
    return isSymbolic(value) && matchesPattern('arn:*:iam::*:root', value) !== 'no' ? 'unknown' : 'no';
  const [, , service = '', , owner = '', resource = ''] = arn;
  return allTri([equalValues(service, 'iam'), equalValues(resource, 'root'), equalValues(owner, account)]);
}

/**
 * A Deny spares the caller when everything that stands for it is listed: account, role and session. When only some of
 * it is, AWS's documents do not agree, and the answer is unknown.
 */
function matchNotPrincipals(listed: Principals, effect: Statement['effect'], caller: Caller): Tri {
  const hits = hitsOf(listed, effect, caller);
  if (hits.everyone === 'yes') return 'no';
  const needed = needsListing(caller).map((grade) => hits[grade] ?? 'no');
  if (effect === 'Deny') {
    const all = allTri(needed);
    return anyTri(needed) === 'no' ? 'yes' : all === 'yes' ? 'no' : 'unknown';
  }
  const self = anyTri(needed.filter((_, index) => needsListing(caller)[index] !== 'account'));
  return self !== 'no' ? notTri(self) : hits.account === undefined || hits.account === 'no' ? 'yes' : 'unknown';
}

function needsListing(caller: Caller): readonly Grade[] {
  const listing: Readonly<Record<Caller['type'], readonly Grade[]>> = {
    'role-session': ['session', 'role', 'account'],
    user: ['user', 'account'],
    root: ['root'],
    service: ['service'],
  };
  return listing[caller.type];
}
