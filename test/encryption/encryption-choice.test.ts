import { App, SecretValue, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as efs from 'aws-cdk-lib/aws-efs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secrets from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { AwsManagedKey, EncryptionChoice, EncryptionKey, SigningKey, SigningKeySpec } from '../../lib';

const HERE = { account: '111122223333', region: 'eu-west-1' };
const partitionKey = { name: 'id', type: dynamodb.AttributeType.STRING };

/** Every construct that the choice has a method for, as far as the service offers the choice. */
function everything(choiceIn: (stack: Stack) => EncryptionChoice): {
  stack: Stack;
  template: Template;
  refused: string[];
} {
  const stack = new Stack(new App(), 'Test', { env: HERE });
  const choice = choiceIn(stack);
  const vpc = new ec2.Vpc(stack, 'Vpc', { availabilityZones: ['eu-west-1a', 'eu-west-1b'], natGateways: 0 });
  const builds = [
    () => new s3.Bucket(stack, 'Bucket', { ...choice.forBucket() }),
    () => new dynamodb.Table(stack, 'Table', { partitionKey, ...choice.forTable() }),
    () => new dynamodb.TableV2(stack, 'TableV2', { partitionKey, ...choice.forTableV2() }),
    () => new sqs.Queue(stack, 'Queue', { ...choice.forQueue() }),
    () => new sns.Topic(stack, 'Topic', { ...choice.forTopic() }),
    () => new kinesis.Stream(stack, 'Stream', { ...choice.forStream() }),
    () => new logs.LogGroup(stack, 'Logs', { ...choice.forLogGroup() }),
    () => new secrets.Secret(stack, 'Secret', { ...choice.forSecret() }),
    () => new efs.FileSystem(stack, 'Files', { vpc, ...choice.forFileSystem() }),
    () =>
      new rds.DatabaseInstance(stack, 'Database', {
        vpc,
        vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
        engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17 }),
        credentials: rds.Credentials.fromPassword('admin', SecretValue.unsafePlainText('admin-of-a-test')),
        ...choice.forDatabase(),
      }),
  ];
  const refused = builds.flatMap((build) => {
    try {
      build();
      return [];
    } catch (error) {
      return [String(error)];
    }
  });
  return { stack, template: Template.fromStack(stack), refused };
}

describe('a customer managed key', () => {
  const { stack, template, refused } = everything((stack) =>
    EncryptionChoice.customerManaged(new EncryptionKey(stack, 'Key')),
  );
  const arn = stack.resolve((stack.node.findChild('Key') as EncryptionKey).keyArn);

  test('is taken by every service', () => {
    expect(refused).toEqual([]);
    template.resourceCountIs('AWS::KMS::Key', 1);
  });

  test.each([
    ['AWS::DynamoDB::Table', { SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: arn } }],
    ['AWS::SQS::Queue', { KmsMasterKeyId: arn }],
    ['AWS::SNS::Topic', { KmsMasterKeyId: arn }],
    ['AWS::Kinesis::Stream', { StreamEncryption: { EncryptionType: 'KMS', KeyId: arn } }],
    ['AWS::Logs::LogGroup', { KmsKeyId: arn }],
    ['AWS::SecretsManager::Secret', { KmsKeyId: arn }],
    ['AWS::EFS::FileSystem', { Encrypted: true, KmsKeyId: arn }],
    ['AWS::RDS::DBInstance', { StorageEncrypted: true, KmsKeyId: arn }],
  ])('stands in %s', (type, properties) => {
    template.hasResourceProperties(type, properties);
  });

  test('stands in bucket and global table', () => {
    expect(sseOfBucket(template)).toEqual({ SSEAlgorithm: 'aws:kms', KMSMasterKeyID: arn });
    template.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      Replicas: [Match.objectLike({ SSESpecification: { KMSMasterKeyId: arn } })],
    });
  });

  test('of a replica of a table is that of its Region', () => {
    const stack = new Stack(new App(), 'Test', { env: HERE });
    const replica = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
    const choice = EncryptionChoice.customerManaged(new EncryptionKey(stack, 'Key'));
    const props = choice.forTableV2({ 'eu-central-1': replica });
    new dynamodb.TableV2(stack, 'Table', { partitionKey, replicas: [{ region: 'eu-central-1' }], ...props });
    Template.fromStack(stack).hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      Replicas: Match.arrayWith([
        Match.objectLike({ Region: 'eu-central-1', SSESpecification: { KMSMasterKeyId: replica } }),
      ]),
    });
    expect(() => EncryptionChoice.awsOwned().forTableV2({})).toThrow('with a customer managed key only');
  });

  test('that does not encrypt, or is known by an alias only, is refused where it would not do', () => {
    const stack = new Stack(new App(), 'Test', { env: HERE });
    const signing = new SigningKey(stack, 'Signing', { keySpec: SigningKeySpec.ECC_NIST_P256 });
    expect(() => EncryptionChoice.customerManaged(signing).forQueue()).toThrow(
      'Test/Signing: an asymmetric key with usage SIGN_VERIFY cannot encrypt an SQS queue',
    );
    const byAlias = EncryptionChoice.customerManaged(EncryptionKey.fromAliasName(stack, 'ByAlias', 'orders'));
    expect(() => byAlias.forLogGroup()).toThrow('CloudWatch Logs takes the ARN of a key');
    byAlias.forBucket();
    Annotations.fromStack(stack).hasWarning('/Test/ByAlias', Match.stringLikeRegexp('another account would use'));
  });

  test('of aws-cdk-lib is taken as it is', () => {
    const stack = new Stack(new App(), 'Test');
    const key = new kms.Key(stack, 'Key');
    expect(EncryptionChoice.customerManaged(key).forQueue().encryptionMasterKey).toBe(key);
  });
});

