import { scheduleDeletion } from '../state/deletion.ts';
import { REQUIRED_KEY_ID } from './members.ts';
import { keyIn, operation } from './operation.ts';

const DEFAULT_DAYS = 30;

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html */
export const scheduleKeyDeletion = operation({
  // The service model allows 1 to 365 days; KMS does not.
  input: { KeyId: REQUIRED_KEY_ID, PendingWindowInDays: { type: 'number', min: 7, max: 30 } },
  keys: [{ role: 'key', member: 'KeyId', alias: false }],
  permissions: [{ action: 'kms:ScheduleKeyDeletion', on: 'key' }],
  states: 'scheduling',
  usages: [],
  event: { readOnly: false, response: 'output' },
  run(input, keys, { world, now }) {
    const key = keyIn(keys, 'key');
    const days = input.PendingWindowInDays ?? DEFAULT_DAYS;
    scheduleDeletion(world.store, key, days, now);
    const at = key.deletion?.at;
    return { ...(at && { DeletionDate: at }), KeyId: key.arn, KeyState: key.state, PendingWindowInDays: days };
  },
});
