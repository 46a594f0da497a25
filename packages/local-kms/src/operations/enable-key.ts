import { enable } from '../state/enable.ts';
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
  run(_input, keys, { world, now }) {
    enable(world.store, keyIn(keys, 'key'), now);
    return undefined;
  },
});
