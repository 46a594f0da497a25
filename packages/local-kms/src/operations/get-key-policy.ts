import { faults } from '../wire/texts.ts';
import { POLICY_NAME, REQUIRED_KEY_ID } from './members.ts';
import { keyIn, operation } from './operation.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyPolicy.html */
export const getKeyPolicy = operation({
  input: { KeyId: REQUIRED_KEY_ID, PolicyName: POLICY_NAME },
  keys: [{ role: 'key', member: 'KeyId', alias: false }],
  permissions: [{ action: 'kms:GetKeyPolicy', on: 'key' }],
  states: 'any',
  usages: [],
  event: { readOnly: true },
  run(input, keys) {
    // A key has one policy, and it has one name.
    const name = input.PolicyName ?? 'default';
    if (name !== 'default') throw faults.noSuchPolicy(name);
    return { Policy: keyIn(keys, 'key').policy.text, PolicyName: name };
  },
});
