import { type AccessMap, type KeyAccess, nameOfGrantee, SECTIONS, type Section, shortPath } from '@cdk-keysmith/access';
import { createColors } from 'picocolors';
import { unknownReasons } from '../select.ts';
import { cautionLines } from './cautions.ts';
import type { Mark } from './cell.ts';
import { type Column, columnsFor } from './columns.ts';
import { GAP, grid } from './grid.ts';
import { legendFor, SIGNS } from './legend.ts';
import { createNotes, type Notes } from './notes.ts';
import { type Colours, printable } from './terminal.ts';
import { breakName, wrap } from './wrap.ts';

/** How the table of an access map looks. */
export interface AccessTableOptions {
  /** Whether to use colour, which only repeats what the symbols say. Default false. */
  readonly colour?: boolean;
  /** Width in characters that no line exceeds, unless a single word does. 72 or more; default 100. */
  readonly columns?: number;
  /** Names of the aliases of a key, shown beside its construct path. Default: none are shown. */
  readonly aliasesOf?: (key: KeyAccess['key']) => readonly string[];
}

/** The names get what the answers leave of the width, and not less. */
const MIN_NAME = 16;
/** How many of those who may do nothing are named. */
const MAX_LISTED = 10;
const INDENT = ' '.repeat(GAP);
/** They come first, and need no heading. */
const UNTITLED: ReadonlySet<Section> = new Set(['account', 'app']);

/**
 * Renders who can do what with each key, as text for people: a table for each key with its conditions and open
 * questions below it, in the map's order.
 *
 * A tick is an answer for every action of its column; where the actions differ, a note names them. The account of a key
 * stands for its administrators: what it is allowed, its IAM policies can pass on.
 */
export function renderAccessTable(map: AccessMap, options: AccessTableOptions = {}): string {
  const { colour = false, columns = 100, aliasesOf = () => [] } = options;
  const colours = createColors(colour);
  const tables = map.keys.map((access) => ({ access, ...columnsFor(access) }));
  const used = new Set(tables.flatMap(({ shown, leftOut }) => [...shown, ...leftOut].flatMap(symbolsOf)));
  const blocks = [
    ...tables.map(({ access, shown, leftOut }) => {
      const notes = createNotes();
      const title = printable([shortPath(access.key.constructPath), ...aliasesOf(access.key)].join(INDENT));
      return [
        colours.bold(title),
        renderRows(access, shown, notes, columns, colours),
        ...leftOutLines(access, leftOut, columns),
        ...withNothing(access, columns),
        ...notes.texts.map((text, index) => noteText(index + 1, text, columns)),
        ...cautionLines(access, columns, colours),
      ].join('\n');
    }),
    ...(tables.length === 0 ? ['no KMS key in this app'] : [colours.dim(wrap(legendFor(used), columns))]),
    ...renderUnknowns(map, columns, colours),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function symbolsOf({ marks }: Column) {
  return marks.map(({ symbol }) => symbol);
}

function renderRows({ rows }: KeyAccess, shown: readonly Column[], notes: Notes, columns: number, colours: Colours) {
  const names = rows.map(({ grantee }) => printable(nameOfGrantee(grantee)));
  const texts = rows.map((_, row) => shown.map(({ marks }) => cellText(marks[row], notes)));
  const widths = shown.map(({ title }, column) =>
    Math.max(title.length, ...texts.map((cells) => cells[column]?.length ?? 0)),
  );
  const room = Math.max(MIN_NAME, columns - widths.reduce((sum, width) => sum + GAP + width, GAP));
  const lineOf = (row: number) => [
    breakName(names[row] ?? '', room),
    ...shown.map(({ marks }, column) => coloured(marks[row], texts[row]?.[column] ?? '', colours)),
  ];
  const body = (Object.keys(SECTIONS) as Section[]).flatMap((section) => {
    const own = rows.flatMap(({ grantee }, row) => (grantee.section === section ? [lineOf(row)] : []));
    return own.length === 0 || UNTITLED.has(section) ? own : [[colours.dim(SECTIONS[section])], ...own];
  });
  return grid([['', ...shown.map(({ title }) => title)], ...body]);
}

function cellText(mark: Mark | undefined, notes: Notes): string {
  const reference = mark?.note === undefined ? '' : ` [${notes.numberOf(printable(mark.note))}]`;
  return (mark?.symbol ?? '') + reference;
}

function coloured(mark: Mark | undefined, text: string, colours: Colours): string {
  return mark === undefined ? text : SIGNS[mark.symbol].colour(colours)(text);
}

/** `data key pairs, re-encrypt: ✔ account 111122223333, – all others` */
function leftOutLines({ rows }: KeyAccess, leftOut: readonly Column[], columns: number): string[] {
  const byAnswer = new Map<string, string[]>();
  for (const { title, marks } of leftOut) {
    const told = rows.flatMap(({ grantee }, row) => {
      const symbol = marks[row]?.symbol ?? '–';
      return symbol === '–' ? [] : [`${symbol} ${nameOfGrantee(grantee)}`];
    });
    const answer = [...told, ...(told.length === rows.length ? [] : [`– ${told.length === 0 ? 'all' : 'all others'}`])];
    byAnswer.set(answer.join(', '), [...(byAnswer.get(answer.join(', ')) ?? []), title]);
  }
  return [...byAnswer].map(([answer, titles]) => wrap(printable(`${titles.join(', ')}: ${answer}`), columns, INDENT));
}

/** `nothing at all: Orders/Reporter` */
function withNothing(access: KeyAccess, columns: number): string[] {
  const names = access.others().map(({ grantee }) => nameOfGrantee(grantee));
  const more = names.length > MAX_LISTED ? ` and ${names.length - MAX_LISTED} more` : '';
  const line = `nothing at all: ${names.slice(0, MAX_LISTED).join(', ')}${more}`;
  return names.length === 0 ? [] : [wrap(printable(line), columns, INDENT)];
}

function noteText(number: number, text: string, columns: number): string {
  const mark = `${INDENT}[${number}] `;
  const indent = ' '.repeat(mark.length);
  return mark + wrap(text, columns, indent).slice(indent.length);
}

/** What is unknown about the app as a whole; what is unknown about a principal stands in the notes of its key. */
function renderUnknowns({ keys, unknowns }: AccessMap, columns: number, colours: Colours): string[] {
  const told = keys.flatMap(({ rows }) => rows.flatMap(unknownReasons));
  const rest = unknowns.filter((unknown) => !told.some((reason) => unknown.endsWith(reason)));
  const lines = rest.map((unknown) => wrap(printable(unknown), columns, INDENT));
  return lines.length === 0 ? [] : [[colours.yellow('not understood'), ...lines].join('\n')];
}
