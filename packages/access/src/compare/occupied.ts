import { KMS_ACTIONS, ruleOfAction } from '../engine/operations.ts';
import { splitArn } from '../symbolic/arn.ts';
import { matchTokens } from '../symbolic/match.ts';
import { allTri, anyTri, notTri, type Tri } from '../symbolic/tri.ts';
import { type Cell, hasPrincipal, hingesOnTemplate } from './cell.ts';
import type { Demand } from './demand.ts';
import { type Emptiness, emptinessOf, type Language } from './language.ts';
import { hasUnknown, type Pattern, patternOf } from './pattern.ts';
import type { Principal } from './principal-set.ts';
import { satisfiable } from './satisfiable.ts';

/** Which requests there are in a cell: actions of KMS by name, and whether those of other services. */
export interface Occupied {
  readonly actions: readonly { readonly action: string; readonly certain: boolean }[];
  /** An action of another service, e.g. a shortest one that the patterns allow. */
  readonly other: Tri;
}

const READING = { wildcards: true, ignoreCase: false, arn: true, variables: false };
const pattern = (text: string): Pattern => patternOf(text, READING);

/** What a request can be about, by who decides about the action. */
const KEYS = [pattern('arn:*:kms:*:*:key/?*')];
const ALIASES = [...KEYS, pattern('arn:*:kms:*:*:alias/?*')];
const NO_RESOURCE = [patternOf('*', { ...READING, wildcards: false })];
const RESOURCES = { key: KEYS, grant: KEYS, alias: ALIASES, none: NO_RESOURCE } as const;
const OF_ANY_SERVICE = [...NO_RESOURCE, pattern('arn:*:*:*:*:*')];

const ACTION = { ...READING, ignoreCase: true, arn: false };
const OTHER_ACTION = [patternOf('?*:?*', ACTION)];
const OF_KMS = patternOf('kms:*', ACTION);

/** Whether certainly no request is left; cheap, and for cells that are on their way. */
export function isEmpty(cell: Cell): boolean {
  return (
    hasPrincipal(cell) === 'no' ||
    emptinessOf(cell.actions).is === 'empty' ||
    emptinessOf(cell.resources).is === 'empty' ||
    satisfiable(demandsOf(cell), undefined) === 'no'
  );
}

export function occupied(cell: Cell): Occupied {
  const named = hasPrincipal(cell);
  if (named === 'no') return { actions: [], other: 'no' };
  const principal = hingesOnTemplate(cell) ? 'unknown' : named;
  const demands = demandsOf(cell);
  const about = new Map<readonly Pattern[], Tri>();
  const resource = (universe: readonly Pattern[]) => {
    const known = about.get(universe) ?? resourceIn(cell.resources, universe);
    about.set(universe, known);
    return known;
  };
  const actions = KMS_ACTIONS.flatMap((action) => {
    const rule = ruleOfAction(action);
    const covered = actionIn(cell.actions, action.toLowerCase());
    if (covered === 'no' || rule === undefined) return [];
    const universe = rule.onAccount ? [...RESOURCES[rule.resource], ...NO_RESOURCE] : RESOURCES[rule.resource];
    const tri = allTri([principal, covered, resource(universe), satisfiable(demands, action)]);
    return tri === 'no' ? [] : [{ action, certain: tri === 'yes' }];
  });
  const elsewhere = { all: [...cell.actions.all, OTHER_ACTION], none: [...cell.actions.none, OF_KMS] };
  const action = TRI[emptinessOf(elsewhere).is];
  if (action === 'no') return { actions, other: 'no' };
  return { actions, other: allTri([principal, action, resource(OF_ANY_SERVICE), satisfiable(demands, undefined)]) };
}

const TRI: Readonly<Record<Emptiness['is'], Tri>> = { some: 'yes', empty: 'no', unknown: 'unknown' };

function actionIn({ all, none }: Language, action: string): Tri {
  const text = action.split('');
  const among = (patterns: readonly Pattern[]) => anyTri(patterns.map(({ tokens }) => matchTokens(tokens, text)));
  return allTri([...all.map(among), notTri(among(none))]);
}

/** Whether a resource of the kind that the action is about is left. Unknown ARNs are taken to be of that kind. */
function resourceIn({ all, none }: Language, universe: readonly Pattern[]): Tri {
  const isOpen = all.some((group) => group.some(hasUnknown));
  return TRI[emptinessOf({ all: isOpen ? all : [...all, universe], none }).is];
}

/** The demands of a cell, with what is known of its principal where a demand is about that. */
function demandsOf({ demands, principal }: Cell): readonly Demand[] {
  if (demands.length === 0) return demands;
  const asked = new Set(demands.map(({ key }) => key));
  return [...demands, ...factsOf(principal).filter(({ key }) => asked.has(key))];
}

function factsOf(principal: Principal): readonly Demand[] {
  if (principal.is !== 'AWS') return [];
  const [, , service, , account = '', resource = ''] = splitArn(principal.value) ?? [];
  if (service !== 'iam') return [];
  const accountIs = ['aws:principalaccount', 'kms:calleraccount'].map((key) => is(key, account));
  return (typeof resource === 'string' && resource.startsWith('role/')) ||
    (typeof resource === 'string' && resource.startsWith('user/'))
    ? [is('aws:principalarn', principal.value), ...accountIs]
    : accountIs;
}

function is(key: string, value: Parameters<typeof patternOf>[0]): Demand {
  const values = { kind: 'text', patterns: [patternOf(value, { ...READING, wildcards: false, arn: false })] } as const;
  return { key, whenAbsent: false, whenPresent: { quantifier: 'some', among: true, values } };
}
