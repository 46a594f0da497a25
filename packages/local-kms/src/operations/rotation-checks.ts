import { isPrimary } from '../state/family.ts';
import type { Key } from '../state/key.ts';
import { faults } from '../wire/texts.ts';

/** @throws Fault UnsupportedOperationException for a key that is not for symmetric encryption */
export function requireSymmetric(key: Key): void {
  if (key.spec !== 'SYMMETRIC_DEFAULT') throw faults.unsupported('only symmetric encryption keys are rotated');
}

/** @throws Fault UnsupportedOperationException for a key that KMS cannot rotate by itself */
export function requireAutomaticRotation(key: Key): void {
  requireSymmetric(key);
  if (key.origin === 'EXTERNAL') throw faults.origin(key.arn, key.origin);
}

/** @throws Fault UnsupportedOperationException for a replica key: rotation is the primary's */
export function requirePrimary(key: Key): void {
  if (!isPrimary(key)) throw faults.notPrimary(key.arn);
}
