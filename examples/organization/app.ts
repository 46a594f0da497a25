/**
 * A key for an organization
 *
 * Every account of the organization reads the artifacts that one account publishes; S3 alone asks for them, and nobody
 * outside of the organization can. The accounts need no entry of their own here, only an IAM policy each.
 */
import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { EncryptionKey, KeyAccess } from 'cdk-keysmith';

const ORGANIZATION = 'o-a1b2c3d4e5';

export const app = new App();
const stack = new Stack(app, 'Artifacts', { env: { account: '111122223333', region: 'eu-west-1' } });

const key = new EncryptionKey(stack, 'Key', {
  alias: 'artifacts',
  access: [KeyAccess.decrypt([new iam.AnyPrincipal()], { organizationId: ORGANIZATION, viaServices: ['s3'] })],
});
key.addOutputs();

const bucket = new s3.Bucket(stack, 'Bucket', {
  encryption: s3.BucketEncryption.KMS,
  encryptionKey: key,
  // One call to KMS for many objects.
  bucketKeyEnabled: true,
  enforceSSL: true,
  versioned: true,
});
bucket.addToResourcePolicy(
  new iam.PolicyStatement({
    principals: [new iam.OrganizationPrincipal(ORGANIZATION)],
    actions: ['s3:GetObject'],
    resources: [bucket.arnForObjects('*')],
  }),
);

// A member of the organization: what the key policy allows, an IAM policy of the account has to allow too.
const member = new Stack(app, 'Member', { env: { account: '444455556666', region: 'eu-west-1' } });
const reader = new iam.Role(member, 'Reader', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
reader.addToPolicy(
  new iam.PolicyStatement({
    actions: ['kms:Decrypt'],
    resources: [key.keyArn],
    conditions: { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } },
  }),
);
