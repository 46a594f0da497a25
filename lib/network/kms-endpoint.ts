import { Stack, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { knownKey } from '../keys/declared-keys';
import { unsuitedAction } from '../policy/kms-actions';
import { problems } from '../private/rules';
import { requireShape } from '../private/shape';
import { callerProblems, callersOf } from './endpoint-policy';
import { KMS_ENDPOINT, type KmsEndpointProps } from './kms-endpoint-props';
import { fipsProblems, useFips } from './use-fips';

/**
 * A VPC endpoint for exactly these keys: what runs in the VPC reaches KMS without the internet, and reaches no other key
 * through it, neither one of its own account nor one of a stranger.
 *
 * Its id can stand in `AccessConditions.vpcEndpoints`, so that the keys in turn can be used from this VPC alone.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/kms-vpc-endpoint.html
 */
export class KmsEndpoint extends Construct {
  /**
   * Makes the SDK in a function use FIPS endpoints (`AWS_USE_FIPS_ENDPOINT`), of KMS and of all other AWS services that it
   * calls.
   *
   * @param handler the function whose environment gets the variable
   * @throws when KMS has no FIPS endpoint in the Region of the function
   * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoints.html
   */
  public static useFipsEndpoint(handler: lambda.Function): void {
    useFips(handler);
  }

  /** The endpoint itself. */
  public readonly endpoint: ec2.InterfaceVpcEndpoint;

  /**
   * @throws when the application has something else under the id of a stack of replicas; what else is wrong is reported at
   * synthesis
   */
  constructor(scope: Construct, id: string, props: KmsEndpointProps) {
    super(scope, id);
    requireShape(this.node.path, props, KMS_ENDPOINT);
    const near = props.keys.map((key) => keyIn(this, key));
    const found = [
      ...endpointProblems(props),
      ...near.flatMap((key, index) => keyProblems(this, props.keys[index], key)),
    ];
    if (props.fips) {
      found.push(...fipsProblems(this));
    }
    this.node.addValidation({ validate: () => found });

    this.endpoint = new ec2.InterfaceVpcEndpoint(this, 'Endpoint', {
      vpc: props.vpc,
      service: props.fips ? ec2.InterfaceVpcEndpointAwsService.KMS_FIPS : ec2.InterfaceVpcEndpointAwsService.KMS,
      privateDnsEnabled: props.privateDnsEnabled ?? true,
      subnets: props.subnets,
      // Of an empty list aws-cdk-lib takes the first one; it is reported.
      securityGroups: props.securityGroups?.length === 0 ? undefined : props.securityGroups,
    });
    for (const conditions of callersOf(props.principals ?? [], props.organizationId, Stack.of(this).account)) {
      this.endpoint.addToPolicy(
        new iam.PolicyStatement({
          principals: [new iam.AnyPrincipal()],
          actions: props.actions ?? ['kms:*'],
          resources: near.map((key) => knownKey(key)?.grantArn ?? key.keyArn),
          conditions,
        }),
      );
    }
    if (props.fips && found.length === 0) {
      for (const handler of props.functions ?? []) {
        useFips(handler);
      }
    }
  }

  /** Id of the endpoint, `vpce-…`. */
  public get vpcEndpointId(): string {
    return this.endpoint.vpcEndpointId;
  }
}

/** The key of the endpoint's Region, among a key and its replicas. */
function keyIn(scope: Construct, key: kms.IKey): kms.IKey {
  const { region } = Stack.of(scope);
  return [key, ...(knownKey(key)?.replicas ?? [])].find((one) => one.env.region === region) ?? key;
}

function endpointProblems(props: KmsEndpointProps): string[] {
  const { keys, actions = [], principals = [], organizationId, fips, functions = [] } = props;
  const kinds = keys.flatMap((key) => knownKey(key)?.kind ?? []);
  return [
    ...problems([
      {
        when: keys.length === 0,
        message: 'keys is empty, so that nothing could pass the endpoint; name the keys that are used from the VPC',
      },
      {
        when: props.actions !== undefined && actions.length === 0,
        message: 'actions is empty, so that nothing could pass the endpoint; leave it out for all actions',
      },
      {
        when: props.securityGroups?.length === 0,
        message: 'securityGroups is empty, and an endpoint has at least one; leave it out for one of its own',
      },
      {
        when: functions.length > 0 && fips !== true,
        message: 'functions is for FIPS endpoints, and fips is not on; set fips, or leave functions out',
      },
      {
        when:
          organizationId !== undefined &&
          !Token.isUnresolved(organizationId) &&
          !/^o-[a-z0-9]{10,32}$/.test(organizationId),
        message: `organizationId ${JSON.stringify(organizationId)}: it is "o-" and 10 to 32 lower case letters or digits`,
      },
    ]),
    ...callerProblems(principals),
    ...actions.flatMap((action) => {
      const reasons = kinds.map(({ usage, symmetric }) => unsuitedAction(action, usage, symmetric));
      return problems([
        {
          when: kinds.length === keys.length && reasons.length > 0 && reasons.every((reason) => reason !== undefined),
          message: `action ${JSON.stringify(action)} ${reasons[0]}`,
        },
      ]);
    }),
  ];
}

function keyProblems(scope: Construct, given: kms.IKey | undefined, near: kms.IKey): string[] {
  const { region } = Stack.of(scope);
  const { region: ofKey } = near.env;
  return problems([
    {
      when: !Token.isUnresolved(region) && !Token.isUnresolved(ofKey) && region !== ofKey,
      message: `key ${given?.node.path} is in ${ofKey} and has no replica in ${region}: an endpoint reaches the KMS of its own Region; make the endpoint there, or give the key a replica here`,
    },
    {
      when: knownKey(near)?.aliasName !== undefined,
      message: `key ${given?.node.path} is imported by its alias, and the policy of an endpoint names the ARN of a key; import it by ARN or fromLookup`,
    },
  ]);
}
