/**
 * One choice of encryption for everything
 *
 * Records under a key of one's own, drafts under the keys that AWS services keep in the account, a cache under keys of
 * AWS: nine services, each with the properties that mean the choice. What a service does not offer is left out.
 */
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as efs from 'aws-cdk-lib/aws-efs';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { EncryptionChoice, EncryptionKey } from 'cdk-keysmith';

export const app = new App();
const stackOf = (id: string) => new Stack(app, id, { env: { account: '111122223333', region: 'eu-west-1' } });

// Whoever may use the table, the stream or the secret may do so through the service that holds it.
const records = stackOf('Records');
const own = EncryptionChoice.customerManaged(new EncryptionKey(records, 'Key', { alias: 'records' }));
everyService(records, own);
accountService(records, own);
inNetwork(records, own);
new logs.LogGroup(records, 'Log', { ...own.forLogGroup(), logGroupName: 'records' });

// CloudWatch Logs keeps no key of this kind.
const drafts = stackOf('Drafts');
everyService(drafts, EncryptionChoice.awsManaged(drafts));
accountService(drafts, EncryptionChoice.awsManaged(drafts));

// The other services take a key of the account only.
const cache = stackOf('Cache');
everyService(cache, EncryptionChoice.awsOwned());
new logs.LogGroup(cache, 'Log', { ...EncryptionChoice.awsOwned().forLogGroup() });

/** What every choice suits. */
function everyService(stack: Stack, choice: EncryptionChoice): void {
  new s3.Bucket(stack, 'Files', { ...choice.forBucket(), enforceSSL: true, versioned: true });
  new sqs.Queue(stack, 'Queue', { ...choice.forQueue(), enforceSSL: true });
  new dynamodb.TableV2(stack, 'Table', {
    ...choice.forTableV2(),
    partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
  });
}

/** What takes a key of the account only. */
function accountService(stack: Stack, choice: EncryptionChoice): void {
  new sns.Topic(stack, 'Topic', { ...choice.forTopic(), enforceSSL: true });
  new kinesis.Stream(stack, 'Stream', { ...choice.forStream() });
  new secretsmanager.Secret(stack, 'Secret', { ...choice.forSecret() });
}

/** The same for what is in a network. */
function inNetwork(stack: Stack, choice: EncryptionChoice): void {
  const vpc = new ec2.Vpc(stack, 'Vpc', {
    availabilityZones: ['eu-west-1a', 'eu-west-1b'],
    subnetConfiguration: [{ name: 'Data', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
    restrictDefaultSecurityGroup: false,
  });
  const vpcSubnets = { subnetType: ec2.SubnetType.PRIVATE_ISOLATED };
  new efs.FileSystem(stack, 'FileSystem', { ...choice.forFileSystem(), vpc, vpcSubnets });
  new rds.DatabaseInstance(stack, 'Database', {
    ...choice.forDatabase(),
    engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17 }),
    credentials: rds.Credentials.fromGeneratedSecret('records', {
      encryptionKey: choice.forSecret().encryptionKey,
    }),
    removalPolicy: RemovalPolicy.RETAIN,
    vpc,
    vpcSubnets,
  });
}
