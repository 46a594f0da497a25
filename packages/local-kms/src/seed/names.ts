/** Something that people call by several names. */
export interface Named<T> {
  readonly thing: T;
  /** The one that lists show. */
  readonly name: string;
  readonly names: readonly string[];
}

/** What a name means. */
export type Lookup<T> =
  | { readonly is: 'one'; readonly thing: T }
  | { readonly is: 'several'; readonly names: readonly string[] }
  | { readonly is: 'none'; readonly near: readonly string[] };

/**
 * Finds a thing by one of its names, or by the end of its construct path where no full name is meant: `Writer` for
 * `Orders/Writer`. A full name wins, so that a path in another stack never makes a name ambiguous.
 */
export function lookup<T>(all: readonly Named<T>[], name: string): Lookup<T> {
  // Templates call the resource of a construct `<path>/Resource`.
  const asked = name.replace(/\/Resource$/, '');
  const full = all.filter(({ names }) => names.includes(asked));
  const meant = full.length > 0 ? full : all.filter(({ names }) => names.some((name) => name.endsWith(`/${asked}`)));
  const [first, ...others] = meant;
  if (first === undefined) return { is: 'none', near: nearest(all, asked) };
  if (others.length === 0) return { is: 'one', thing: first.thing };
  return { is: 'several', names: meant.map(({ name }) => name) };
}

const MAX_NEAR = 3;

/** Names that are like the one asked for, the nearest first. */
function nearest<T>(all: readonly Named<T>[], asked: string): readonly string[] {
  const limit = Math.max(2, Math.floor(asked.length / 3));
  return all
    .map(({ name, names }) => ({
      name,
      distance: Math.min(
        ...names.flatMap((one) => [one, one.slice(one.lastIndexOf('/') + 1)]).map((one) => distance(one, asked)),
      ),
    }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, MAX_NEAR)
    .map(({ name }) => name);
}

/** Levenshtein distance without regard to case. */
function distance(a: string, b: string): number {
  const [from, to] = [a.toLowerCase(), b.toLowerCase()];
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const substituted = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
