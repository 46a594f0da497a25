import { page } from '../state/pages.ts';
import { LIMIT, MARKER, REQUIRED_KEY_ID } from './members.ts';
import { keyIn, operation } from './operation.ts';

const DEFAULT_LIMIT = 100;

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeyPolicies.html */
export const listKeyPolicies = operation({
  input: { KeyId: REQUIRED_KEY_ID, Limit: LIMIT, Marker: MARKER },
  keys: [{ role: 'key', member: 'KeyId', alias: false }],
  permissions: [{ action: 'kms:ListKeyPolicies', on: 'key' }],
  states: 'any',
  usages: [],
  event: { readOnly: true },
  run({ Limit = DEFAULT_LIMIT, Marker }, keys) {
    // A key has one policy, and it has one name.
    const scope = `ListKeyPolicies ${keyIn(keys, 'key').arn}`;
    return { PolicyNames: page(['default'], (name) => name, scope, Limit, Marker).items, Truncated: false };
  },
});
