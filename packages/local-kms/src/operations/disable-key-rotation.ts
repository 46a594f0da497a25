import { REQUIRED_KEY_ID } from './members.ts';
import { keyIn, operation } from './operation.ts';
import { requireAutomaticRotation, requirePrimary } from './rotation-checks.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_DisableKeyRotation.html */
export const disableKeyRotation = operation({
  input: { KeyId: REQUIRED_KEY_ID },
  keys: [{ role: 'key', member: 'KeyId', alias: false }],
  permissions: [{ action: 'kms:DisableKeyRotation', on: 'key' }],
  states: 'settingRotation',
  usages: [],
  event: { readOnly: false, response: 'keyId' },
  run(_input, keys, { world }) {
    const key = keyIn(keys, 'key');
    requireAutomaticRotation(key);
    requirePrimary(key);
    key.rotation.automatic = undefined;
    world.store.rotating.delete(key.family);
    return undefined;
  },
});
