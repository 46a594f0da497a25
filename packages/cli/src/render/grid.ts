import Table from 'cli-table3';

/** Columns without lines around them: they survive being pasted, and need no characters beyond a space. */
const NO_LINES = Object.fromEntries(
  [
    ...['top', 'bottom', 'left', 'right', 'mid'],
    ...['top-mid', 'top-left', 'top-right', 'bottom-mid', 'bottom-left', 'bottom-right', 'left-mid', 'mid-mid'],
    ...['right-mid', 'middle'],
  ].map((place) => [place, '']),
);
const GAP = 2;

/**
 * Rows of cells in columns, indented by two.
 *
 * @param widths - the width of each column without the gap after it; left out: as wide as its widest cell. A cell that
 * is too wide continues on the next line: a construct path is one long word, and nothing of it may get lost.
 */
export function grid(rows: readonly (readonly string[])[], widths?: readonly number[]): string {
  const table = new Table({
    chars: NO_LINES,
    style: { head: [], border: [], 'padding-left': GAP, 'padding-right': 0 },
    ...(widths === undefined
      ? {}
      : { colWidths: widths.map((width) => width + GAP), wordWrap: true, wrapOnWordBoundary: false }),
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString().replace(TRAILING_SPACE, '');
}

/** Spaces up to the end of a line would show up in every diff of a pasted table. */
const TRAILING_SPACE = / +$/gm;
