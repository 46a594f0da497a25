import type { Principals, PrincipalType, Statement } from '../policy.ts';
import { splitArn } from '../symbolic/arn.ts';
import { equalValues } from '../symbolic/match.ts';
import { inWords } from '../symbolic/text.ts';
import { anyTri, notTri, type Tri } from '../symbolic/tri.ts';
import type { Value } from '../value.ts';

/**
 * One entry of a list of principals. `holder`: whoever has the policy, for policies that name nobody. `everyone` is
 * written `"*"`, or `{"AWS": "*"}`, which IAM takes for the same.
 */
export type Principal =
  | { readonly is: 'holder' }
  | { readonly is: 'everyone'; readonly written: '*' | 'AWS' }
  | { readonly is: PrincipalType; readonly value: Value };

/** Those that are listed, or all others. */
export interface PrincipalSet {
  readonly listed: readonly Principal[];
  readonly others: boolean;
}

export function principalsOf({ principals, notPrincipals }: Statement): PrincipalSet {
  if (notPrincipals !== undefined) return { listed: listOf(notPrincipals), others: true };
  return { listed: principals === undefined ? [{ is: 'holder' }] : listOf(principals), others: false };
}

function listOf(principals: Principals): readonly Principal[] {
  if (principals === '*') return [{ is: 'everyone', written: '*' }];
  return Object.entries(principals).flatMap(([type, values]) =>
    values.map((value): Principal => {
      if (type === 'AWS' && value === '*') return { is: 'everyone', written: 'AWS' };
      return { is: type as PrincipalType, value };
    }),
  );
}

/**
 * Whether who is named as `a` has all that is given to who is named as `b`.
 *
 * In an Allow a principal that is named itself has more than one whose account or role is named: IAM policies, a
 * permissions boundary or session policies limit it less. A Deny of an account or role hits all of it.
 */
export function covers(a: Principal, b: Principal, effect: Statement['effect']): Tri {
  if (a.is === 'holder' || b.is === 'holder') return a.is === b.is ? 'yes' : 'unknown';
  if (a.is === 'everyone') {
    // AWS's own comparisons take services and federated identities for part of "*".
    return a.written === '*' || b.is === 'everyone' || b.is === 'AWS' ? 'yes' : 'unknown';
  }
  if (b.is === 'everyone' || a.is !== b.is) return 'no';
  if (a.value === '*' || a.value === b.value) return 'yes';
  const same = equalValues(a.value, b.value);
  if (same === 'yes' || a.is !== 'AWS') return same;
  const within = anyTri([isInAccount(b.value, a.value), isSessionOf(b.value, a.value)]);
  if (effect === 'Deny') return anyTri([same, within]);
  // A session that is named itself is named more loosely than its role, and nobody would call that new access.
  return anyTri([same, isSessionOf(b.value, a.value) === 'no' ? 'no' : 'unknown']);
}

/** Whether a principal is in the account whose root ARN the other is. */
function isInAccount(value: Value, root: Value): Tri {
  if (typeof root === 'string' && !root.endsWith(':root')) return 'no';
  const [, , service, , owner = '', resource] = splitArn(root) ?? [];
  if (service !== 'iam' || resource !== 'root') return typeof root === 'string' ? 'no' : 'unknown';
  const account = splitArn(value)?.[4];
  return account === undefined ? (typeof value === 'string' ? 'no' : 'unknown') : equalValues(account, owner);
}

/** Whether a principal is a session of the role. The ARN of a session lacks the path of its role. */
function isSessionOf(session: Value, role: Value): Tri {
  if (typeof session !== 'string' || typeof role !== 'string')
    return isKnownOtherwise(session, role) ? 'no' : 'unknown';
  const [, account, name] = /^arn:[^:]*:sts::(\d*):assumed-role\/([^/]+)\//.exec(session) ?? [];
  const [, owner, path] = /^arn:[^:]*:iam::(\d*):role\/(.+)$/.exec(role) ?? [];
  return account !== undefined && account === owner && path?.split('/').at(-1) === name ? 'yes' : 'no';
}

/** A known ARN that is no session is a session of nobody, and one that is no role has none. */
function isKnownOtherwise(session: Value, role: Value): boolean {
  const isSession = typeof session !== 'string' || session.includes(':assumed-role/');
  const isRole = typeof role !== 'string' || role.includes(':role/');
  return !isSession || !isRole;
}

/** Who is named as both: the narrower one, nobody, or not known. */
export function meet(
  a: Principal,
  b: Principal,
): { readonly principal: Principal; readonly certain: boolean } | undefined {
  const [ab, ba] = [covers(a, b, 'Deny'), covers(b, a, 'Deny')];
  if (ba === 'yes') return { principal: a, certain: true };
  if (ab === 'yes') return { principal: b, certain: true };
  return ab === 'no' && ba === 'no' ? undefined : { principal: a, certain: false };
}

/** Whether nobody is named as both. */
export function areDifferent(a: Principal, b: Principal): Tri {
  return notTri(anyTri([covers(a, b, 'Deny'), covers(b, a, 'Deny')]));
}

export function principalInWords(principal: Principal): string | undefined {
  if (principal.is === 'holder') return undefined;
  return principal.is === 'everyone' ? 'everyone' : inWords(principal.value);
}