describe('an AWS managed key', () => {
  const { template, refused } = everything((stack) => EncryptionChoice.awsManaged(stack));

  test('is refused by CloudWatch Logs, which keeps none', () => {
    expect(refused).toEqual([
      expect.stringContaining(
        'EncryptionChoice.awsManaged for a log group: CloudWatch Logs keeps no AWS managed key; use EncryptionChoice.customerManaged or EncryptionChoice.awsOwned (https://',
      ),
    ]);
    template.resourceCountIs('AWS::KMS::Key', 0);
  });

  test.each([
    ['AWS::DynamoDB::Table', { SSESpecification: { SSEEnabled: true } }],
    ['AWS::DynamoDB::GlobalTable', { SSESpecification: { SSEEnabled: true, SSEType: 'KMS' } }],
    ['AWS::SQS::Queue', { KmsMasterKeyId: 'alias/aws/sqs' }],
    ['AWS::Kinesis::Stream', { StreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' } }],
    ['AWS::SecretsManager::Secret', { KmsKeyId: Match.absent() }],
    ['AWS::EFS::FileSystem', { Encrypted: true, KmsKeyId: Match.absent() }],
    ['AWS::RDS::DBInstance', { StorageEncrypted: true, KmsKeyId: Match.absent() }],
  ])('is what %s asks for', (type, properties) => {
    template.hasResourceProperties(type, properties);
  });

  test('is what bucket and topic ask for', () => {
    expect(sseOfBucket(template)).toEqual({ SSEAlgorithm: 'aws:kms' });
    const [topic] = Object.values(template.findResources('AWS::SNS::Topic'));
    expect(JSON.stringify(topic?.Properties.KmsMasterKeyId)).toContain(':kms:eu-west-1:111122223333:alias/aws/sns');
  });
});

describe('an AWS owned key', () => {
  const { template, refused } = everything(() => EncryptionChoice.awsOwned());

  test('is refused by the services that have none', () => {
    const about = refused.map((text) => /for an? ([\w ]+):/.exec(text)?.[1]);
    expect(about).toEqual(['SNS topic', 'Kinesis stream', 'secret', 'EFS file system', 'RDS database']);
  });

  test.each([
    ['AWS::DynamoDB::Table', { SSESpecification: { SSEEnabled: false } }],
    ['AWS::DynamoDB::GlobalTable', { SSESpecification: { SSEEnabled: false } }],
    ['AWS::SQS::Queue', { SqsManagedSseEnabled: true, KmsMasterKeyId: Match.absent() }],
    ['AWS::Logs::LogGroup', { KmsKeyId: Match.absent() }],
  ])('is what %s asks for', (type, properties) => {
    template.hasResourceProperties(type, properties);
  });

  test('is what a bucket asks for', () => {
    expect(sseOfBucket(template)).toEqual({ SSEAlgorithm: 'AES256' });
  });
});

describe('AwsManagedKey', () => {
  const stack = new Stack(new App(), 'Test', { env: HERE });
  const key = AwsManagedKey.of(stack, 'sns');

  test('can be named, and is one for the stack', () => {
    expect(AwsManagedKey.of(key, 'sns')).toBe(key);
    expect(key.aliasName).toBe('alias/aws/sns');
    expect(key.viaService).toBe('sns.eu-west-1.amazonaws.com');
    expect(AwsManagedKey.of(stack, 'ebs').viaService).toBe('ec2.eu-west-1.amazonaws.com');
    expect(key.documentation).toContain('https://docs.aws.amazon.com/sns/');
    expect(() => AwsManagedKey.of(stack, 'logs')).toThrow('"alias/aws/logs" is known; there are those of acm, backup');
  });

  test('lets identities of the account in without a word, since AWS does', () => {
    const role = new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() });
    new sns.Topic(stack, 'Topic', { masterKey: key.asKey() }).grantPublish(role);
    const [policy] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    expect(JSON.stringify(policy)).not.toContain('kms:');
  });

  test('cannot be administered or given to others: each attempt says why and what to do', () => {
    const service = new iam.ServicePrincipal('cloudwatch.amazonaws.com');
    const reason =
      'the AWS managed key alias/aws/sns: AWS writes its key policy, which lets in identities of this account that use Simple Notification Service';
    const asKey = key.asKey();
    const role = iam.Role.fromRoleArn(stack, 'Imported', 'arn:aws:iam::111122223333:role/Clerk');
    const statement = new iam.PolicyStatement({ actions: ['kms:Decrypt'], principals: [service], resources: ['*'] });
    expect(() => asKey.grantDecrypt(service)).toThrow(reason);
    expect(() => asKey.grant(new iam.AccountPrincipal('444455556666'), 'kms:Decrypt')).toThrow(reason);
    expect(() => asKey.grant(role, 'kms:PutKeyPolicy')).toThrow('encrypt with a customer managed key');
    expect(() => asKey.grantSign(role)).toThrow(reason);
    expect(() => asKey.addAlias('mine')).toThrow(reason);
    expect(() => asKey.addToResourcePolicy(statement)).toThrow('"Service":"cloudwatch.amazonaws.com"');
  });
});

function sseOfBucket(template: Template): unknown {
  const [bucket] = Object.values(template.findResources('AWS::S3::Bucket'));
  return bucket?.Properties.BucketEncryption.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault;
}
