import type { Policy, Statement } from '../policy.ts';
import { anyTri, type Tri } from '../symbolic/tri.ts';
import type { Value } from '../value.ts';
import { type Demand, demandOf, demandOfTemplate, OF_TEMPLATE, opposite } from './demand.ts';
import { EVERYTHING, type Language } from './language.ts';
import { type Pattern, patternOf } from './pattern.ts';
import { areDifferent, covers, meet, type Principal, type PrincipalSet, principalsOf } from './principal-set.ts';

/** What one statement is about, as one set for each of its elements: a request is in it when it is in all of them. */
export interface Box {
  readonly policy: Policy;
  readonly statement: Statement;
  readonly principals: PrincipalSet;
  readonly actions: Patterns;
  readonly resources: Patterns;
  readonly demands: readonly Demand[];
}

/** Strings that are in one of the patterns, or in none of them. */
interface Patterns {
  readonly patterns: readonly Pattern[];
  readonly others: boolean;
}

/** Undefined: the statement is about nothing at all. */
export function boxOf(policy: Policy, statement: Statement): Box | undefined {
  const variables = policy.version === '2012-10-17';
  const action = { wildcards: true, ignoreCase: true, arn: false, variables: false };
  const resource = { wildcards: true, ignoreCase: false, arn: true, variables };
  // Trust policies are about their role and name no resource.
  const resources = policy.kind === 'trust' ? ['*'] : statement.resources;
  const read = (values: readonly Value[], not: readonly Value[] | undefined, reading: typeof action): Patterns => {
    return { patterns: (not ?? values).map((value) => patternOf(value, reading)), others: not !== undefined };
  };
  const box: Box = {
    policy,
    statement,
    principals: principalsOf(statement),
    actions: read(statement.actions, statement.notActions, action),
    resources: read(resources, statement.notResources, resource),
    demands: [
      ...statement.conditions.map((condition) => demandOf(condition, variables)),
      ...(statement.onlyIf ?? []).map(demandOfTemplate),
    ],
  };
  const isNothing = [box.actions, box.resources].some(({ patterns, others }) => patterns.length === 0 && !others);
  // A condition with an operator that IAM does not have holds for nobody.
  const neverHolds = statement.effect === 'Allow' && box.demands.some(({ whenAbsent }) => whenAbsent === 'unknown');
  return isNothing || neverHolds ? undefined : box;
}

/** A set of requests that one Allow statement is about, cut down by others. */
export interface Cell {
  readonly policy: Policy;
  readonly statement: Statement;
  readonly principal: Principal;
  /** Principals that are cut out. */
  readonly without: readonly { readonly principal: Principal; readonly effect: Statement['effect'] }[];
  /** False: it is not known whether any of it is left. */
  readonly certain: boolean;
  readonly actions: Language;
  readonly resources: Language;
  readonly demands: readonly Demand[];
}

/** One cell for each principal that the statement names. */
export function cellsOf({ policy, statement, principals, actions, resources, demands }: Box): readonly Cell[] {
  const named: readonly Principal[] = principals.others ? [{ is: 'everyone', written: 'AWS' }] : principals.listed;
  return named.map((principal) => ({
    policy,
    statement,
    principal,
    without: principals.others ? principals.listed.map((one) => ({ principal: one, effect: 'Deny' })) : [],
    certain: true,
    actions: within({ ...EVERYTHING }, actions),
    resources: within({ ...EVERYTHING }, resources),
    demands,
  }));
}

/** The requests of a cell that are also in the box. */
export function intersect(cell: Cell, box: Box): readonly Cell[] {
  const actions = within(cell.actions, box.actions);
  const resources = within(cell.resources, box.resources);
  const demands = [...cell.demands, ...box.demands];
  return withPrincipals(cell, box, true).map((named) => ({ ...named, actions, resources, demands }));
}

/**
 * The requests of a cell that are not in the box, in pieces that do not overlap: what another principal asks, then of the
 * same principals another action, then of the same actions another resource, and so on. Some pieces may be empty.
 */
export function subtract(cell: Cell, box: Box): readonly Cell[] {
  const actions = within(cell.actions, box.actions);
  const resources = within(cell.resources, box.resources);
  const outsideActions = outside(cell.actions, box.actions);
  const outsideResources = outside(cell.resources, box.resources);
  const unmet = box.demands.map((demand, index) => [...cell.demands, ...box.demands.slice(0, index), opposite(demand)]);
  return [
    ...withPrincipals(cell, box, false),
    ...withPrincipals(cell, box, true).flatMap((named) => [
      { ...named, actions: outsideActions },
      { ...named, actions, resources: outsideResources },
      ...unmet.map((demands) => ({ ...named, actions, resources, demands })),
    ]),
  ];
}

function withPrincipals(cell: Cell, { principals, statement }: Box, inside: boolean): readonly Cell[] {
  const { listed, others } = principals;
  if (others) return spared(cell, listed, inside);
  if (!inside) {
    const cut = listed.map((principal) => ({ principal, effect: statement.effect }));
    return [{ ...cell, without: [...cell.without, ...cut] }];
  }
  return listed.flatMap((one) => {
    const both = meet(cell.principal, one);
    return both === undefined ? [] : [{ ...cell, principal: both.principal, certain: cell.certain && both.certain }];
  });
}

/**
 * Whom NotPrincipal spares is not the same in all of AWS's documents. It certainly spares nobody who has nothing to do
 * with those that it lists.
 */
function spared(cell: Cell, listed: readonly Principal[], inside: boolean): readonly Cell[] {
  const isOther = listed.every((one) => areDifferent(one, cell.principal) === 'yes');
  if (isOther) return inside ? [cell] : [];
  return [{ ...cell, certain: false }];
}

/** Whether it takes a deployment to tell if the statements that make a cell are there at all. */
export function hingesOnTemplate({ demands }: Cell): boolean {
  return demands.some(({ key }) => key.startsWith(OF_TEMPLATE));
}

/** Whether any principal is left in a cell. */
export function hasPrincipal({ principal, without, certain }: Cell): Tri {
  const cut = anyTri(without.map((one) => covers(one.principal, principal, one.effect)));
  if (cut === 'yes') return 'no';
  return cut === 'unknown' || !certain ? 'unknown' : 'yes';
}

/** Pieces of a set of requests share their languages: each is made, and asked whether it is empty, once. */
const MADE = new WeakMap<Language, Map<readonly Pattern[], { inside?: Language; outside?: Language }>>();

function within(language: Language, { patterns, others }: Patterns): Language {
  const made = MADE.get(language) ?? new Map<readonly Pattern[], { inside?: Language; outside?: Language }>();
  MADE.set(language, made);
  const known = made.get(patterns) ?? {};
  made.set(patterns, known);
  if (others) {
    known.outside ??= without(language, patterns);
    return known.outside;
  }
  known.inside ??= language.all.includes(patterns) ? language : { ...language, all: [...language.all, patterns] };
  return known.inside;
}

function without(language: Language, patterns: readonly Pattern[]): Language {
  const more = patterns.filter((pattern) => !language.none.includes(pattern));
  return more.length === 0 ? language : { ...language, none: [...language.none, ...more] };
}

function outside(language: Language, { patterns, others }: Patterns): Language {
  return within(language, { patterns, others: !others });
}
