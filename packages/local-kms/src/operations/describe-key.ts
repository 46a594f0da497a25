import { keyMetadata } from '../state/metadata.ts';
import { GRANT_TOKENS, REQUIRED_KEY_ID } from './members.ts';
import { keyIn, operation } from './operation.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html */
export const describeKey = operation({
  input: { KeyId: REQUIRED_KEY_ID, GrantTokens: GRANT_TOKENS },
  keys: [{ role: 'key', member: 'KeyId', alias: true }],
  permissions: [{ action: 'kms:DescribeKey', on: 'key' }],
  states: 'any',
  usages: [],
  event: { readOnly: true },
  run(_input, keys) {
    return { KeyMetadata: keyMetadata(keyIn(keys, 'key')) };
  },
});
