import type { Decision } from '../engine/decision.ts';
import { evaluate } from '../engine/evaluate.ts';
import type { Assembly, KeyModel } from '../model.ts';
import { contextOfKey } from '../questions.ts';
import { type Candidate, candidatesFor, type Grantee } from './grantees.ts';
import { actionsFor, type MapAction } from './map-actions.ts';

/** Who can do what with which key, as far as the app tells. Plain data in a stable order. */
export interface AccessMap {
  readonly keys: readonly KeyAccess[];
  /** Everything that could not be decided, each with its reason. */
  readonly unknowns: readonly string[];
}

export interface KeyAccess {
  readonly key: KeyModel;
  /** The key's own account first, then the principals of the app, then whom else the key policy names. */
  readonly rows: readonly AccessRow[];
}

export interface AccessRow {
  readonly grantee: Grantee;
  /** One for each question that makes sense for the key, in the same order in every row of the key. */
  readonly cells: readonly AccessCell[];
}

export interface AccessCell extends MapAction {
  readonly decision: Decision;
}

/**
 * Asks for each key and each principal what it may do, without knowing more of the requests than the template does.
 * What hinges on a request is `allowed-if`; what hinges on something outside the app is `unknown`, with the reason.
 */
export function accessMap(assembly: Assembly): AccessMap {
  const unknowns: string[] = assembly.stacks.flatMap(({ problems }) => problems);
  const keys = assembly.keys.map((key): KeyAccess => {
    const { candidates, problems } = candidatesFor(key, assembly);
    const actions = actionsFor(key);
    const rows = candidates.map((candidate) => rowOf(candidate, key, actions));
    unknowns.push(...key.problems.map((problem) => `${key.constructPath}: ${problem}`), ...problems);
    unknowns.push(...rows.flatMap((row) => unknownsOf(row, key)));
    return { key, rows };
  });
  return { keys, unknowns: [...new Set(unknowns)] };
}

function rowOf({ grantee, caller, layers }: Candidate, key: KeyModel, actions: readonly MapAction[]): AccessRow {
  const asked = { caller, resource: key.arn, resourceAccount: key.account, context: contextOfKey(key), open: true };
  return {
    grantee,
    cells: actions.map((one) => ({ ...one, decision: evaluate({ ...asked, action: one.action }, layers) })),
  };
}

function unknownsOf({ grantee, cells }: AccessRow, key: KeyModel): readonly string[] {
  return cells
    .filter(({ decision }) => decision.verdict === 'unknown')
    .flatMap(({ decision }) => decision.reasons.map(({ text }) => `${grantee.name} on ${key.constructPath}: ${text}`));
}
