import { REQUIRED_KEY_ID } from './members.ts';
import { keyIn, operation } from './operation.ts';
import { requireFreeTagKey, TAG_KEY } from './tags.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_UntagResource.html */
export const untagResource = operation({
  input: { KeyId: REQUIRED_KEY_ID, TagKeys: { type: 'list', of: TAG_KEY, required: true } },
  keys: [{ role: 'key', member: 'KeyId', alias: false }],
  permissions: [{ action: 'kms:UntagResource', on: 'key' }],
  states: 'notDying',
  usages: [],
  event: { readOnly: false, response: 'keyId' },
  check({ TagKeys }) {
    for (const name of TagKeys) requireFreeTagKey(name);
  },
  run({ TagKeys }, keys) {
    const key = keyIn(keys, 'key');
    key.tags = new Map([...key.tags].filter(([name]) => !TagKeys.includes(name)));
    return undefined;
  },
});
