import { createHash, timingSafeEqual } from 'node:crypto';
import { faults } from '../wire/texts.ts';

/** One page of a list that is sorted by name. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextMarker: string | undefined;
}

/**
 * Cuts a page out of a list. The marker holds the last name given, so that items which come or go between two calls
 * neither repeat nor hide others.
 *
 * @param scope - what is listed; a marker of another list is refused
 * @throws Fault InvalidMarkerException
 */
export function page<T>(
  items: Iterable<T>,
  nameOf: (item: T) => string,
  scope: string,
  limit: number,
  marker: string | undefined,
): Page<T> {
  const last = marker === undefined ? undefined : readMarker(scope, marker);
  const rest = [...items]
    .filter((item) => last === undefined || nameOf(item) > last)
    .sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const given = rest.slice(0, limit);
  const lastGiven = given.at(-1);
  const more = rest.length > given.length && lastGiven !== undefined;
  return { items: given, nextMarker: more ? writeMarker(scope, nameOf(lastGiven)) : undefined };
}

/**
 * Cuts a page out of a list whose order means something and that grows at its end. The marker holds how many were given.
 *
 * @throws Fault InvalidMarkerException
 */
export function pageInOrder<T>(items: readonly T[], scope: string, limit: number, marker: string | undefined): Page<T> {
  const given = marker === undefined ? 0 : Number(readMarker(scope, marker));
  const end = given + limit;
  return {
    items: items.slice(given, end),
    nextMarker: end < items.length ? writeMarker(scope, String(end)) : undefined,
  };
}

const CHECK_BYTES = 8;

function writeMarker(scope: string, name: string): string {
  return Buffer.concat([check(scope, name), Buffer.from(name, 'utf8')]).toString('base64url');
}

function readMarker(scope: string, marker: string): string {
  const bytes = Buffer.from(marker, 'base64url');
  const name = bytes.subarray(CHECK_BYTES).toString('utf8');
  const sent = bytes.subarray(0, CHECK_BYTES);
  if (sent.length !== CHECK_BYTES || !timingSafeEqual(sent, check(scope, name))) throw faults.invalidMarker();
  return name;
}

function check(scope: string, name: string): Buffer {
  return createHash('sha256').update(`${scope}\n${name}`).digest().subarray(0, CHECK_BYTES);
}
