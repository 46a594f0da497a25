import { requireOwnPolicyControl } from '../authorize/lockout.ts';
import { readKeyPolicy } from '../state/policy-text.ts';
import { faults } from '../wire/texts.ts';
import { KEY_POLICY, POLICY_NAME, REQUIRED_KEY_ID } from './members.ts';
import { keyIn, operation } from './operation.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html */
export const putKeyPolicy = operation({
  input: {
    KeyId: REQUIRED_KEY_ID,
    PolicyName: POLICY_NAME,
    Policy: { ...KEY_POLICY, required: true },
    BypassPolicyLockoutSafetyCheck: { type: 'boolean' },
  },
  keys: [{ role: 'key', member: 'KeyId', alias: false }],
  permissions: [{ action: 'kms:PutKeyPolicy', on: 'key' }],
  states: 'any',
  usages: [],
  event: { readOnly: false, response: 'keyId' },
  run({ PolicyName = 'default', Policy, BypassPolicyLockoutSafetyCheck }, keys, call) {
    const key = keyIn(keys, 'key');
    if (PolicyName !== 'default') throw faults.noSuchPolicy(PolicyName);
    const policy = readKeyPolicy(Policy, `key policy of ${key.arn}`);
    if (BypassPolicyLockoutSafetyCheck !== true) {
      requireOwnPolicyControl(policy.policy, call, { key, requestAlias: undefined });
    }
    key.policy = policy;
    return undefined;
  },
});
