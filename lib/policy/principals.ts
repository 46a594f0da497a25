import { problems } from '../private/rules';

/**
 * Why KMS would refuse the ARN of a principal in a key policy; nothing when nothing is known against it.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
 */
export function principalArnProblems(where: string, arn: string): string[] {
  return problems([
    {
      when: arn === '*',
      message: `${where} would let every AWS account in; name roles, users, accounts or an organization`,
    },
    {
      when: arn !== '*' && /[*?]/.test(arn),
      message: `${where} has a wildcard, which KMS refuses in a principal; name the principals one by one`,
    },
    {
      when: /^arn:[^:]*:(iam|sts)::\d+:/.test(arn) && !/^arn:[^:]*:(iam|sts)::\d{12}:/.test(arn),
      message: `${where}: the account id in it has not 12 digits, so KMS would refuse the key policy; correct it`,
    },
    {
      when: arn.includes(':group/'),
      message: `${where}: an IAM group cannot be a principal of a key policy; name a role or user, or give the group an IAM policy`,
    },
  ]);
}
