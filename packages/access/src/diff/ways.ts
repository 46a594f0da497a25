import { type Box, cellsOf } from '../compare/cell.ts';
import { type Demand, demandOf, opposite } from '../compare/demand.ts';
import { occupied } from '../compare/occupied.ts';
import { patternOf } from '../compare/pattern.ts';
import { MAX_STEPS, remainders } from '../compare/remainder.ts';
import type { Decision, ResidualCondition } from '../engine/decision.ts';
import type { Statement } from '../policy.ts';
import type { Tri } from '../symbolic/tri.ts';

/** How two sets of requests lie to each other. */
export type Relation = 'same' | 'narrowed' | 'widened' | 'changed';

/** More ways to be allowed than a person would tell apart. */
const MAX_BOXES = 256;

/**
 * How the requests that are allowed after lie to those that are allowed before, by implication of the conditions under
 * which they are. Both must be `allowed` or `allowed-if`. Only what is proved is said: where neither side is certainly
 * within the other, the answer is `changed`.
 */
export function relationOf(before: Decision, after: Decision, action: string): Relation {
  if (conditionsText(before) === conditionsText(after)) return 'same';
  const [old, now] = [boxesOf(before, action), boxesOf(after, action)];
  if (old === undefined || now === undefined) return 'changed';
  const isWider = hasMore(now, old, action);
  const isNarrower = hasMore(old, now, action);
  if (isWider === 'no') return isNarrower === 'no' ? 'same' : 'narrowed';
  return isNarrower === 'no' ? 'widened' : 'changed';
}

/** Each list is one way to be allowed: all that is in it must hold. */
export function waysOf({ residual, alternatives = [] }: Decision): readonly (readonly ResidualCondition[])[] {
  return [residual, ...alternatives];
}

function conditionsText(decision: Decision): string {
  return JSON.stringify(
    waysOf(decision).map((way) =>
      way.map(({ conditions, negated, policy }) => [conditions, negated, policy?.version === WITH_VARIABLES]),
    ),
  );
}

const WITH_VARIABLES = '2012-10-17';

/** Undefined: too many. */
function boxesOf(decision: Decision, action: string): readonly Box[] | undefined {
  const boxes: Box[] = [];
  for (const way of waysOf(decision)) {
    const lists = demandListsOf(way);
    if (lists === undefined || boxes.length + lists.length > MAX_BOXES) return undefined;
    boxes.push(...lists.map((demands) => boxOf(demands, action)));
  }
  return boxes;
}

/** A way without negation: that all of some conditions do not hold together is one list for each that may fail. */
function demandListsOf(way: readonly ResidualCondition[]): readonly (readonly Demand[])[] | undefined {
  let lists: readonly (readonly Demand[])[] = [[]];
  for (const { conditions, negated, policy } of way) {
    const demands = conditions.map((condition) => demandOf(condition, policy?.version === WITH_VARIABLES));
    const more = negated ? demands.map((demand) => [opposite(demand)]) : [demands];
    if (lists.length * more.length > MAX_BOXES) return undefined;
    lists = lists.flatMap((list) => more.map((one) => [...list, ...one]));
  }
  return lists;
}

const EXACTLY = { wildcards: false, ignoreCase: true, arn: false, variables: false };
const ANY_RESOURCE = [patternOf('*', { ...EXACTLY, wildcards: true })];

/** Stands for what was asked: caller and key are the same on both sides, and their conditions decided. */
const ASKED: Statement = {
  index: 1,
  sid: undefined,
  effect: 'Allow',
  principals: undefined,
  notPrincipals: undefined,
  actions: [],
  notActions: undefined,
  resources: ['*'],
  notResources: undefined,
  conditions: [],
};
const POLICY = { name: 'what was asked', kind: 'identity', version: WITH_VARIABLES, statements: [ASKED] } as const;

function boxOf(demands: readonly Demand[], action: string): Box {
  return {
    policy: POLICY,
    statement: ASKED,
    principals: { listed: [{ is: 'holder' }], others: false },
    actions: { patterns: [patternOf(action, EXACTLY)], others: false },
    resources: { patterns: ANY_RESOURCE, others: false },
    demands,
  };
}

/** Whether some request is in boxes and not in the others. */
function hasMore(boxes: readonly Box[], others: readonly Box[], action: string): Tri {
  const budget = { steps: MAX_STEPS };
  const left = remainders(boxes.flatMap(cellsOf), others, budget);
  if (budget.steps < 0) return 'unknown';
  const found = left.flatMap((cell) => occupied(cell).actions.filter((one) => one.action === action));
  if (found.length === 0) return 'no';
  return found.some(({ certain }) => certain) ? 'yes' : 'unknown';
}
