import { DESCRIPTION, REQUIRED_KEY_ID } from './members.ts';
import { keyIn, operation } from './operation.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdateKeyDescription.html */
export const updateKeyDescription = operation({
  input: { KeyId: REQUIRED_KEY_ID, Description: { ...DESCRIPTION, required: true } },
  keys: [{ role: 'key', member: 'KeyId', alias: false }],
  permissions: [{ action: 'kms:UpdateKeyDescription', on: 'key' }],
  states: 'notDying',
  usages: [],
  event: { readOnly: false, response: 'keyId' },
  run({ Description }, keys) {
    keyIn(keys, 'key').description = Description;
    return undefined;
  },
});
