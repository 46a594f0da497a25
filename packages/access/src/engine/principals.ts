import type { Principals, Statement } from '../policy.ts';
import { splitArn } from '../symbolic/arn.ts';
import { equalValues, matchesPattern } from '../symbolic/match.ts';
import { isSymbolic } from '../symbolic/text.ts';
import { allTri, anyTri, notTri, type Tri } from '../symbolic/tri.ts';
import type { Value } from '../value.ts';
import type { Caller } from './request.ts';

/**
 * As what a key policy statement names the caller. What else must allow the request hinges on it. `session`: a role
 * session or federated user by its own ARN. `account` delegates to IAM; `root` is the account's root user, whom the
 * account stands for.
 */
export type Grade = 'role' | 'session' | 'user' | 'everyone' | 'account' | 'root' | 'service';

/** Every way in which a statement names the caller; what is not there is "no". */
export type Hits = Readonly<Partial<Record<Grade, Tri>>>;

/** Any caller but a service. */
export type PrincipalCaller = Exclude<Caller, { type: 'service' }>;

/**
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
export function matchPrincipals(statement: Statement, caller: Caller): Hits {
  if (statement.principals !== undefined) return hitsOf(statement.principals, statement.effect, caller);
  if (statement.notPrincipals !== undefined) {
    return { everyone: matchNotPrincipals(statement.notPrincipals, statement.effect, caller) };
  }
  return NOBODY;
}

/** What most statements of a large policy say about a caller. */
export const NOBODY: Hits = {};

/** Whether a statement names the caller in any way; one of a policy without principals is about whoever has the policy. */
export function namesCaller(statement: Statement, caller: Caller): Tri {
  if (statement.principals === undefined && statement.notPrincipals === undefined) return 'yes';
  return anyTri(Object.values(matchPrincipals(statement, caller)));
}

function hitsOf(principals: Principals, effect: Statement['effect'], caller: Caller): Hits {
  const named = principals === '*' ? EVERYONE : principals;
  if (caller.type === 'service') {
    const everyone = named.AWS?.includes('*') ? everyoneIncludesServices(effect) : 'no';
    const service = anyTri((named.Service ?? []).map((value) => equalValues(value, caller.service)));
    return { everyone, service };
  }
  // Most statements of a large policy are about somebody else: for those no object is made.
  let hits: Partial<Record<Grade, Tri>> | undefined;
  const add = (grade: Grade, tri: Tri) => {
    if (tri === 'no') return;
    hits ??= {};
    if (hits[grade] !== 'yes') hits[grade] = tri;
  };
  for (const value of named.AWS ?? []) addHits(add, value, caller);
  return hits ?? NOBODY;
}

const EVERYONE: Exclude<Principals, '*'> = { AWS: ['*'] };

/**
 * No document says whether "*" lets AWS services in. In a Deny it does stop them: AWS's own data perimeter policies
 * have to exempt services by `aws:PrincipalIsAWSService`.
 */
function everyoneIncludesServices(effect: Statement['effect']): Tri {
  return effect === 'Deny' ? 'yes' : 'unknown';
}

function addHits(add: (grade: Grade, tri: Tri) => void, value: Value, caller: PrincipalCaller): void {
  if (value === '*') {
    add('everyone', 'yes');
    return;
  }
  const isAccount = matchAccount(value, caller.account);
  add(caller.type === 'root' ? 'root' : 'account', isAccount);
  // The ARN of an account is that of nobody in it, and most key policies name little else.
  if (isAccount === 'yes') return;
  if (caller.type === 'user') add('user', equalValues(value, caller.arn));
  if (caller.type === 'role-session' || caller.type === 'federated-user')
    add('session', equalValues(value, caller.arn));
  if (caller.type === 'role-session') add('role', equalValues(value, caller.roleArn));
  if (caller.type === 'federated-user' && caller.userArn !== undefined) add('user', equalValues(value, caller.userArn));
}

/** Whether a value of a key policy names the caller itself, or what it acts as; not by its account, nor by `*`. */
export function namesItself(value: Value, caller: PrincipalCaller): Tri {
  const answers: Tri[] = [];
  addHits(
    (grade, tri) => {
      if (grade !== 'account' && grade !== 'root') answers.push(tri);
    },
    value,
    caller,
  );
  return anyTri(answers);
}

/** The owner of a known ARN of an account's root user. The partition takes no part. */
const ROOT_ARN = /^arn:[^:]*:iam::([^:]*):root$/;

/** Whether a principal is the account of the caller: the ARN of its root. */
export function matchAccount(value: Value, account: Value): Tri {
  if (typeof value === 'string') {
    if (!value.endsWith(':root')) return 'no';
    const owner = ROOT_ARN.exec(value)?.[1];
    return owner === undefined ? 'no' : equalValues(owner, account);
  }
  const arn = splitArn(value);
  if (arn === undefined)
    return isSymbolic(value) && matchesPattern('arn:*:iam::*:root', value) !== 'no' ? 'unknown' : 'no';
  const [, , service = '', , owner = '', resource = ''] = arn;
  return allTri([equalValues(service, 'iam'), equalValues(resource, 'root'), equalValues(owner, account)]);
}

/** Everything that stands for a caller; NotPrincipal has to list all of it to spare the caller. */
const STANDS_FOR: Readonly<Record<Caller['type'], readonly Grade[]>> = {
  'role-session': ['session', 'role', 'account'],
  'federated-user': ['session', 'user', 'account'],
  user: ['user', 'account'],
  root: ['root'],
  service: ['service'],
};

/**
 * A Deny spares the caller when everything that stands for it is listed: account, role and session. When only some of
 * it is, AWS's documents do not agree, and the answer is unknown.
 */
function matchNotPrincipals(listed: Principals, effect: Statement['effect'], caller: Caller): Tri {
  const hits = hitsOf(listed, 'Deny', caller);
  if (hits.everyone === 'yes') return 'no';
  const grades = STANDS_FOR[caller.type];
  const needed = grades.map((grade) => hits[grade] ?? 'no');
  if (effect === 'Deny') {
    const all = allTri(needed);
    return anyTri(needed) === 'no' ? 'yes' : all === 'yes' ? 'no' : 'unknown';
  }
  const self = anyTri(grades.filter((grade) => grade !== 'account').map((grade) => hits[grade] ?? 'no'));
  if (self !== 'no') return notTri(self);
  // Everyone else: whether that takes services in is as little documented as it is for "*".
  return caller.type === 'service' || (hits.account ?? 'no') !== 'no' ? 'unknown' : 'yes';
}
