import { createHash } from 'node:crypto';
import { CustomResource, Names, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';
import { type DeclaredKey, declaredKey } from '../keys/declared-keys';
import { differ } from '../private/environment';
import { problems } from '../private/rules';
import { requireShape } from '../private/shape';
import { GRANT_RESOURCE_TYPE, grantProvider } from './grant-provider';
import { permissionsFor, requestOf } from './grant-request';
import { kmsGrantProblems } from './kms-grant-problems';
import { KMS_GRANT, type KmsGrantProps } from './kms-grant-props';

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
    requireShape(this.node.path, props, KMS_GRANT);
    const key = declaredKey(props.key);
    this.grantName = props.grantName ?? Names.uniqueResourceName(this, { maxLength: 256, separator: '-' });
    const found = [...kmsGrantProblems(props, key), ...placeProblems(this, this.grantName, props)];
    this.node.addValidation({ validate: () => found });

    const { serviceToken, role } = grantProvider(this);
    const request = requestOf(props, this.grantName);
    // Both belong to one key: for another key there are others, and these go when nothing needs them any more. Changed in
    // place, the permission to revoke would be gone before the grant.
    const suffix = identityOf(props.key, key).slice(-8);
    const permission = new iam.Policy(this, `Permission${suffix}`, {
      statements: permissionsFor(request, props.key.keyArn),
    });
    permission.attachToRole(role);
    if (!key.useDelegated || differ(Stack.of(this).account, props.key.env.account)) {
      for (const statement of permissionsFor(request, '*')) {
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

/** The function asks KMS of its own Region, where the name stands for one grant of the key. */
function placeProblems(scope: Construct, name: string, { key }: KmsGrantProps): string[] {
  const { region } = Stack.of(scope);
  const other = claimName(key, name, scope);
  return problems([
    {
      when: differ(region, key.env.region),
      message: `key ${key.node.path} is in ${key.env.region}, and a grant is made in the Region of its stack, ${region}; declare it in a stack there`,
    },
    {
      when: other !== undefined,
      message: `grantName ${JSON.stringify(name)} is that of ${other?.node.path} on the same key, and KMS could take both for one grant; give one of them another name`,
    },
  ]);
}

/**
 * What stands for one key of KMS and no other: of an imported key its ARN, which can change while the construct stays, and
 * of one in the template the construct with what CloudFormation replaces it for.
 */
function identityOf({ node }: IConstruct, { resource, keyArn }: DeclaredKey): string {
  const [place, facts] =
    resource === undefined
      ? ['', [Token.isUnresolved(keyArn) ? undefined : keyArn]]
      : [node.addr, [resource.keySpec, resource.keyUsage, resource.origin, resource.multiRegion]];
  const known = facts.filter((fact) => fact !== undefined);
  return known.length === 0
    ? node.addr
    : createHash('sha256')
        .update([place, ...known].join(' '))
        .digest('hex');
}

/** Which grant of an application has each name on a key: two constructs can be one key, imported twice. */
const names = new WeakMap<IConstruct, Map<string, IConstruct>>();

/** The grant that has the name already. */
function claimName(key: IConstruct, name: string, grant: IConstruct): IConstruct | undefined {
  const { root } = key.node;
  const ofApp = names.get(root) ?? new Map<string, IConstruct>();
  names.set(root, ofApp);
  const claim = `${declaredKey(key).keyArn} ${name}`;
  const owner = ofApp.get(claim);
  ofApp.set(claim, owner ?? grant);
  return owner;
}
