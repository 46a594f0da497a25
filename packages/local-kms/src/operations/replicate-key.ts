import { requireOwnPolicyControl } from '../authorize/lockout.ts';
import { partitionOf } from '../state/arn.ts';
import { isPrimary } from '../state/family.ts';
import { makeReplica } from '../state/make-key.ts';
import { defaultKeyPolicy, keyMetadata } from '../state/metadata.ts';
import { readKeyPolicy } from '../state/policy-text.ts';
import { addKey } from '../state/store.ts';
import { faults } from '../wire/texts.ts';
import { requireSpecOf } from './checks.ts';
import { DESCRIPTION, KEY_POLICY, REGION, REQUIRED_KEY_ID } from './members.ts';
import { keyIn, operation } from './operation.ts';
import { TAGS, tagsOf } from './tags.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_ReplicateKey.html */
export const replicateKey = operation({
  input: {
    KeyId: REQUIRED_KEY_ID,
    ReplicaRegion: REGION,
    Policy: KEY_POLICY,
    BypassPolicyLockoutSafetyCheck: { type: 'boolean' },
    Description: DESCRIPTION,
    Tags: TAGS,
  },
  keys: [{ role: 'key', member: 'KeyId', alias: false }],
  permissions: [
    { action: 'kms:ReplicateKey', on: 'key' },
    { action: 'kms:CreateKey', on: 'account', region: 'ReplicaRegion' },
    { action: 'kms:TagResource', on: 'account', region: 'ReplicaRegion', when: 'Tags' },
  ],
  states: 'replicating',
  usages: [],
  event: { readOnly: false, response: 'output' },
  check({ Tags }) {
    tagsOf(Tags);
  },
  run(input, keys, call) {
    const key = keyIn(keys, 'key');
    const { ReplicaRegion: region, Description: description = '', Tags } = input;
    if (!key.multiRegion || !isPrimary(key)) throw faults.notPrimary(key.arn);
    if (partitionOf(region) !== partitionOf(key.region)) throw faults.unworded(`${region} is in another partition`);
    requireSpecOf(key.spec, region);
    if (key.family.some((one) => one.region === region)) {
      throw faults.named('AlreadyExistsException', `${region} has a key of this multi-Region key`);
    }
    const policy = readKeyPolicy(input.Policy ?? defaultKeyPolicy(key.account, region), 'key policy of the replica');
    if (input.BypassPolicyLockoutSafetyCheck !== true) requireOwnPolicyControl(policy.policy, { ...call, region });
    const tags = tagsOf(Tags);
    const replica = makeReplica(key, { region, description, tags, policy, enabled: true }, call.now);
    addKey(call.world.store, replica);
    // The answer shows the replica as it begins. It takes KMS seconds to make; here it is there with the answer.
    const made = replica.state;
    replica.state = 'Creating';
    const metadata = keyMetadata(replica);
    replica.state = made;
    return {
      ReplicaKeyMetadata: metadata,
      ReplicaPolicy: policy.text,
      ...(tags.size > 0 && { ReplicaTags: [...tags].map(([TagKey, TagValue]) => ({ TagKey, TagValue })) }),
    };
  },
});
