import { REQUIRED_KEY_ID } from './members.ts';
import { keyIn, operation } from './operation.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_DisableKey.html */
export const disableKey = operation({
  input: { KeyId: REQUIRED_KEY_ID },
  keys: [{ role: 'key', member: 'KeyId', alias: false }],
  permissions: [{ action: 'kms:DisableKey', on: 'key' }],
  states: 'switching',
  usages: [],
  event: { readOnly: false, response: 'keyId' },
  run(_input, keys) {
    keyIn(keys, 'key').state = 'Disabled';
    return undefined;
  },
});
