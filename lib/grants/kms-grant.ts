import { CustomResource, Names, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { declaredKey } from '../keys/declared-keys';
import { GRANT_RESOURCE_TYPE, grantProvider } from './grant-provider';
import { kmsGrantProblems } from './kms-grant-problems';
import type { KmsGrantProps } from './kms-grant-props';

/**
 * A grant as KMS has it: permission on a key that stands in no policy, and can be retired by whoever it is for.
 *
 * CloudFormation has no such resource, so a function of the stack makes it, and revokes it when it is deleted. Prefer the
 * `grants` of a key, which write policies: a grant is for what policies cannot express, for instance an AWS service that
 * works with grants, a constraint on the exact encryption context, or a permission that its holder gives back.
 *
 * KMS takes up to 5 minutes until a new grant counts everywhere.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
 */
export class KmsGrant extends Construct {
  /** Id of the grant: 64 hexadecimal digits, known after deployment. It changes with every property. */
  public readonly grantId: string;

  /** Name of the grant on its key. */
  public readonly grantName: string;

  /** @throws unless `key` is a key of this library; use `fromKeyArn` for others */
  constructor(scope: Construct, id: string, props: KmsGrantProps) {
    super(scope, id);
    const key = declaredKey(props.key);
    this.grantName = props.grantName ?? Names.uniqueResourceName(this, { maxLength: 256, separator: '-' });
    const found = [...kmsGrantProblems(props, key), ...placeProblems(this, props)];
    this.node.addValidation({ validate: () => found });

    const { serviceToken, role } = grantProvider(this);
    const request = requestOf(props, this.grantName);
    // Both belong to one key: for another key there are others, and these go when nothing needs them any more. Changed in
    // place, the permission to revoke would be gone before the grant.
    const suffix = props.key.node.addr.slice(-8);
    const permission = new iam.Policy(this, `Permission${suffix}`, {
      statements: statements(request, props.key.keyArn),
    });
    permission.attachToRole(role);
    if (!key.useDelegated) {
      for (const statement of statements(request, '*')) {
        statement.addPrincipals(new iam.ArnPrincipal(role.roleArn));
        props.key.addToResourcePolicy(statement);
      }
    }
    const resource = new CustomResource(this, `On${suffix}`, {
      serviceToken,
      resourceType: GRANT_RESOURCE_TYPE,
      properties: { KeyId: props.key.keyArn, ...request },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    resource.node.addDependency(permission);
    this.grantId = resource.ref;
  }
}

/** The values of `kms:GrantConstraintType`. */
const CONTEXT_CONSTRAINTS = ['EncryptionContextEquals', 'EncryptionContextSubset'];

/** What CreateGrant is asked for, but for the key. */
interface GrantRequest {
  readonly GranteePrincipal?: string;
  readonly GranteeServicePrincipal?: string;
  readonly RetiringPrincipal?: string;
  readonly RetiringServicePrincipal?: string;
  readonly Operations: readonly string[];
  readonly Constraints?: Readonly<Record<string, unknown>>;
  readonly Name: string;
}

// Members that are undefined are left out of a template.
function requestOf(props: KmsGrantProps, Name: string): GrantRequest {
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

/** Exactly this grant, and the removal of grants: no condition can tell one grant from another there. */
function statements(request: GrantRequest, resource: string): iam.PolicyStatement[] {
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

/** The function asks KMS of its own Region. */
function placeProblems(scope: Construct, { key }: KmsGrantProps): string[] {
  const [here, there] = [Stack.of(scope).region, key.env.region];
  return Token.isUnresolved(here) || Token.isUnresolved(there) || here === there
    ? []
    : [
        `key ${key.node.path} is in ${there}, and a grant is made in the Region of its stack, ${here}; declare it in a stack there`,
      ];
}
