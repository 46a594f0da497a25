import type { Key } from '../state/key.ts';
import { faults } from '../wire/texts.ts';

const DAY = 24 * 60 * 60 * 1000;
const MAX_DAYS = 365;

/** @throws Fault UnsupportedOperationException for a key whose material KMS made */
export function requireImported(key: Key): void {
  if (key.origin !== 'EXTERNAL') throw faults.origin(key.arn, key.origin);
}

interface Expiration {
  readonly ExpirationModel?: 'KEY_MATERIAL_EXPIRES' | 'KEY_MATERIAL_DOES_NOT_EXPIRE';
  readonly ValidTo?: Date;
}

/** @throws Fault ValidationException unless an expiry is given exactly where there is one */
export function requireExpiration({ ExpirationModel: model = 'KEY_MATERIAL_EXPIRES', ValidTo }: Expiration): void {
  if (model === 'KEY_MATERIAL_EXPIRES' && ValidTo === undefined) {
    throw faults.validation('A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES');
  }
  if (model === 'KEY_MATERIAL_DOES_NOT_EXPIRE' && ValidTo !== undefined) {
    throw faults.unworded('ValidTo does not go with ExpirationModel KEY_MATERIAL_DOES_NOT_EXPIRE');
  }
}

/** @throws Fault ValidationException for an instant that is past, or more than 365 days away */
export function requireFuture(validTo: Date | undefined, now: Date): void {
  if (validTo === undefined) return;
  const ahead = validTo.getTime() - now.getTime();
  if (!(ahead > 0 && ahead <= MAX_DAYS * DAY)) {
    throw faults.unworded(`ValidTo is not within the next ${MAX_DAYS} days`);
  }
}
