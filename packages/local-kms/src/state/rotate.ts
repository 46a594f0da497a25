import { randomMaterial } from '../crypto/material.ts';
import type { DueSet } from './due-set.ts';
import type { Key, PastRotation, Rotation } from './key.ts';

const DAY = 24 * 60 * 60 * 1000;
export const DEFAULT_ROTATION_DAYS = 365;

/** Automatic rotation whose first comes one period after an instant. */
export function automaticRotation(periodInDays: number, after: Date): NonNullable<Rotation['automatic']> {
  return { periodInDays, nextAt: new Date(after.getTime() + periodInDays * DAY) };
}

/** Gives a key of origin AWS_KMS new material, in each of its Regions. The old stays for ever, to decrypt with. */
export function rotate(key: Key, at: Date, type: PastRotation['type']): void {
  const material = randomMaterial(key.spec);
  for (const one of key.family) one.materials = [...one.materials, material];
  rememberRotation(key, { materialId: material.id, at, type });
}

export function rememberRotation({ rotation }: Key, rotated: PastRotation): void {
  rotation.past = [...rotation.past, rotated];
}

/** Rotates the keys whose time has come, once for each period that is over. A key that is not enabled is not rotated. */
export function rotateDueKeys(families: DueSet<readonly Key[]>, now: Date): void {
  if (!families.mayBeDue(now)) return;
  for (const [primary] of families) {
    if (primary?.state !== 'Enabled') continue;
    for (let due = primary.rotation.automatic; due !== undefined && due.nextAt <= now; ) {
      rotate(primary, due.nextAt, 'AUTOMATIC');
      due = automaticRotation(due.periodInDays, due.nextAt);
      primary.rotation.automatic = due;
    }
  }
  families.settled();
}

/** Rotates a key at once that is enabled again and whose rotation is overdue: only once, however long it was disabled. */
export function rotateOverdueKey(key: Key, now: Date): void {
  const due = key.rotation.automatic;
  if (due === undefined || due.nextAt > now || key.state !== 'Enabled' || key.family[0] !== key) return;
  rotate(key, now, 'AUTOMATIC');
  key.rotation.automatic = automaticRotation(due.periodInDays, now);
}
