import { REQUIRED_KEY_ID } from './members.ts';
import { keyIn, operation } from './operation.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyLastUsage.html */
export const getKeyLastUsage = operation({
  input: { KeyId: REQUIRED_KEY_ID },
  keys: [{ role: 'key', member: 'KeyId', alias: false }],
  permissions: [{ action: 'kms:GetKeyLastUsage', on: 'key' }],
  states: 'any',
  usages: [],
  event: { readOnly: true },
  run(_input, keys) {
    const { id, createdAt, lastUse } = keyIn(keys, 'key');
    return {
      KeyCreationDate: createdAt,
      KeyId: id,
      // Of a key that was never used, an empty object.
      KeyLastUsage:
        lastUse === undefined
          ? {}
          : {
              CloudTrailEventId: lastUse.eventId,
              KmsRequestId: lastUse.requestId,
              Operation: lastUse.operation,
              Timestamp: lastUse.at,
            },
      TrackingStartDate: createdAt,
    };
  },
});
