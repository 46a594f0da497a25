import type { Policy } from '../policy.ts';
import { concat } from '../symbolic/text.ts';
import type { Value } from '../value.ts';

/**
 * The key policy that KMS gives a key created without one: everything is delegated to IAM in the key's account.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
export function defaultKeyPolicy(
  partition: Value,
  account: Value,
  source: Pick<Policy, 'name' | 'constructPath'>,
): Policy {
  return {
    ...source,
    kind: 'key',
    version: '2012-10-17',
    statements: [
      {
        index: 1,
        sid: 'Enable IAM User Permissions',
        effect: 'Allow',
        principals: { AWS: [concat(['arn:', partition, ':iam::', account, ':root'])] },
        notPrincipals: undefined,
        actions: ['kms:*'],
        notActions: undefined,
        resources: ['*'],
        notResources: undefined,
        conditions: [],
      },
    ],
  };
}
