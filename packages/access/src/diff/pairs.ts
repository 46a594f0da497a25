import type { Located } from '../model.ts';

/** A thing of the app in both of its states; undefined where it is not there. */
export interface Pair<T> {
  readonly before: T | undefined;
  readonly after: T | undefined;
}

/**
 * What is the same thing before and after: what has the same construct path; of the rest, what has the same logical id in
 * the same stack, since that is what CloudFormation goes by. In the order of after, then what is gone.
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
  for (const nameOf of [pathOf, logicalNameOf]) {
    const free = new Map<string, T[]>();
    for (const one of before) {
      if (taken.has(one)) continue;
      const name = `${kindOf(one)} ${nameOf(one)}`;
      const named = free.get(name);
      if (named === undefined) free.set(name, [one]);
      else named.push(one);
    }
    for (const one of after) {
      if (partners.has(one)) continue;
      const partner = free.get(`${kindOf(one)} ${nameOf(one)}`)?.shift();
      if (partner === undefined) continue;
      partners.set(one, partner);
      taken.add(partner);
    }
  }
  return [
    ...after.map((one) => ({ before: partners.get(one), after: one })),
    ...before.filter((one) => !taken.has(one)).map((one) => ({ before: one, after: undefined })),
  ];
}

function pathOf({ constructPath }: Located): string {
  return constructPath;
}

function logicalNameOf({ stack, logicalId }: Located): string {
  return `${stack} ${logicalId}`;
}
