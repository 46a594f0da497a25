import { isPrimary } from './family.ts';
import type { Key } from './key.ts';
import type { Store } from './store.ts';

const DAY = 24 * 60 * 60 * 1000;

/** Lets the waiting period of a key begin. That of a primary key begins when its last replica is gone. */
export function scheduleDeletion({ pendingDeletion }: Store, key: Key, windowInDays: number, now: Date): void {
  const waits = isPrimary(key) && key.family.length > 1;
  key.deletion = { windowInDays, at: waits ? undefined : new Date(now.getTime() + windowInDays * DAY) };
  key.state = waits ? 'PendingReplicaDeletion' : 'PendingDeletion';
  pendingDeletion.add(key);
}

/** Ends the waiting period. The key is not what it was before: whoever cancels decides whether it is to be used again. */
export function cancelDeletion({ pendingDeletion }: Store, key: Key): void {
  key.deletion = undefined;
  key.state = 'Disabled';
  pendingDeletion.delete(key);
}
