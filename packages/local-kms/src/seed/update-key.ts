import type { KeyModel } from '@cdk-keysmith/access';
import { cancelDeletion } from '../state/deletion.ts';
import { enable } from '../state/enable.ts';
import { isPrimary } from '../state/family.ts';
import type { Key } from '../state/key.ts';
import type { ReplicaPlan } from '../state/make-key.ts';
import { automaticRotation } from '../state/rotate.ts';
import { resourceName, type Seeding } from './context.ts';

/** What is each key's own, also among the keys of a multi-Region key. */
export type Own = Omit<ReplicaPlan, 'region'>;

/** The automatic rotation that an app declares. */
export interface DeclaredRotation {
  /** Whether it is known before deployment. */
  readonly known: boolean;
  /** Days between rotations; undefined: none. */
  readonly period: number | undefined;
}

/**
 * Gives a key that is there what the app declares: key policy, description, tags, whether it is enabled, rotation. What the
 * app does not declare stays: material, grants, imports, and the date of the next rotation as long as its period does.
 *
 * @returns the key, or why it stays as it is
 */
export function updateKey(
  seeding: Seeding,
  model: KeyModel,
  key: Key,
  own: Own,
  rotation: DeclaredRotation = { known: false, period: undefined },
): Key | string {
  const { changes, before, store } = seeding;
  const { constructPath } = model;
  const isBack = !before.keys.has(resourceName(seeding, model));
  const dying = key.state === 'PendingDeletion' || key.state === 'PendingReplicaDeletion';
  if (dying && seeding.fixed.get(model)?.pendingDeletion) return key;
  if (dying && !isBack) return 'a call scheduled its deletion, and a deployment would fail; cancel the deletion first';
  if (dying) cancelDeletion(store, key);
  const details = [...changedIn(seeding, key, own), ...changedRotation(seeding, key, rotation)];
  if (isBack) changes.push({ kind: 'key', name: constructPath, change: 'added', details: ['was there already'] });
  else if (details.length > 0) changes.push({ kind: 'key', name: constructPath, change: 'changed', details });
  return key;
}

function changedIn({ store, now }: Seeding, key: Key, { policy, description, tags, enabled }: Own): readonly string[] {
  const changed: string[] = [];
  if (key.policy.text !== policy.text) changed.push('key policy');
  // Also where the text is the same: its names are those of the constructs.
  key.policy = policy;
  if (key.description !== description) changed.push('description');
  key.description = description;
  if (textOf(key.tags) !== textOf(tags)) changed.push('tags');
  key.tags = tags;
  if (enabled && key.state === 'Disabled') {
    enable(store, key, now);
    changed.push('enabled');
  } else if (!enabled && key.state === 'Enabled') {
    key.state = 'Disabled';
    changed.push('disabled');
  }
  return changed;
}

/** The order of tags means nothing. */
function textOf(tags: ReadonlyMap<string, string>): string {
  return JSON.stringify([...tags].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function changedRotation({ store, now }: Seeding, key: Key, { known, period }: DeclaredRotation): readonly string[] {
  if (!known || !isPrimary(key) || key.rotation.automatic?.periodInDays === period) return [];
  if (period === undefined) {
    key.rotation.automatic = undefined;
    store.rotating.delete(key.family);
    return ['rotation off'];
  }
  key.rotation.automatic = automaticRotation(period, now);
  store.rotating.add(key.family);
  return [`rotation every ${period} days`];
}
