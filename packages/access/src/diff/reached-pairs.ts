import type { KeyModel, PrincipalModel } from '../model.ts';
import type { Reach } from '../report/reach.ts';
import type { Pair } from './pairs.ts';

/**
 * The principals that something might allow something with a key in either state. All others are denied everything in
 * both, and nothing can have become of that; they are asked about neither.
 */
export function reachedPairs(
  key: Pair<KeyModel>,
  principals: readonly Pair<PrincipalModel>[],
  reach: { readonly before: Reach; readonly after: Reach },
): readonly Pair<PrincipalModel>[] {
  const [old, now] = (['before', 'after'] as const).map((side) => {
    const one = key[side];
    return new Set<PrincipalModel | undefined>(one === undefined ? [] : reach[side](one));
  });
  return principals.filter(({ before, after }) => old?.has(before) || now?.has(after));
}
