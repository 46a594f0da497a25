import { keepImport } from '../import/imported-material.ts';
import { scheduleDeletion } from '../state/deletion.ts';
import type { Key } from '../state/key.ts';
import { rememberRotation } from '../state/rotate.ts';
import type { Seeding } from './context.ts';
import type { FixedKey } from './fixed.ts';

/** Gives a key that was just made the past that a seed file tells of it. */
export function fixHistory(
  { store, now }: Seeding,
  key: Key,
  { fixed, rotations, pendingDeletion }: FixedKey,
  enabled: boolean,
  windowInDays: number,
): void {
  if (key.origin === 'EXTERNAL') {
    for (const material of fixed?.materials ?? []) {
      const facts = { expiresAt: undefined, description: undefined, pendingRotation: false };
      keepImport(store, key, { id: material.id, material, ...facts });
    }
    if (!enabled && key.state === 'Enabled') key.state = 'Disabled';
  }
  for (const { materialId, type, at = now } of rotations) rememberRotation(key, { materialId, type, at });
  if (pendingDeletion) scheduleDeletion(store, key, windowInDays, now);
}
