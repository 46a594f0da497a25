import { conditionsInWords, listInWords, statementInWords } from '../engine/words.ts';
import type { Policy, Statement } from '../policy.ts';
import { conditionsInWords as templateConditionsInWords } from '../symbolic/cases.ts';
import type { Value } from '../value.ts';
import { type Box, boxOf, type Cell, cellsOf, hingesOnTemplate, intersect } from './cell.ts';
import { isEmpty, occupied } from './occupied.ts';
import { patternOf } from './pattern.ts';
import { principalInWords } from './principal-set.ts';
import { MAX_STEPS, remainders } from './remainder.ts';

/** Policies that hold together, or loose statements of one. */
export type PolicyText = Policy | readonly Policy[] | readonly Statement[];

/** What of the policies is compared. */
export interface Compared {
  /** Only these actions, with their prefix and wildcards: `kms:*`. Default: all. */
  readonly actions?: readonly string[];
  /** Only this resource, e.g. the ARN of a key. Default: all. */
  readonly resource?: Value;
}

/** Whether policies allow what others do not. */
export interface NewAccess {
  /**
   * `yes`: some request is allowed after and not before. `no`: certainly none is; every condition that was dropped or
   * changed was proved to be narrower or the same. `unknown`: neither could be proved.
   */
  readonly verdict: 'yes' | 'no' | 'unknown';
  /** What is new, by the statement that allows it; also what may be new, with `certain: false`. */
  readonly access: readonly GainedAccess[];
  /** Why more cannot be said, where that is so. */
  readonly reasons: readonly string[];
}

/** Access that a statement gives and that was not there before. */
export interface GainedAccess {
  readonly policy: Policy;
  readonly statement: Statement;
  /** Actions of KMS by name; of other services the patterns of the statement. */
  readonly actions: readonly string[];
  /** Whom it is given to; empty for policies that name nobody. */
  readonly principals: readonly string[];
  readonly certain: boolean;
  /** `statement 2 of key policy of Orders/Key allows kms:Decrypt to everyone` */
  readonly text: string;
}

/**
 * Whether policies allow any request that others do not: the question of IAM Access Analyzer's CheckNoNewAccess, asked
 * of policies of one kind, without an account. It compares what the texts say; which other policies limit them is a
 * question for `evaluate`.
 *
 * Actions of KMS are those that there are; of other services any name counts.
 *
 * @see https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckNoNewAccess.html
 */
export function givesNewAccess(before: PolicyText, after: PolicyText, compared: Compared = {}): NewAccess {
  const policies = [policiesOf(before), policiesOf(after)] as const;
  const unreadable = policies.flat().flatMap(unreadableOf);
  const gained = newCells(boxesOf(policies[0]), boxesOf(policies[1]), compared);
  if (gained === undefined) {
    return { verdict: 'unknown', access: [], reasons: [...unreadable, 'the policies are too large to be compared'] };
  }
  const access = accessOf(gained);
  if (unreadable.length > 0) return { verdict: 'unknown', access: access.map(doubtful), reasons: unreadable };
  if (access.some(({ certain }) => certain)) return { verdict: 'yes', access, reasons: [] };
  if (access.length === 0) return { verdict: 'no', access, reasons: [] };
  const hinges = gained.some(hingesOnTemplate) ? policies.flat().flatMap(conditionalOf) : [];
  const uncertain = gained.every(hingesOnTemplate)
    ? []
    : access.map(({ text }) => `it is not certain whether that is new: ${text}`);
  return { verdict: 'unknown', access, reasons: [...new Set([...hinges, ...uncertain])] };
}

function unreadableOf({ name, unreadable = [], inDoubt }: Policy): readonly string[] {
  return [...unreadable, ...(inDoubt === undefined ? [] : [inDoubt])].map((why) => `${name}: ${why}`);
}

/** The statements that are there only if deployment decides so. */
function conditionalOf(policy: Policy): readonly string[] {
  return policy.statements.flatMap((statement) => {
    const { onlyIf } = statement;
    if (onlyIf === undefined) return [];
    return [`${statementInWords(policy, statement)} is there only if ${templateConditionsInWords(onlyIf)}`];
  });
}

function doubtful(access: GainedAccess): GainedAccess {
  return { ...access, certain: false };
}

