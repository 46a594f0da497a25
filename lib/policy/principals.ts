import { Token } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { problems } from '../private/rules';

/**
 * Why KMS would refuse a principal in a key policy; nothing when nothing is known against it.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
 */
export function principalProblems(prop: string, principals: readonly iam.IPrincipal[]): string[] {
  return principals.flatMap((principal, index) =>
    knownArns(principal).flatMap((arn) => arnProblems(`${prop}[${index}] ${JSON.stringify(arn)}`, arn)),
  );
}

function arnProblems(where: string, arn: string): string[] {
  return problems([
    {
      when: arn === '*',
      message: `${where} would let every AWS account in; name roles, users or accounts`,
    },
    {
      when: arn !== '*' && /[*?]/.test(arn),
      message: `${where} has a wildcard, which KMS refuses in a principal; name the principals one by one`,
    },
    {
      when: arn.includes(':group/'),
      message: `${where}: an IAM group cannot be a principal of a key policy; name a role or user, or give the group an IAM policy`,
    },
  ]);
}

/** The AWS principals as far as they are known at synthesis; `"*"` stands under a name of its own. */
function knownArns(principal: iam.IPrincipal): string[] {
  const { AWS = [], LiteralString = [] } = principal.policyFragment.principalJson;
  return [...AWS, ...LiteralString].filter((arn) => !Token.isUnresolved(arn));
}
