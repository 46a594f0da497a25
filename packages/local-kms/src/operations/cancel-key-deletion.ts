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
    key.deletion = undefined;
    // Not what it was before: whoever cancels decides whether the key is to be used again.
    key.state = 'Disabled';
    world.store.pendingDeletion.delete(key);
    return { KeyId: key.arn };
  },
});
