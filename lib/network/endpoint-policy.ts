import * as iam from 'aws-cdk-lib/aws-iam';

/** Who may come through an endpoint, as conditions on requests: each member is a statement of its own. */
export type Callers = Record<string, Record<string, string | string[]>>[];

/**
 * The callers that are let through. The principal of each statement is everybody and its condition says who: a role in the
 * place of the principal would not stand for its sessions in every kind of endpoint.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
 */
export function callersOf(
  principals: readonly iam.IPrincipal[],
  organizationId: string | undefined,
  account: string,
): Callers {
  const accounts = principals.filter((principal) => principal instanceof iam.AccountPrincipal);
  const arns = principals.flatMap(arnsOf);
  const callers: Callers = [
    ...(accounts.length > 0
      ? [{ StringEquals: { 'aws:PrincipalAccount': one(accounts.map(({ accountId }) => String(accountId))) } }]
      : []),
    ...(arns.length > 0 ? [{ ArnEquals: { 'aws:PrincipalArn': one(arns) } }] : []),
    ...(organizationId === undefined ? [] : [{ StringEquals: { 'aws:PrincipalOrgID': organizationId } }]),
  ];
  return callers.length > 0 ? callers : [{ StringEquals: { 'aws:PrincipalAccount': account } }];
}

function one(values: string[]): string | string[] {
  const [first, ...others] = values;
  return first !== undefined && others.length === 0 ? first : values;
}

/** What cannot be a caller: services of AWS come through no endpoint of a VPC, and groups are no principals. */
export function callerProblems(principals: readonly iam.IPrincipal[]): string[] {
  return principals
    .filter((principal) => !(principal instanceof iam.AccountPrincipal) && arnsOf(principal).length === 0)
    .map(
      (principal) =>
        `principals: ${String(principal)} has no ARN that a request through a VPC endpoint could come from; name roles, users or accounts`,
    );
}

function arnsOf(principal: iam.IPrincipal): string[] {
  if (principal instanceof iam.AccountPrincipal || 'groupArn' in principal) {
    return [];
  }
  const { AWS: arns = [] } = principal.policyFragment.principalJson as { AWS?: string | string[] };
  return [arns].flat().filter((arn) => arn !== '*');
}
