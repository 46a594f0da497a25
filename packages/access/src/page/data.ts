import type { Reason } from '../engine/decision.ts';
import { waysInWords } from '../engine/in-words.ts';
import type { AccessCell, AccessRow } from '../report/cell.ts';
import type { Grantee } from '../report/grantees.ts';
import type { AccessMap, KeyAccess } from '../report/map.ts';
import { visible } from './html.ts';
import { GROUPS, operationsOf, STANDINGS, type Standing, standingOf, strongest } from './standing.ts';
import { statementInWords } from './statement-in-words.ts';
import { sourceInWords } from './words.ts';

/** What the script of the page works on. Sentences stand there once, however many cells they explain. */
export interface PageData {
  readonly groups: readonly string[];
  readonly standings: readonly Standing[];
  readonly principals: readonly (readonly [name: string, type: string, functions: string, source: string])[];
  readonly keys: readonly (readonly [name: string, description: string, source: string])[];
  /** Sentences, with {@link PRINCIPAL} and {@link KEY} in the place of names; after line breaks: policy and statement. */
  readonly texts: readonly string[];
  /** What some operations have in common: operations, standing, ways to be allowed and reasons, all but one as indexes. */
  readonly verdicts: readonly (readonly [operations: string, standing: number, ways: number[], reasons: number[]])[];
  /** A row of the map: the strongest standing of each group (-1: none of its operations), then verdicts. */
  readonly profiles: readonly (readonly [standings: number[], verdicts: number[]])[];
  /** For each key a principal and its profile, and so on. Principals of the app without a profile may do nothing. */
  readonly rows: readonly (readonly number[])[];
}

/** Stand for the two names of a cell, so that rows that differ in them only are one. No visible text contains them. */
const PRINCIPAL = '\u0001';
const KEY = '\u0002';

export function dataOf({ keys }: AccessMap): PageData {
  const [principals, texts, verdicts, profiles] = [
    interner<PageData['principals'][number]>(),
    interner<string>(),
    interner<PageData['verdicts'][number]>(),
    interner<PageData['profiles'][number]>(),
  ];
  const profileOf = (row: AccessRow, access: KeyAccess): PageData['profiles'][number] => {
    const blank = (text: string) => texts.indexOf(blanked(text, row.grantee.name, access.key.constructPath));
    const found = alike(row.cells).map((cells) => {
      const [{ decision }] = cells;
      const standing = STANDINGS.indexOf(standingOf(decision));
      const ways = waysInWords(decision).map(visible).map(blank);
      const operations = operationsOf(cells, row.cells).join(', ');
      const reasons = decision.reasons.map((reason) => blank(reasonText(reason, cells)));
      return verdicts.indexOf([operations, standing, ways, reasons]);
    });
    const standings = GROUPS.map((group) => {
      const standing = strongest(row.cells, group);
      return standing === undefined ? -1 : STANDINGS.indexOf(standing);
    });
    return [standings, found];
  };
  const indexOf = ({ name, type, functions, source }: Grantee) =>
    principals.indexOf([visible(name), type, functions.map(visible).join(', '), sourceInWords(source)]);
  const rows = keys.map((access) =>
    access.rows.flatMap((row) => {
      return [indexOf(row.grantee), profiles.indexOf(profileOf(row, access))];
    }),
  );
  // Each principal of the app is in a row of the first key, or beside its rows.
  for (const { grantee } of keys[0]?.others() ?? []) indexOf(grantee);
  return {
    groups: GROUPS,
    standings: STANDINGS,
    principals: principals.all,
    keys: keys.map(({ key }) => [visible(key.constructPath), descriptionOf(key), sourceInWords(key.source)]),
    texts: texts.all,
    verdicts: verdicts.all,
    profiles: profiles.all,
    rows,
  };
}

function descriptionOf({ description }: KeyAccess['key']): string {
  return typeof description === 'string' ? visible(description) : '';
}

/** Cells whose decisions are the same but for the name of the action. */
export function alike(cells: readonly AccessCell[]): readonly (readonly [AccessCell, ...AccessCell[]])[] {
  const found = new Map<string, [AccessCell, ...AccessCell[]]>();
  for (const cell of cells) {
    const { decision, action } = cell;
    const reasons = decision.reasons.map(({ text }) => withoutAction(text, action));
    const id = JSON.stringify([standingOf(decision), waysInWords(decision), reasons]);
    const group = found.get(id);
    if (group === undefined) found.set(id, [cell]);
    else group.push(cell);
  }
  return [...found.values()];
}

/** A reason of cells that are {@link alike}: of many actions none is named. */
export function sentenceOf(text: string, [first, second]: readonly [AccessCell, ...AccessCell[]]): string {
  return second === undefined ? text : withoutAction(text, first.action);
}

/** One for each action of KMS. */
const PATTERNS = new Map<string, RegExp>();

function withoutAction(text: string, action: string): string {
  if (!text.includes(action)) return text;
  const pattern = PATTERNS.get(action) ?? new RegExp(`${action}(?![A-Za-z*])`, 'g');
  PATTERNS.set(action, pattern);
  return text.replace(pattern, 'these actions');
}

function reasonText({ text, policy, statement }: Reason, cells: readonly [AccessCell, ...AccessCell[]]): string {
  const where = policy?.constructPath ?? policy?.name;
  return [
    sentenceOf(text, cells),
    ...(where === undefined ? [] : [where]),
    ...(statement === undefined ? [] : [statementInWords(statement)]),
  ]
    .map(visible)
    .join('\n');
}

function blanked(text: string, principal: string, key: string): string {
  // The longer name first: one may be the beginning of the other.
  const names = [[visible(principal), PRINCIPAL] as const, [visible(key), KEY] as const];
  names.sort(([a], [b]) => b.length - a.length);
  return names.reduce((blank, [name, mark]) => (name.length < 4 ? blank : blank.replaceAll(name, mark)), text);
}

/** A list without repetition. */
function interner<Item>(): { readonly all: Item[]; indexOf(item: Item): number } {
  const known = new Map<string, number>();
  const all: Item[] = [];
  return {
    all,
    indexOf: (item) => {
      const id = JSON.stringify(item);
      const index = known.get(id) ?? all.push(item) - 1;
      known.set(id, index);
      return index;
    },
  };
}
