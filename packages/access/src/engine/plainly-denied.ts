import type { Statement } from '../policy.ts';
import { arnText } from '../symbolic/arn-pattern.ts';
import { type CompiledStatement, compile, type ResourceQuestion } from './compile.ts';
import { deniersOf } from './deny.ts';
import { GRADES } from './limits.ts';
import { lowerCase } from './lower-case.ts';
import { KMS_ACTIONS, ruleOfAction } from './operations.ts';
import { type Hits, NOBODY } from './principals.ts';
import type { KmsRequest, PolicyLayers } from './request.ts';

/**
 * Tells for which actions a role or user is denied a key for the plain reason that no statement speaks for it, and none
 * against it. That is told from the actions and resources of the statements alone, which is much cheaper than to decide;
 * the reasons of such a denial are those of `evaluate`. An answer of false says nothing.
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
  const deniers = doubtful.length === 0 ? certain : [...certain, ...doubtful];
  if (deniers.some(({ unreadable }) => unreadable !== undefined && unreadable.length > 0)) return () => false;
  const named = compile(keyPolicy).allow.filter(({ hits }) => isNamedItself(hits(caller)));
  const about = resourceQuestionOf(request);
  const spoken = new Set<ReadonlySet<string>>([IS_GRANT]);
  for (const policy of identityPolicies) addSpoken(spoken, compile(policy).allow, about);
  for (const policy of deniers) addSpoken(spoken, compile(policy).deny, about);
  const sets = [...spoken];
  return (action) => {
    const lower = lowerCase(action);
    if (sets.some((actions) => actions.has(lower))) return false;
    return !named.some(({ coversAction }) => coversAction(lower) !== 'no');
  };
}

/** The delegation to the account lets identity policies count, and those are asked for themselves. */
function isNamedItself(hits: Hits): boolean {
  if (hits === NOBODY) return false;
  return GRADES.some((grade) => grade !== 'account' && hits[grade] !== undefined && hits[grade] !== 'no');
}

/** Grants decide about these in their own way. */
const IS_GRANT: ReadonlySet<string> = new Set(
  KMS_ACTIONS.filter((action) => ruleOfAction(action)?.resource === 'grant').map((action) => action.toLowerCase()),
);

/** What a statement hinges on beside the resource may be anything. */
const OPEN = () => 'open' as const;

function resourceQuestionOf({ resource }: KmsRequest): ResourceQuestion {
  return { resource, arn: typeof resource === 'string' ? arnText(resource) : undefined, facts: OPEN };
}

/** Adds the actions, in lower case, of each statement that may cover the resource. */
function addSpoken(
  spoken: Set<ReadonlySet<string>>,
  statements: readonly CompiledStatement[],
  about: ResourceQuestion,
): void {
  for (const one of statements) {
    if (one.coversResource(about, IGNORED) !== 'no') spoken.add(coveredBy(one));
    IGNORED.length = 0;
  }
}

/** Why something cannot be told, which nobody asks here. */
const IGNORED: string[] = [];

const COVERED = new WeakMap<CompiledStatement, ReadonlySet<string>>();

/** Thousands of policies have the same few lists of actions. At most this many lists are kept. */
const MAX_LISTS = 1000;
const LISTS = new Map<string, ReadonlySet<string>>();

function coveredBy(one: CompiledStatement): ReadonlySet<string> {
  const before = COVERED.get(one);
  if (before !== undefined) return before;
  const covered = coveredByList(one);
  COVERED.set(one, covered);
  return covered;
}

function coveredByList({ statement, coversAction }: CompiledStatement): ReadonlySet<string> {
  const list = listOf(statement);
  const known = list === undefined ? undefined : LISTS.get(list);
  if (known !== undefined) return known;
  const covered = new Set(LOWER_ACTIONS.filter((action) => coversAction(action) !== 'no'));
  if (list !== undefined && LISTS.size < MAX_LISTS) LISTS.set(list, covered);
  return covered;
}

const LOWER_ACTIONS = KMS_ACTIONS.map((action) => action.toLowerCase());

/** The actions of a statement as one text; none where some are not known. */
function listOf({ actions, notActions }: Statement): string | undefined {
  const patterns = notActions ?? actions;
  const known = patterns.every((pattern) => typeof pattern === 'string');
  return known ? `${notActions === undefined ? '' : 'not '}${patterns.join(' ')}` : undefined;
}
