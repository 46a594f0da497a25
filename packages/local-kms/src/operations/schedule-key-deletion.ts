import { isPrimary } from '../state/family.ts';
import { REQUIRED_KEY_ID } from './members.ts';
import { keyIn, operation } from './operation.ts';

const DAY = 24 * 60 * 60 * 1000;
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
    // The window of a primary key begins when its last replica is gone.
    const waits = isPrimary(key) && key.family.length > 1;
    const at = waits ? undefined : new Date(now.getTime() + days * DAY);
    key.deletion = { windowInDays: days, at };
    key.state = waits ? 'PendingReplicaDeletion' : 'PendingDeletion';
    world.store.pendingDeletion.add(key);
    return { ...(at && { DeletionDate: at }), KeyId: key.arn, KeyState: key.state, PendingWindowInDays: days };
  },
});
