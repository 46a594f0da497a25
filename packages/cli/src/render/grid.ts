import Table from 'cli-table3';

/** Columns without lines around them: they survive being pasted, and need no characters beyond a space. */
const NO_LINES = Object.fromEntries(
  [
    ...['top', 'bottom', 'left', 'right', 'mid', 'middle'],
    ...['top-mid', 'top-left', 'top-right', 'bottom-mid', 'bottom-left', 'bottom-right'],
    ...['left-mid', 'mid-mid', 'right-mid'],
  ].map((place) => [place, '']),
);

/** Spaces between two columns, and before the first. */
export const GAP = 2;

/** Rows of cells in columns, each as wide as its widest line. A cell may have several lines, and colour. */
export function grid(rows: readonly (readonly string[])[]): string {
  const table = new Table({
    chars: NO_LINES,
    style: { head: [], border: [], 'padding-left': GAP, 'padding-right': 0 },
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString().replace(TRAILING_SPACE, '');
}

/** Spaces up to the end of a line would show up in every diff of a pasted table. */
const TRAILING_SPACE = / +$/gm;
