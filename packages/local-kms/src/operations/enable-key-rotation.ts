import { automaticRotation, DEFAULT_ROTATION_DAYS } from '../state/rotate.ts';
import { REQUIRED_KEY_ID } from './members.ts';
import { keyIn, operation } from './operation.ts';
import { requireAutomaticRotation, requirePrimary } from './rotation-checks.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html */
export const enableKeyRotation = operation({
  input: { KeyId: REQUIRED_KEY_ID, RotationPeriodInDays: { type: 'number', min: 90, max: 2560 } },
  keys: [{ role: 'key', member: 'KeyId', alias: false }],
  permissions: [{ action: 'kms:EnableKeyRotation', on: 'key' }],
  states: 'settingRotation',
  usages: [],
  event: { readOnly: false, response: 'keyId' },
  run({ RotationPeriodInDays: days = DEFAULT_ROTATION_DAYS }, keys, { world, now }) {
    const key = keyIn(keys, 'key');
    requireAutomaticRotation(key);
    requirePrimary(key);
    key.rotation.automatic = automaticRotation(days, now);
    world.store.rotating.add(key.family);
    return undefined;
  },
});
