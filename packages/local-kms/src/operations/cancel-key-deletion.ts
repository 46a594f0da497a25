import { cancelDeletion } from '../state/deletion.ts';
import { REQUIRED_KEY_ID } from './members.ts';
import { keyIn, operation } from './operation.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_CancelKeyDeletion.html */
export const cancelKeyDeletion = operation({
  input: { KeyId: REQUIRED_KEY_ID },
  keys: [{ role: 'key', member: 'KeyId', alias: false }],
  permissions: [{ action: 'kms:CancelKeyDeletion', on: 'key' }],
  states: 'cancelling',
  usages: [],
  event: { readOnly: false, response: 'keyId' },
  run(_input, keys, { world }) {
    const key = keyIn(keys, 'key');
    cancelDeletion(world.store, key);
    return { KeyId: key.arn };
  },
});
