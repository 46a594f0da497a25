import { actionName, type Row, rowsOf } from './context-keys.ts';
import { type GlobalRow, globalRowsOf } from './global-keys.ts';
import type { Question } from './question.ts';

type AnyRow = Row | GlobalRow;

/** The rows of one action by the names of their condition keys in lower case. */
interface Index {
  readonly single: ReadonlyMap<string, AnyRow>;
  readonly families: readonly { readonly start: string; readonly row: AnyRow }[];
}

/**
 * The values of one condition key of a question, by its name in lower case, as `contextKeys` has them; undefined: it is
 * absent. Policies ask for a few of the thirty that a call carries.
 */
export function findKey(question: Question, name: string): readonly string[] | undefined {
  const { single, families } = indexOf(question);
  const row = single.get(name);
  if (row !== undefined) return valuesOf(row, question);
  const family = families.find(({ start }) => name.startsWith(start));
  return family && valuesInFamily(family.row, question, name.slice(family.start.length));
}

function valuesOf(row: AnyRow, question: Question): readonly string[] | undefined {
  const found = row.values(question);
  if (typeof found === 'string') return [found];
  if (Array.isArray(found)) return found as readonly string[];
  return 'late' in row ? NONE : undefined;
}

const NONE: readonly string[] = [];

/** Names differ by more than case: two spellings of one are one key of several values. */
function valuesInFamily(row: AnyRow, question: Question, name: string): readonly string[] | undefined {
  const family = row.values(question);
  if (!(family instanceof Map)) return undefined;
  let found: string[] | undefined;
  for (const [key, value] of family as ReadonlyMap<string, string>) {
    if (key === name || key.toLowerCase() === name) found = [...(found ?? []), value];
  }
  return found;
}

const OF_PRINCIPALS = new Map<string, Index>();
const OF_SERVICES = new Map<string, Index>();

function indexOf(question: Question): Index {
  const indexes = question.identity.principal.type === 'service' ? OF_SERVICES : OF_PRINCIPALS;
  const action = actionName(question);
  const known = indexes.get(action);
  if (known !== undefined) return known;
  const rows = [...rowsOf(action), ...globalRowsOf(question.identity)].map((row) => ({
    start: row.key.toLowerCase(),
    row,
  }));
  const index: Index = {
    single: new Map(rows.filter(({ start }) => !isFamily(start)).map(({ start, row }) => [start, row])),
    families: rows.filter(({ start }) => isFamily(start)),
  };
  indexes.set(action, index);
  return index;
}

function isFamily(name: string): boolean {
  return name.endsWith(':') || name.endsWith('/');
}
