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
import { Construct } from 'constructs';

export const app = new App();
const stack = new Stack(app, 'Shop', { env: { account: '111122223333', region: 'eu-west-1' } });
const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
  vpcId: 'vpc-1234567890abcdef0',
  availabilityZones: ['eu-west-1a', 'eu-west-1b'],
  isolatedSubnetIds: ['subnet-1234567890abcdef0', 'subnet-234567890abcdef01'],
  isolatedSubnetRouteTableIds: ['rtb-1234567890abcdef0', 'rtb-234567890abcdef01'],
});

// Whoever may use the table, the stream or the secret may do so through the service that holds it.
const records = new Construct(stack, 'Records');
const own = EncryptionChoice.customerManaged(new EncryptionKey(records, 'Key', { alias: 'records' }));
everyService(records, own);
keysOfAccount(records, own);
new logs.LogGroup(records, 'Log', { ...own.forLogGroup(), logGroupName: 'records' });

// CloudWatch Logs keeps no key of this kind.
const drafts = new Construct(stack, 'Drafts');
const shared = EncryptionChoice.awsManaged(stack);
everyService(drafts, shared);
keysOfAccount(drafts, shared);

// The other services take a key of the account only.
const cache = new Construct(stack, 'Cache');
const owned = EncryptionChoice.awsOwned();
everyService(cache, owned);
new logs.LogGroup(cache, 'Log', { ...owned.forLogGroup() });

/** What every choice suits. */
function everyService(scope: Construct, choice: EncryptionChoice): void {
  new s3.Bucket(scope, 'Files', { ...choice.forBucket(), enforceSSL: true, versioned: true });
  new sqs.Queue(scope, 'Queue', { ...choice.forQueue(), enforceSSL: true });
  new dynamodb.TableV2(scope, 'Table', {
    ...choice.forTableV2(),
    partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
  });
}

/** What takes a key of the account only, one's own or that of the service. */
function keysOfAccount(scope: Construct, choice: EncryptionChoice): void {
  new sns.Topic(scope, 'Topic', { ...choice.forTopic(), enforceSSL: true });
  new kinesis.Stream(scope, 'Stream', { ...choice.forStream() });
  new secretsmanager.Secret(scope, 'Secret', { ...choice.forSecret() });
  new efs.FileSystem(scope, 'FileSystem', { ...choice.forFileSystem(), vpc });
  new rds.DatabaseInstance(scope, 'Database', {
    ...choice.forDatabase(),
    engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17 }),
    credentials: rds.Credentials.fromGeneratedSecret('records', choice.forSecret()),
    removalPolicy: RemovalPolicy.RETAIN,
    vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
  });
}
