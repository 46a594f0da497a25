import type { Policy, Statement } from '../policy.ts';
import { compile } from './compile.ts';
import { deniersOf } from './deny.ts';
import { KMS_ACTIONS, ruleOfAction } from './operations.ts';
import type { KmsRequest, PolicyLayers } from './request.ts';

/**
 * Tells for which actions a role or user is denied a key for the plain reason that no statement speaks for it, and none
 * against it. That is told from the actions of the statements alone, which is much cheaper than to decide; the reasons of
 * such a denial are those of `evaluate`. An answer of false says nothing.
 *
 * Whoever goes through thousands of principals asks this first.
 *
 * @param request - one of those that will be asked, whatever its action
 */
export function plainlyDenied(request: KmsRequest, layers: PolicyLayers): (action: string) => boolean {
  const { caller } = request;
  const { keyPolicy, identityPolicies, grants = [] } = layers;
  if ((caller.type !== 'role-session' && caller.type !== 'user') || keyPolicy === undefined || grants.length > 0) {
    return () => false;
  }
  const { certain, doubtful } = deniersOf(layers, request, true);
  const deniers = [...certain, ...doubtful];
  if (deniers.some(({ unreadable = [] }) => unreadable.length > 0)) return () => false;
  // The delegation to the account lets identity policies count, and of those there is none that covers the action.
  const named = compile(keyPolicy).allow.filter(({ hits }) => {
    return Object.entries(hits(caller)).some(([grade, hit]) => grade !== 'account' && hit !== 'no');
  });
  const spoken = [
    ...identityPolicies.map((policy) => spokenOf(policy).allow),
    ...deniers.map((policy) => spokenOf(policy).deny),
  ].filter(({ size }) => size > 0);
  return (action) => {
    const lower = action.toLowerCase();
    if (spoken.some((actions) => actions.has(lower)) || IS_GRANT.has(lower)) return false;
    return !named.some(({ coversAction }) => coversAction(lower) !== 'no');
  };
}

/** Grants decide about these in their own way. */
const IS_GRANT: ReadonlySet<string> = new Set(
  KMS_ACTIONS.filter((action) => ruleOfAction(action)?.resource === 'grant').map((action) => action.toLowerCase()),
);

interface Spoken {
  readonly allow: ReadonlySet<string>;
  readonly deny: ReadonlySet<string>;
}

const SPOKEN = new WeakMap<Policy, Spoken>();

/** The actions, in lower case, that the statements of a policy may cover. */
function spokenOf(policy: Policy): Spoken {
  const known = SPOKEN.get(policy);
  if (known !== undefined) return known;
  const { allow, deny } = compile(policy);
  const actionsOf = (statements: typeof allow) => {
    const sets = statements.map(coveredBy);
    return sets.length === 1 && sets[0] !== undefined ? sets[0] : new Set(sets.flatMap((set) => [...set]));
  };
  const spoken = { allow: actionsOf(allow), deny: actionsOf(deny) };
  SPOKEN.set(policy, spoken);
  return spoken;
}

/** Thousands of policies have the same few lists of actions. At most this many lists are kept. */
const MAX_LISTS = 1000;
const LISTS = new Map<string, ReadonlySet<string>>();

function coveredBy({ statement, coversAction }: ReturnType<typeof compile>['allow'][number]): ReadonlySet<string> {
  const list = listOf(statement);
  const known = list === undefined ? undefined : LISTS.get(list);
  if (known !== undefined) return known;
  const lower = KMS_ACTIONS.map((action) => action.toLowerCase());
  const covered = new Set(lower.filter((action) => coversAction(action) !== 'no'));
  if (list !== undefined && LISTS.size < MAX_LISTS) LISTS.set(list, covered);
  return covered;
}

/** The actions of a statement as one text; none where some are not known. */
function listOf({ actions, notActions }: Statement): string | undefined {
  const patterns = notActions ?? actions;
  const known = patterns.every((pattern) => typeof pattern === 'string');
  return known ? `${notActions === undefined ? '' : 'not '}${patterns.join(' ')}` : undefined;
}
