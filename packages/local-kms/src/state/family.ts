import type { Key } from './key.ts';

/**
 * The keys of a multi-Region key, which all hold one list with the primary first. This file and `makeReplica` alone change
 * the list.
 */
export function isPrimary(key: Key): boolean {
  return key.family[0] === key;
}

/** Takes a key out of its family. */
export function leaveFamily(key: Key): void {
  const list = key.family as Key[];
  list.splice(list.indexOf(key), 1);
}

/** Makes a replica the primary key; the primary becomes the first of the replicas. */
export function makePrimary(replica: Key): void {
  leaveFamily(replica);
  (replica.family as Key[]).unshift(replica);
}
