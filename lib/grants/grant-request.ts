import * as iam from 'aws-cdk-lib/aws-iam';
import type { KmsGrantProps } from './kms-grant-props';

/** The values of `kms:GrantConstraintType`. */
const CONTEXT_CONSTRAINTS = ['EncryptionContextEquals', 'EncryptionContextSubset'];

/** What CreateGrant is asked for, but for the key. */
export interface GrantRequest {
  readonly GranteePrincipal?: string;
  readonly GranteeServicePrincipal?: string;
  readonly RetiringPrincipal?: string;
  readonly RetiringServicePrincipal?: string;
  readonly Operations: readonly string[];
  readonly Constraints?: Readonly<Record<string, unknown>>;
  readonly Name: string;
}

/** The properties of the custom resource, but for the key. Members that are undefined are left out of a template. */
export function requestOf(props: KmsGrantProps, Name: string): GrantRequest {
  const constraints = {
    ...(props.encryptionContextEquals && { EncryptionContextEquals: props.encryptionContextEquals }),
    ...(props.encryptionContextSubset && { EncryptionContextSubset: props.encryptionContextSubset }),
    ...(props.sourceArn !== undefined && { SourceArn: props.sourceArn }),
  };
  return {
    GranteePrincipal: props.grantee._arn,
    GranteeServicePrincipal: props.grantee._service,
    RetiringPrincipal: props.retiringPrincipal?._arn,
    RetiringServicePrincipal: props.retiringPrincipal?._service,
    Operations: [...new Set<string>(props.operations)].sort(),
    ...(Object.keys(constraints).length > 0 && { Constraints: constraints }),
    Name,
  };
}

/** What the function needs: to make exactly this grant, and to remove grants, where no condition tells one from another. */
export function permissionsFor(request: GrantRequest, resource: string): iam.PolicyStatement[] {
  const constraints = request.Constraints ?? {};
  const equals = {
    'kms:GranteePrincipal': request.GranteePrincipal,
    'kms:GranteeServicePrincipal': request.GranteeServicePrincipal,
    'kms:RetiringPrincipal': request.RetiringPrincipal,
    'kms:RetiringServicePrincipal': request.RetiringServicePrincipal,
    'kms:GrantConstraintType': CONTEXT_CONSTRAINTS.find((name) => name in constraints),
    'kms:GrantConstraintSourceArn': constraints['SourceArn'],
  };
  return [
    new iam.PolicyStatement({
      actions: ['kms:CreateGrant'],
      resources: [resource],
      conditions: {
        StringEquals: Object.fromEntries(Object.entries(equals).filter(([, value]) => value !== undefined)),
        'ForAllValues:StringEquals': { 'kms:GrantOperations': request.Operations },
      },
    }),
    new iam.PolicyStatement({ actions: ['kms:ListGrants', 'kms:RevokeGrant'], resources: [resource] }),
  ];
}
