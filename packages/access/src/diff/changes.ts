import type { Decision } from '../engine/decision.ts';
import { decisionInWords } from '../engine/in-words.ts';
import type { AccessChange, ChangeKind, StateOfAccess, UndecidedChange } from './model.ts';
import type { References } from './references.ts';
import type { Cell, Row } from './rows.ts';
import { relationOf } from './ways.ts';

/** What became of each question of a row: changes, and what cannot be decided, each for all actions that share it. */
export function changesOf(
  row: Row,
  references: References,
): { readonly changes: readonly AccessChange[]; readonly undecided: readonly UndecidedChange[] } {
  const grouped = new Map<string, { readonly kind: ChangeKind | 'undecided'; readonly cells: Cell[] }>();
  for (const cell of row.cells) {
    const kind = kindOf(cell);
    if (kind === undefined) continue;
    const name = JSON.stringify([kind, [cell.before, cell.after].map((one) => plain(one, cell.action))]);
    const group = grouped.get(name) ?? { kind, cells: [] };
    group.cells.push(cell);
    grouped.set(name, group);
  }
  const changes: AccessChange[] = [];
  const undecided: UndecidedChange[] = [];
  for (const { kind, cells } of grouped.values()) {
    const entry = entryOf(row, cells, references);
    if (kind === 'undecided') undecided.push(entry);
    else changes.push({ change: kind, ...entry, ...(row.cause !== undefined && { cause: row.cause }) });
  }
  return { changes, undecided };
}

/** Undefined: nothing became of it. */
function kindOf({ before, after, action, isSame }: Cell): ChangeKind | 'undecided' | undefined {
  if (isSame) return undefined;
  if (before?.verdict === 'unknown' || after?.verdict === 'unknown') return 'undecided';
  const [was, is] = [before, after].map((one) => one !== undefined && one.verdict !== 'denied');
  if (!was || !is) return was ? 'lost' : is ? 'gained' : undefined;
  if (before === undefined || after === undefined) return undefined;
  const relation = relationOf(before, after, action);
  return relation === 'same' ? undefined : relation;
}

/** A decision without the action that it is about, so that those of several actions can be the same. */
function plain(decision: Decision | undefined, action: string): unknown {
  if (decision === undefined) return 'absent';
  return [decision.verdict, decisionInWords(decision).replaceAll(action, '…')];
}

function entryOf(row: Row, cells: readonly Cell[], references: References): UndecidedChange {
  const { grantee, key, source } = row;
  const [first] = cells;
  const actions = cells.map(({ action }) => action);
  const side = decidingSide(first);
  const decision = first?.[side];
  return {
    key: references.ofKey(key),
    grantee,
    ...(source !== undefined && { source: references.place(source) }),
    actions,
    labels: labelsOf(row.cells, cells),
    before: stateOf(first?.before),
    after: stateOf(first?.after),
    because: (decision?.reasons ?? []).map((reason) =>
      references.ofReason(reason, { side, actions: { spoken: first?.action ?? '', all: actions } }),
    ),
  };
}

/** What is now explains itself; where only before is unknown, that is what has to be explained. */
function decidingSide(cell: Cell | undefined): 'before' | 'after' {
  return cell?.before?.verdict === 'unknown' && cell.after?.verdict !== 'unknown' ? 'before' : 'after';
}

function stateOf(decision: Decision | undefined): StateOfAccess {
  if (decision === undefined) return { verdict: 'absent', text: 'not there' };
  return { verdict: decision.verdict, text: decisionInWords({ ...decision, reasons: [] }) };
}

/** A label of several actions, only some of which are concerned, would say too much. */
function labelsOf(all: readonly Cell[], concerned: readonly Cell[]): readonly string[] {
  const told = concerned.map(({ label, action }) => {
    const isWhole = all.every((one) => one.label !== label || concerned.includes(one));
    return isWhole ? label : action.replace(/^kms:/, '');
  });
  return [...new Set(told)];
}
