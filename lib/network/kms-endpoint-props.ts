import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { flag, having, key, list, maybe, object, principal, type Shape, text } from '../private/shape';

/** Properties of a `KmsEndpoint`. */
export interface KmsEndpointProps {
  /** The VPC from which KMS is reached without the internet. */
  readonly vpc: ec2.IVpc;

  /**
   * The keys that can be used through the endpoint, and no others: at least one. Of a key with replicas it is the one of the
   * endpoint's Region.
   */
  readonly keys: kms.IKey[];

  /**
   * Actions that the endpoint lets through, `kms:Decrypt`; `*` and `?` stand for other characters. Actions that concern no
   * key, such as `kms:ListKeys` and `kms:GenerateRandom`, never pass.
   *
   * @default ['kms:*']
   */
  readonly actions?: string[];

  /**
   * Roles, users and accounts whose requests the endpoint lets through. What they may do is for key policies and IAM
   * policies to say: the endpoint only takes away.
   *
   * @default - the principals of the account of the endpoint, or those of `organizationId`
   */
  readonly principals?: iam.IPrincipal[];

  /**
   * Id of an organization whose principals the endpoint lets through, beside `principals`: `o-` and 10 to 32 lower case
   * letters or digits.
   *
   * @default - no organization
   */
  readonly organizationId?: string;

  /**
   * Whether the endpoint leads to the FIPS endpoint of KMS. Callers find it by the name `kms-fips.<region>.amazonaws.com`:
   * their SDKs have to be told, for functions by `functions`.
   *
   * IMPORTANT: it says which cryptographic module TLS ends in at KMS. It does not make the cryptography of your own code
   * FIPS-validated.
   *
   * @default false
   */
  readonly fips?: boolean;

  /**
   * Functions whose SDK is told to use FIPS endpoints (`AWS_USE_FIPS_ENDPOINT`), for all AWS services that they call. They
   * go with `fips`.
   *
   * @default - none
   */
  readonly functions?: lambda.Function[];

  /**
   * Whether the usual name of KMS leads to the endpoint within the VPC, so that callers need no setting. The VPC needs DNS
   * support and DNS host names.
   *
   * @default true
   */
  readonly privateDnsEnabled?: boolean;

  /**
   * Subnets that get a network interface of the endpoint, at most one in an Availability Zone.
   *
   * @default - the private subnets
   */
  readonly subnets?: ec2.SubnetSelection;

  /**
   * Security groups of the endpoint.
   *
   * @default - a new one, which lets in HTTPS from the VPC
   */
  readonly securityGroups?: ec2.ISecurityGroup[];
}

export const KMS_ENDPOINT: Shape<KmsEndpointProps> = {
  vpc: having('a VPC', 'vpcId'),
  keys: list(key),
  actions: maybe(list(text)),
  principals: maybe(list(principal)),
  organizationId: maybe(text),
  fips: maybe(flag),
  functions: maybe(list(having('a function', 'addEnvironment'))),
  privateDnsEnabled: maybe(flag),
  subnets: maybe(object('a SubnetSelection')),
  securityGroups: maybe(list(having('a security group', 'securityGroupId'))),
};