function policiesOf(text: PolicyText): readonly Policy[] {
  if (!Array.isArray(text)) return [text as Policy];
  const items = text as readonly (Policy | Statement)[];
  const statements = items.filter((item): item is Statement => 'effect' in item);
  if (statements.length === 0) return items as readonly Policy[];
  const kind = statements.some(({ principals, notPrincipals }) => principals ?? notPrincipals) ? 'key' : 'identity';
  return [{ name: 'the statements', kind, version: '2012-10-17', statements }];
}

function boxesOf(policies: readonly Policy[]): Readonly<Record<Statement['effect'], readonly Box[]>> {
  const boxes = policies.flatMap((policy) => policy.statements.flatMap((statement) => boxOf(policy, statement) ?? []));
  const of = (effect: Statement['effect']) => boxes.filter(({ statement }) => statement.effect === effect);
  return { Allow: of('Allow'), Deny: of('Deny') };
}

type Boxes = ReturnType<typeof boxesOf>;

/**
 * What is allowed after and not before: what an Allow of after gives and no Deny of after takes away, and either no Allow
 * of before gives, or a Deny of before takes away. Undefined: too many pieces.
 */
function newCells(before: Boxes, after: Boxes, { actions, resource }: Compared): readonly Cell[] | undefined {
  const budget = { steps: MAX_STEPS };
  const gained: Cell[] = [];
  for (const allow of after.Allow) {
    const asked = cellsOf(allow).map((cell) => limit(cell, actions, resource));
    const given = remainders(asked, after.Deny, budget);
    gained.push(...remainders(given, before.Allow, budget));
    for (const deny of before.Deny)
      gained.push(...given.flatMap((cell) => intersect(cell, deny)).filter((cell) => !isEmpty(cell)));
    if (budget.steps < 0) return undefined;
  }
  return gained;
}

function limit(cell: Cell, actions: readonly string[] | undefined, resource: Value | undefined): Cell {
  const reading = { wildcards: true, ignoreCase: true, arn: false, variables: false };
  const wanted = actions?.map((action) => patternOf(action, reading));
  const named = resource && [patternOf(resource, { wildcards: false, ignoreCase: false, arn: true, variables: false })];
  return {
    ...cell,
    actions: { ...cell.actions, all: [...cell.actions.all, ...(wanted ? [wanted] : [])] },
    resources: { ...cell.resources, all: [...cell.resources.all, ...(named ? [named] : [])] },
  };
}

/** One entry for each statement, with everything that it gives. */
function accessOf(cells: readonly Cell[]): readonly GainedAccess[] {
  const found = new Map<Statement, { cell: Cell; actions: Map<string, boolean>; principals: Set<string> }>();
  for (const cell of cells) {
    const { actions, other } = occupied(cell);
    if (actions.length === 0 && other === 'no') continue;
    const entry = found.get(cell.statement) ?? {
      cell,
      actions: new Map<string, boolean>(),
      principals: new Set<string>(),
    };
    for (const { action, certain } of actions) entry.actions.set(action, certain || entry.actions.get(action) === true);
    if (other !== 'no')
      for (const action of othersOf(cell))
        entry.actions.set(action, other === 'yes' || entry.actions.get(action) === true);
    const who = principalInWords(cell.principal);
    if (who !== undefined) entry.principals.add(who);
    found.set(cell.statement, entry);
  }
  return [...found.values()].map(({ cell, actions, principals }) => gainOf(cell, actions, [...principals]));
}

/** The patterns by which a statement covers actions of other services. */
function othersOf({ statement }: Cell): readonly string[] {
  if (statement.notActions !== undefined) return ['*'];
  const patterns = statement.actions.filter((action) => typeof action === 'string');
  return patterns.filter((action) => !action.toLowerCase().startsWith('kms:'));
}

function gainOf(
  { policy, statement }: Cell,
  actions: ReadonlyMap<string, boolean>,
  principals: readonly string[],
): GainedAccess {
  const certain = [...actions.values()].includes(true);
  const named = [...actions].filter(([, sure]) => sure === certain).map(([action]) => action);
  const to = principals.length === 0 ? '' : ` to ${listInWords(principals, 'and')}`;
  const on =
    statement.notResources === undefined && statement.resources.length > 0
      ? ` on ${listInWords(statement.resources, 'and')}`
      : '';
  const under = statement.conditions.length === 0 ? '' : ` where ${conditionsInWords(statement.conditions)}`;
  const text = `${statementInWords(policy, statement)} allows ${listInWords(named, 'and')}${on}${to}${under}`;
  return { policy, statement, actions: named, principals, certain, text };
}
