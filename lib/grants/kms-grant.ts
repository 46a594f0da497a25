import { CustomResource, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';
import { declaredKey } from '../keys/declared-keys';
import { differ } from '../private/environment';
import { problems } from '../private/rules';
import { GRANT_RESOURCE_TYPE, grantProvider } from './grant-provider';
import { permissionsFor, requestOf } from './grant-request';
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
    const found = [...kmsGrantProblems(props, key), ...placeProblems(this, this.grantName, props)];
    this.node.addValidation({ validate: () => found });

    const { serviceToken, role } = grantProvider(this);
    const request = requestOf(props, this.grantName);
    // Both belong to one key: for another key there are others, and these go when nothing needs them any more. Changed in
    // place, the permission to revoke would be gone before the grant.
    const suffix = props.key.node.addr.slice(-8);
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

/** Which grant has each name on a key. */
const names = new WeakMap<IConstruct, Map<string, IConstruct>>();

/** The grant that has the name already. */
function claimName(key: IConstruct, name: string, grant: IConstruct): IConstruct | undefined {
  const ofKey = names.get(key) ?? new Map<string, IConstruct>();
  names.set(key, ofKey);
  const owner = ofKey.get(name);
  ofKey.set(name, owner ?? grant);
  return owner;
}
