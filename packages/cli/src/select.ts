import type { AccessCell, AccessMap, AccessRow } from '@cdk-keysmith/access';
import { CliError } from './errors.ts';
import { namesOfGrantee } from './names-of.ts';
import { means } from './render/paths.ts';

/** How many names an error lists before it gets hard to read. */
const MAX_LISTED = 20;

/**
 * The things that any of the typed names means; all of them when nothing was typed.
 *
 * @param what - what the things are, for the message
 * @throws {@link CliError} `NO_MATCH` with every name that means nothing, and the names that there are
 */
export function select<T>(
  what: string,
  things: readonly T[],
  typed: readonly string[],
  namesOf: (thing: T) => readonly [string, ...string[]],
): readonly T[] {
  const isMeant = (thing: T, name: string) => namesOf(thing).some((own) => means(name, own));
  const missing = typed.filter((name) => !things.some((thing) => isMeant(thing, name)));
  if (missing.length > 0) {
    const known = [...new Set(things.map((thing) => namesOf(thing)[0]))];
    const problems = missing.map((name) => `no ${what} "${name}" in this app`);
    throw new CliError('NO_MATCH', `${problems.join('; ')} (there ${listed(known)})`);
  }
  return typed.length === 0 ? things : things.filter((thing) => typed.some((name) => isMeant(thing, name)));
}

/** The map with the rows of some principals only, and without what is unknown about the others. */
export function onlyPrincipals(map: AccessMap, typed: readonly string[]): AccessMap {
  if (typed.length === 0) {
    return map;
  }
  // Whoever asks about a principal also wants to read that it may do nothing.
  const rowsOf = map.keys.map((access) => [...access.rows, ...access.others()]);
  const rows = rowsOf.flat();
  const kept = new Set(select('principal', rows, typed, ({ grantee }) => namesOfGrantee(grantee)));
  const reasonsOf = (wanted: boolean) =>
    map.keys.flatMap((one) => one.rows.filter((row) => kept.has(row) === wanted).flatMap(unknownReasons));
  const [stay, go] = [reasonsOf(true), reasonsOf(false)];
  const isAbout = (reasons: readonly string[], unknown: string) => reasons.some((reason) => unknown.endsWith(reason));
  return {
    keys: map.keys.map((access, at) => ({
      ...access,
      rows: (rowsOf[at] ?? []).filter((row) => kept.has(row)),
      others: () => [],
    })),
    unknowns: map.unknowns.filter((unknown) => isAbout(stay, unknown) || !isAbout(go, unknown)),
  };
}

/** The map with some actions only: by IAM action, by what people call it, or by group. */
export function onlyActions(map: AccessMap, typed: readonly string[]): AccessMap {
  if (typed.length === 0) {
    return map;
  }
  const cells = map.keys.flatMap(({ rows }) => rows.flatMap((row) => row.cells));
  const names = new Set(select('action', cells, typed.map(lowerCase), namesOfAction).map(({ action }) => action));
  const keysLeft = map.keys.map((access) => ({
    ...access,
    rows: access.rows.map((row) => ({ ...row, cells: row.cells.filter(({ action }) => names.has(action)) })),
  }));
  const told = keysLeft.flatMap(({ rows }) => rows.flatMap(unknownReasons));
  const before = map.keys.flatMap(({ rows }) => rows.flatMap(unknownReasons));
  const isAbout = (reasons: readonly string[], unknown: string) => reasons.some((reason) => unknown.endsWith(reason));
  return { keys: keysLeft, unknowns: map.unknowns.filter((one) => isAbout(told, one) || !isAbout(before, one)) };
}

function namesOfAction({ action, label, group }: AccessCell): readonly [string, ...string[]] {
  const bare = action.replace(/^kms:/, '');
  return [bare.toLowerCase(), action.toLowerCase(), label.toLowerCase(), group];
}

function lowerCase(text: string): string {
  return text.toLowerCase();
}

/** Why something about a principal is unknown, in the words that the map's list of unknowns ends with. */
export function unknownReasons({ cells }: AccessRow): string[] {
  return cells
    .filter(({ verdict }) => verdict === 'unknown')
    .flatMap(({ decision }) => decision.reasons.map(({ text }) => text));
}

function listed(names: readonly string[]): string {
  const more = names.length > MAX_LISTED ? ` and ${names.length - MAX_LISTED} more` : '';
  return names.length === 0 ? 'is none' : `are: ${names.slice(0, MAX_LISTED).join(', ')}${more}`;
}
