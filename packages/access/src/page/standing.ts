import type { AccessCell, AccessRow } from '../report/cell.ts';
import type { OperationGroup } from '../report/map-actions.ts';

/** A verdict as the page shows it: an explicit Deny is a finding of its own. In order of what says most. */
export const STANDINGS = ['allowed', 'allowed-if', 'unknown', 'denied-explicitly', 'denied'] as const;
export type Standing = (typeof STANDINGS)[number];

export const STANDING_WORDS: Readonly<Record<Standing, { readonly word: string; readonly means: string }>> = {
  allowed: { word: 'allowed', means: 'The policies allow it, whatever the request.' },
  'allowed-if': { word: 'allowed if', means: 'Allowed under conditions that only a request can meet.' },
  unknown: { word: 'unknown', means: 'Something that is not in the app decides. Neither allowed nor denied.' },
  'denied-explicitly': { word: 'denied explicitly', means: 'A Deny statement applies. No Allow can overrule it.' },
  denied: { word: 'denied', means: 'Nothing allows it.' },
};

export const GROUPS: readonly OperationGroup[] = ['use', 'administer', 'hand on'];

export function standingOf({ verdict, explicitDeny }: Pick<AccessCell, 'verdict' | 'explicitDeny'>): Standing {
  return verdict === 'denied' && explicitDeny ? 'denied-explicitly' : verdict;
}

/** Whether a principal may reach a key in any way, or nobody can say that it may not. */
export function reaches(row: AccessRow): boolean {
  return row.cells.some(({ verdict }) => verdict !== 'denied');
}

/** The standing that says most of those of a group; undefined: the key has no operation of the group. */
export function strongest(cells: readonly AccessCell[], group?: OperationGroup): Standing | undefined {
  const found = new Set(cells.filter((cell) => group === undefined || cell.group === group).map(standingOf));
  return STANDINGS.find((standing) => found.has(standing));
}

/** The operations of some cells in words: the label where all that it stands for is here, otherwise the action. */
export function operationsOf(some: readonly AccessCell[], all: readonly AccessCell[]): readonly string[] {
  const words = some.map(({ label, action }) => {
    const count = (cells: readonly AccessCell[]) => cells.filter((cell) => cell.label === label).length;
    return count(some) === count(all) ? label : action.slice('kms:'.length);
  });
  return [...new Set(words)];
}
