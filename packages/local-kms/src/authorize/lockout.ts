import type { Policy } from '@cdk-keysmith/access';
import type { Call } from '../operations/operation.ts';
import { keyArn } from '../state/arn.ts';
import type { IdentifiedKey } from '../state/identify.ts';
import { faults } from '../wire/texts.ts';
import { decide } from './decide.ts';

/**
 * The safety check of CreateKey, PutKeyPolicy and ReplicateKey: whoever sets a key policy must be able to change it again.
 * @throws Fault MalformedPolicyDocumentException
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#prevent-unmanageable-key
 */
export function requireOwnPolicyControl(policy: Policy, call: Call, target?: IdentifiedKey): void {
  if (call.world.mode === 'off') return;
  const question = {
    action: 'kms:PutKeyPolicy',
    identity: call.identity,
    target,
    input: {},
    grantId: undefined,
    sameKey: false,
    like: undefined,
    store: call.world.store,
    region: call.region,
    now: call.now,
    sourceAddress: call.sourceAddress,
    userAgent: call.userAgent,
    claims: call.claims,
    organizationId: call.world.organization.id,
  };
  // A new key has no id yet. Key policies name their key as "*", and a statement on another key has no effect.
  const resource = target?.key.arn ?? keyArn(call.account, call.region, '00000000-0000-0000-0000-000000000000');
  if (decide(question, resource, policy, call.world.organization).verdict !== 'allowed') throw faults.policyLockout();
}
