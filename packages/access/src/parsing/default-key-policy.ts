import type { Outcome } from '../symbolic/outcome.ts';
import { concat } from '../symbolic/text.ts';
import type { Value } from '../value.ts';

/**
 * The key policy that KMS gives a key created without one: everything is delegated to IAM in the key's account.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
export function defaultKeyPolicy(partition: Value, account: Value): Outcome {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal: { AWS: concat(['arn:', partition, ':iam::', account, ':root']) },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  };
}
