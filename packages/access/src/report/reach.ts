import { resourceTest, WITH_VARIABLES } from '../engine/compile.ts';
import { isGrantee, isOnKey } from '../engine/grants.ts';
import { KMS_ACTIONS } from '../engine/operations.ts';
import { namesItself } from '../engine/principals.ts';
import type { Assembly, KeyModel, PrincipalModel } from '../model.ts';
import type { Policy, Statement } from '../policy.ts';
import { callerOf } from '../questions.ts';
import { AlikeThings } from '../symbolic/alike.ts';
import { arnText } from '../symbolic/arn-pattern.ts';
import { matchesPattern } from '../symbolic/match.ts';
import { anyTri, notTri, type Tri } from '../symbolic/tri.ts';
import type { Value } from '../value.ts';
import { byText, peopleOf } from './people.ts';

/** The principals of the app that something might allow something with a key, in the order of the app. */
export type Reach = (key: KeyModel) => readonly PrincipalModel[];

/**
 * Finds for each key the principals of the app of which a policy of theirs, the key policy, or a grant may allow anything.
 * All others are denied whatever else there is: a Deny, a boundary or a policy of the organization only takes away. What
 * cannot be told may allow.
 *
 * The cost is that of the statements and of the pairs that are found, not of all pairs: a pattern that many statements
 * have is compared once, and keys, or principals, that differ only in which resource they are, are compared as one.
 */
export function reachOf(assembly: Assembly): Reach {
  const keys = new AlikeThings(
    assembly.keys.map((thing) => ({ thing, stack: thing.stack, logicalId: thing.logicalId, values: [thing.arn] })),
  );
  const { alike: principals } = peopleOf(assembly);
  const byIdentity = identitiesByKey(assembly, keys);
  const named = byText((value: Value) => principals.find([value], (one) => namesItself(value, callerOf(one))));
  const granted = granteesByKey(assembly, keys, principals);
  const places = new Map(assembly.principals.map((one, place) => [one, place]));
  const known = new Map<KeyModel, readonly PrincipalModel[]>();
  const reach = (key: KeyModel) => {
    const found = new Set([...byIdentity.everyKey, ...(byIdentity.one.get(key) ?? []), ...(granted.get(key) ?? [])]);
    const whom = namedBy(key.keyPolicy);
    if (whom === 'everyone') return assembly.principals;
    for (const value of whom) for (const one of named(value)) found.add(one);
    return [...found].sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
  };
  return (key) => {
    const found = known.get(key) ?? reach(key);
    known.set(key, found);
    return found;
  };
}

/** Whom the Allow statements of a key policy name. An account that it delegates to is left to IAM. */
function namedBy(policy: Policy): readonly Value[] | 'everyone' {
  if (isUnreadable(policy)) return 'everyone';
  const values: Value[] = [];
  for (const { effect, principals, notPrincipals } of policy.statements) {
    if (effect === 'Deny') continue;
    if (principals === '*' || notPrincipals !== undefined) return 'everyone';
    for (const value of principals?.AWS ?? []) {
      if (value === '*') return 'everyone';
      values.push(value);
    }
  }
  return values;
}

interface Identities {
  readonly everyKey: readonly PrincipalModel[];
  readonly one: ReadonlyMap<KeyModel, ReadonlySet<PrincipalModel>>;
}

/** The principals whose own policies may allow something with a key. */
function identitiesByKey({ keys: all, principals }: Assembly, keys: AlikeThings<KeyModel>): Identities {
  const everyKey: PrincipalModel[] = [];
  const one = new Map<KeyModel, Set<PrincipalModel>>();
  const ofPolicy = keysOfPolicies(keys, all.length);
  for (const principal of principals) {
    const { identityPolicies, unknownPolicies } = principal;
    const reached = unknownPolicies.length > 0 ? ['every key' as const] : identityPolicies.map(ofPolicy);
    if (reached.includes('every key')) {
      everyKey.push(principal);
      continue;
    }
    for (const some of reached) {
      for (const key of some === 'every key' ? [] : some) {
        const others = one.get(key);
        if (others === undefined) one.set(key, new Set([principal]));
        else others.add(principal);
      }
    }
  }
  return { everyKey, one };
}

/** The keys with which an identity policy may allow something; a policy that many have is read once. */
function keysOfPolicies(
  keys: AlikeThings<KeyModel>,
  count: number,
): (policy: Policy) => ReadonlySet<KeyModel> | 'every key' {
  const known = new Map<Policy, ReadonlySet<KeyModel> | 'every key'>();
  const finders = [false, true].map((variables) =>
    byText((pattern: Value) => keys.find([pattern], (key) => covers([pattern], key, variables))),
  );
  const isOfKms = byText((pattern: Value) =>
    KMS_ACTIONS.some((action) => matchesPattern(pattern, action, { ignoreCase: true }) !== 'no'),
  );
  const keysOf = (policy: Policy) => {
    const found = new Set<KeyModel>();
    const variables = policy.version === WITH_VARIABLES;
    for (const statement of policy.statements) {
      if (statement.effect === 'Deny' || !allowsOfKms(statement, isOfKms)) continue;
      for (const key of keysOfStatement(statement, keys, variables, finders[variables ? 1 : 0])) found.add(key);
      if (found.size === count) break;
    }
    return found.size === count ? 'every key' : found;
  };
  return (policy) => {
    const before = known.get(policy);
    if (before !== undefined) return before;
    const found = isUnreadable(policy) ? 'every key' : keysOf(policy);
    known.set(policy, found);
    return found;
  };
}

function allowsOfKms({ actions, notActions }: Statement, isOfKms: (pattern: Value) => boolean): boolean {
  return notActions !== undefined || actions.some(isOfKms);
}

function keysOfStatement(
  { resources, notResources }: Statement,
  keys: AlikeThings<KeyModel>,
  variables: boolean,
  find: ((pattern: Value) => readonly KeyModel[]) | undefined,
): readonly KeyModel[] {
  if (notResources === undefined) return find === undefined ? [] : resources.flatMap(find);
  return keys.find(notResources, (key) => notTri(covers(notResources, key, variables)));
}

/** Whatever a variable stands for. */
const OPEN = () => 'open' as const;

function covers(patterns: readonly Value[], { arn: resource }: KeyModel, variables: boolean): Tri {
  const arn = typeof resource === 'string' ? arnText(resource) : undefined;
  return anyTri(
    patterns.map((pattern) => resourceTest(pattern, variables, 'Allow')({ resource, arn, facts: OPEN }, [])),
  );
}

function granteesByKey(
  { grants }: Assembly,
  keys: AlikeThings<KeyModel>,
  principals: AlikeThings<PrincipalModel>,
): ReadonlyMap<KeyModel, readonly PrincipalModel[]> {
  const found = new Map<KeyModel, PrincipalModel[]>();
  for (const { grant } of grants) {
    const { granteePrincipal, key } = grant;
    if (granteePrincipal === undefined) continue;
    const grantees = principals.find([granteePrincipal], (one) => isGrantee(grant, callerOf(one)));
    if (grantees.length === 0) continue;
    for (const one of keys.find(key === undefined ? [] : [key], ({ arn }) => isOnKey(grant, arn))) {
      const others = found.get(one);
      if (others === undefined) found.set(one, [...grantees]);
      else others.push(...grantees);
    }
  }
  return found;
}

function isUnreadable({ unreadable = [] }: Policy): boolean {
  return unreadable.length > 0;
}
