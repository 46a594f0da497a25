import { awaitsImport } from '../import/imported-material.ts';
import { rotateOverdueKey } from '../state/rotate.ts';
import { REQUIRED_KEY_ID } from './members.ts';
import { keyIn, operation } from './operation.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKey.html */
export const enableKey = operation({
  input: { KeyId: REQUIRED_KEY_ID },
  keys: [{ role: 'key', member: 'KeyId', alias: false }],
  permissions: [{ action: 'kms:EnableKey', on: 'key' }],
  states: 'switching',
  usages: [],
  event: { readOnly: false, response: 'keyId' },
  run(_input, keys, { now }) {
    const key = keyIn(keys, 'key');
    // A key whose deletion was cancelled may still wait for the material that it was made without.
    key.state = awaitsImport(key) ? 'PendingImport' : 'Enabled';
    rotateOverdueKey(key, now);
    return undefined;
  },
});
