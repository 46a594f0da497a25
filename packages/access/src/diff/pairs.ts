import type { Located } from '../model.ts';

/** A thing of the app in both of its states; undefined where it is not there. */
export interface Pair<T> {
  readonly before: T | undefined;
  readonly after: T | undefined;
}

/**
 * What is the same thing before and after: what has the same construct path; of the rest, what has the same logical id in
 * the same stack, since that is what CloudFormation goes by; of the rest, what has a logical id that nothing else is left
 * with on either side, since the stack was renamed, or the thing moved to another one. In the order of after, then what is
 * gone.
 *
 * @param kindOf - things of different kinds are never the same
 */
export function pairsOf<T extends Located>(
  before: readonly T[],
  after: readonly T[],
  kindOf: (thing: T) => string = () => '',
): readonly Pair<T>[] {
  const partners = new Map<T, T>();
  const taken = new Set<T>();
  for (const { nameOf, onlyOne } of NAMES) {
    const named = (things: readonly T[]) => byName(things, (one) => `${kindOf(one)} ${nameOf(one)}`);
    const free = named(before.filter((one) => !taken.has(one)));
    for (const [name, wanting] of named(after.filter((one) => !partners.has(one)))) {
      const found = free.get(name) ?? [];
      if (onlyOne && (wanting.length > 1 || found.length > 1)) continue;
      for (const [index, partner] of found.slice(0, wanting.length).entries()) {
        const one = wanting[index];
        if (one !== undefined) partners.set(one, partner);
        taken.add(partner);
      }
    }
  }
  return [
    ...after.map((one) => ({ before: partners.get(one), after: one })),
    ...before.filter((one) => !taken.has(one)).map((one) => ({ before: one, after: undefined })),
  ];
}

/** Names by which things are found again, the better ones first. */
const NAMES: readonly { readonly nameOf: (thing: Located) => string; readonly onlyOne: boolean }[] = [
  { nameOf: ({ constructPath }) => constructPath, onlyOne: false },
  { nameOf: ({ stack, logicalId }) => `${stack} ${logicalId}`, onlyOne: false },
  { nameOf: ({ logicalId }) => logicalId, onlyOne: true },
];

function byName<T>(things: readonly T[], nameOf: (thing: T) => string): ReadonlyMap<string, readonly T[]> {
  const named = new Map<string, T[]>();
  for (const one of things) {
    const name = nameOf(one);
    named.set(name, [...(named.get(name) ?? []), one]);
  }
  return named;
}
