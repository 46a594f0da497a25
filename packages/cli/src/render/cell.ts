import { type AccessCell, verdictInWords } from '@cdk-keysmith/access';

/** What one column says about one principal. */
export interface Mark {
  readonly symbol: MarkSymbol;
  /** What has to be said besides the symbol: conditions, reasons, or which of the column's actions it is about. */
  readonly note: string | undefined;
}

export type MarkSymbol = '✔' | 'if' | 'some' | '–' | '?';

/**
 * Sums up the actions of a column. A tick is for all of them at once; where they differ, the note says which of them
 * it is about, and those that are not in it are denied.
 */
export function markOf(cells: readonly AccessCell[]): Mark {
  const verdicts = new Set(cells.map(({ verdict }) => verdict));
  if (verdicts.size === 1 && verdicts.has('allowed')) {
    return { symbol: '✔', note: undefined };
  }
  if (verdicts.size === 1 && verdicts.has('denied')) {
    return { symbol: '–', note: undefined };
  }
  const symbol = verdicts.has('unknown') ? '?' : verdicts.has('allowed-if') ? 'if' : 'some';
  return { symbol, note: noteOf(cells) };
}

/** `kms:GenerateDataKey allowed if …`; no actions are named when it is about all of them. */
function noteOf(cells: readonly AccessCell[]): string {
  const byText = new Map<string, string[]>();
  for (const { action, decision } of cells.filter(({ verdict }) => verdict !== 'denied')) {
    const text = verdictInWords(decision);
    byText.set(text, [...(byText.get(text) ?? []), action]);
  }
  return [...byText]
    .map(([text, actions]) => (actions.length === cells.length ? text : `${actions.join(', ')} ${text}`))
    .join('; ');
}
