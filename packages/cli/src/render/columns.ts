import type { AccessCell, AccessRow, KeyAccess } from '@cdk-keysmith/access';
import { type Mark, markOf } from './cell.ts';

/** One column of the table of a key. */
export interface Column {
  readonly title: string;
  /** One for each row of the key. */
  readonly marks: readonly Mark[];
}

/** The columns of a key, and those left out because a line says all that is in them. */
export interface Columns {
  readonly shown: readonly Column[];
  readonly leftOut: readonly Column[];
}

/** Uses of a key that few apps have: each is a column only where it tells something that the other columns don't. */
const RARE: ReadonlySet<string> = new Set(['data key pairs', 're-encrypt', 'public key']);

/** Every use is a column of its own; administering a key, and handing access on, are one each. */
export function columnsFor({ rows }: KeyAccess): Columns {
  const titles = [...new Set(rows.flatMap(({ cells }) => cells.map(titleOf)))];
  const all = titles.map((title) => ({
    title,
    marks: rows.map(({ cells }) => markOf(cells.filter((cell) => titleOf(cell) === title))),
  }));
  const common = all.filter(({ title }) => !RARE.has(title));
  const isLeftOut = ({ title, marks }: Column) =>
    RARE.has(title) &&
    rows.every((row, index) =>
      tellsNothing(
        marks[index],
        row,
        common.map((one) => one.marks[index]),
      ),
    );
  return { shown: all.filter((column) => !isLeftOut(column)), leftOut: all.filter(isLeftOut) };
}

/** Nobody is surprised by what is denied, by the account that delegates, and by what is unknown for a reason known already. */
function tellsNothing(mark: Mark | undefined, row: AccessRow, others: readonly (Mark | undefined)[]): boolean {
  switch (mark?.symbol) {
    case '✔':
      return row.grantee.type === 'account';
    case '?':
      return others.some((other) => other?.note === mark.note);
    default:
      return mark?.symbol === '–';
  }
}

function titleOf({ group, label }: AccessCell): string {
  return group === 'use' ? label : group;
}
