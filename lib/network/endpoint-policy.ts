import * as iam from 'aws-cdk-lib/aws-iam';
import { problems } from '../private/rules';

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
  const accounts = principals.flatMap((principal) => accountOf(principal) ?? []);
  const arns = principals.filter((principal) => accountOf(principal) === undefined).flatMap(arnsOf);
  const callers: Callers = [
    ...(accounts.length > 0 ? [{ StringEquals: { 'aws:PrincipalAccount': one(accounts) } }] : []),
    ...(arns.length > 0 ? [{ ArnEquals: { 'aws:PrincipalArn': one(arns) } }] : []),
    ...(organizationId === undefined ? [] : [{ StringEquals: { 'aws:PrincipalOrgID': organizationId } }]),
  ];
  return callers.length > 0 ? callers : [{ StringEquals: { 'aws:PrincipalAccount': account } }];
}

function one(values: string[]): string | string[] {
  const [first, ...others] = values;
  return first !== undefined && others.length === 0 ? first : values;
}

/** The account that a principal of a policy stands for: as the principal of a request, its root ARN is the root user alone. */
function accountOf(principal: iam.IPrincipal): string | undefined {
  if (principal instanceof iam.AccountPrincipal) {
    return String(principal.accountId);
  }
  const [, ofRoot, alone] = /^(?:arn:[^:]+:iam::([^:]+):root|(\d{12}))$/.exec(arnsOf(principal)[0] ?? '') ?? [];
  return ofRoot ?? alone;
}

/** What cannot be a caller: services of AWS come through no endpoint of a VPC, and groups are no principals. */
export function callerProblems(principals: readonly iam.IPrincipal[]): string[] {
  return principals.flatMap((principal) => {
    if (principal instanceof iam.CompositePrincipal) {
      return [`principals: ${String(principal)} is several principals; name them one by one`];
    }
    const arns = arnsOf(principal);
    return problems([
      {
        when: arns.length === 0,
        message: `principals: ${String(principal)} has no ARN that a request through a VPC endpoint could come from; name roles, users or accounts`,
      },
      {
        when: arns.length > 0 && Object.keys(principal.policyFragment.conditions).length > 0,
        message: `principals: ${String(principal)} has conditions, which the policy of the endpoint would not have; name it without them, and say them in the key policy or in IAM policies`,
      },
      ...arns.map((arn) => ({
        when: /^arn:[^:]+:sts:/.test(arn),
        message: `principals: ${arn} is a session, and a request says the role that it has; name the role`,
      })),
    ]);
  });
}

function arnsOf(principal: iam.IPrincipal): string[] {
  if ('groupArn' in principal) {
    return [];
  }
  const { AWS: arns = [] } = principal.policyFragment.principalJson as { AWS?: string | string[] };
  return [arns].flat().filter((arn) => arn !== '*');
}
