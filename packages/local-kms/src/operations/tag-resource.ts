import { REQUIRED_KEY_ID } from './members.ts';
import { keyIn, operation } from './operation.ts';
import { requireRoomForTags, TAGS, tagsOf } from './tags.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_TagResource.html */
export const tagResource = operation({
  input: { KeyId: REQUIRED_KEY_ID, Tags: { ...TAGS, required: true } },
  keys: [{ role: 'key', member: 'KeyId', alias: false }],
  permissions: [{ action: 'kms:TagResource', on: 'key' }],
  states: 'notDying',
  usages: [],
  event: { readOnly: false, response: 'keyId' },
  check({ Tags }) {
    tagsOf(Tags);
  },
  run({ Tags }, keys) {
    const key = keyIn(keys, 'key');
    // A changed tag keeps its place, new ones follow.
    const merged = new Map([...key.tags, ...tagsOf(Tags)]);
    requireRoomForTags(merged);
    key.tags = merged;
    return undefined;
  },
});
