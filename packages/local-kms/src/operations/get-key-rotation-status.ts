import { REQUIRED_KEY_ID } from './members.ts';
import { keyIn, operation } from './operation.ts';
import { requireAutomaticRotation } from './rotation-checks.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyRotationStatus.html */
export const getKeyRotationStatus = operation({
  input: { KeyId: REQUIRED_KEY_ID },
  keys: [{ role: 'key', member: 'KeyId', alias: false }],
  permissions: [{ action: 'kms:GetKeyRotationStatus', on: 'key' }],
  states: 'any',
  usages: [],
  event: { readOnly: true },
  run(_input, keys) {
    const key = keyIn(keys, 'key');
    requireAutomaticRotation(key);
    // A key that is to be deleted is not rotated; when the deletion is cancelled, its rotation is as before.
    const automatic = key.deletion === undefined ? key.rotation.automatic : undefined;
    return {
      KeyId: key.arn,
      KeyRotationEnabled: automatic !== undefined,
      ...(automatic && { NextRotationDate: automatic.nextAt, RotationPeriodInDays: automatic.periodInDays }),
    };
  },
});
