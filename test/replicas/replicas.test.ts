import { type Assembly, accessMap, readAssembly } from '@cdk-keysmith/access';
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { AccountDelegation, EncryptionKey, Envelope, KeyAccess } from '../../lib';

const { context } = require('../../cdk.json');
const FRANKFURT = { account: '111122223333', region: 'eu-central-1' };

const roleIn = (stack: Stack, id: string) =>
  new iam.Role(stack, id, { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });

describe('replicas of one key', () => {
  const app = new App({ context });
  const stack = new Stack(app, 'Orders', { env: FRANKFURT });
  const admin = iam.Role.fromRoleArn(stack, 'Admin', 'arn:aws:iam::111122223333:role/KeyAdmin');
  const local = iam.Role.fromRoleArn(stack, 'Local', 'arn:aws:iam::111122223333:role/LocalKeyAdmin');
  const reader = roleIn(stack, 'Reader');
  const writer = roleIn(stack, 'Writer');
  const key = new EncryptionKey(stack, 'Key', {
    alias: 'orders',
    aliases: ['audit', 'alias/archive'],
    description: 'Orders',
    accountDelegation: AccountDelegation.ADMINISTRATION,
    administrators: [admin],
    access: [KeyAccess.decrypt([reader], { viaServices: ['dynamodb'] })],
    tags: { team: 'orders' },
    replicaRegions: ['us-east-1', 'eu-west-1'],
    replicas: [
      {
        region: 'eu-west-1',
        alias: 'orders-dublin',
        aliases: ['archive-dublin'],
        description: 'Dublin',
        administrators: [local],
        access: [],
        enabled: false,
        tags: { team: 'archive' },
        removalPolicy: RemovalPolicy.DESTROY,
      },
    ],
  });
  key.grants.encrypt(writer, { viaServices: ['s3'] });

  const tables = new Stack(app, 'Tables', { env: FRANKFURT });
  new dynamodb.TableV2(tables, 'Table', {
    partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
    encryption: dynamodb.TableEncryptionV2.customerManagedKey(
      key,
      Object.fromEntries(key.replicas.map(({ region, keyArn }) => [region, keyArn])),
    ),
    replicas: key.replicas.map(({ region }) => ({ region })),
  });
  new secretsmanager.Secret(tables, 'Secret', {
    encryptionKey: key,
    replicaRegions: key.replicas.map((replica) => ({ region: replica.region, encryptionKey: replica })),
  });
  const virginia = new Stack(app, 'Virginia', { env: { ...FRANKFURT, region: 'us-east-1' } });
  const [inVirginia] = key.replicas;
  new s3.Bucket(virginia, 'Bucket', { encryption: s3.BucketEncryption.KMS, encryptionKey: inVirginia });

  const assembly: Assembly = readAssembly(app.synth().directory);
  const of = (id: string) => Template.fromStack(app.node.findChild(id) as Stack);
  const us = of('Orders-replicas-us-east-1');
  const eu = of('Orders-replicas-eu-west-1');
  const stackOf = (id: string) => app.node.findChild(id) as Stack;
  const policyOf = (template: Template) =>
    Object.values(template.findResources('AWS::KMS::ReplicaKey'))[0]?.Properties.KeyPolicy.Statement as Record<
      string,
      unknown
    >[];

  test('are in stacks of their own beside the stack of the key, without a custom resource', () => {
    expect(stackOf('Orders-replicas-us-east-1').region).toBe('us-east-1');
    expect(stackOf('Orders-replicas-us-east-1').stackName).toBe('Orders-replicas-us-east-1');
    for (const template of [us, eu, of('Orders'), of('Tables'), of('Virginia')]) {
      const types = Object.values(template.toJSON().Resources as Record<string, { Type: string }>).map(
        ({ Type }) => Type,
      );
      expect(types.filter((type) => /^Custom::|CustomResource|Lambda/.test(type))).toEqual([]);
    }
    expect(Object.values(us.toJSON().Resources as Record<string, { Type: string }>).map(({ Type }) => Type)).toEqual([
      'AWS::KMS::ReplicaKey',
      'AWS::KMS::Alias',
      'AWS::KMS::Alias',
      'AWS::KMS::Alias',
    ]);
  });

  test('refer to the key weakly, and the key not to them', () => {
    us.hasResourceProperties('AWS::KMS::ReplicaKey', {
      PrimaryKeyArn: { 'Fn::GetStackOutput': Match.objectLike({ Region: 'eu-central-1' }) },
    });
    expect(stackOf('Orders-replicas-us-east-1').dependencies).toEqual([stack]);
    expect(stack.dependencies).toEqual([]);
    of('Orders').hasResourceProperties('AWS::KMS::Key', { MultiRegion: true });
  });

  test('are as the key, but for what their Region has of its own', () => {
    us.hasResource('AWS::KMS::ReplicaKey', {
      DeletionPolicy: 'Retain',
      Properties: { Description: 'Orders', PendingWindowInDays: 30, Tags: [{ Key: 'team', Value: 'orders' }] },
    });
    us.hasResource('AWS::KMS::Alias', { DeletionPolicy: 'Retain', Properties: { AliasName: 'alias/orders' } });
    eu.hasResource('AWS::KMS::ReplicaKey', {
      DeletionPolicy: 'Delete',
      Properties: { Description: 'Dublin', Enabled: false, Tags: [{ Key: 'team', Value: 'archive' }] },
    });
    eu.hasResource('AWS::KMS::Alias', { DeletionPolicy: 'Delete', Properties: { AliasName: 'alias/orders-dublin' } });
  });

  test('have all aliases of the key in their Regions, or those of their own', () => {
    const names = (template: Template) =>
      Object.values(template.findResources('AWS::KMS::Alias')).map(({ Properties }) => Properties.AliasName);
    expect(names(of('Orders'))).toEqual(['alias/orders', 'alias/audit', 'alias/archive']);
    expect(names(us)).toEqual(names(of('Orders')));
    expect(names(eu)).toEqual(['alias/orders-dublin', 'alias/archive-dublin']);
    expect(Object.keys(us.findResources('AWS::KMS::Alias', { DeletionPolicy: 'Retain' }))).toHaveLength(3);
    expect(Object.keys(eu.findResources('AWS::KMS::Alias', { DeletionPolicy: 'Delete' }))).toHaveLength(2);
  });

  test('have key policies of their Regions, administrators and users', () => {
    const text = (template: Template) => JSON.stringify(policyOf(template));
    expect(text(us)).toContain('role/KeyAdmin');
    expect(text(us)).toContain('dynamodb.us-east-1.amazonaws.com');
    expect(text(us)).not.toContain('eu-central-1.amazonaws.com');
    expect(text(eu)).toContain('role/LocalKeyAdmin');
    expect(text(eu)).not.toContain('role/KeyAdmin');
    expect(text(eu)).not.toContain('dynamodb');
  });

  test('a grant reaches every Region, under the conditions of the Region', () => {
    for (const [template, region] of [
      [us, 'us-east-1'],
      [eu, 'eu-west-1'],
    ] as const) {
      const statements = policyOf(template).filter((one) => JSON.stringify(one).includes('"kms:Encrypt"'));
      expect(statements.map(({ Condition }) => Condition)).toContainEqual({
        StringEquals: { 'kms:ViaService': `s3.${region}.amazonaws.com` },
      });
    }
    const policies = JSON.stringify(of('Orders').findResources('AWS::IAM::Policy'));
    for (const region of ['eu-central-1', 'us-east-1', 'eu-west-1']) {
      expect(policies).toContain(`s3.${region}.amazonaws.com`);
    }
    expect(policies).toContain(':kms:us-east-1:111122223333:key/');
    expect(policies).not.toContain('GetStackOutput');
  });

  test('in words: the writer may encrypt with all of them, through S3 of the Region; the reader not in Dublin', () => {
    const verdicts = accessMap(assembly).keys.map(({ key: { constructPath }, rows }) => [
      constructPath,
      ...['Orders/Writer', 'Orders/Reader'].map((name) => {
        const cells = rows.find(({ grantee }) => grantee.name === name)?.cells ?? [];
        return cells.find(({ action }) => action === (name.endsWith('Writer') ? 'kms:Encrypt' : 'kms:Decrypt'))
          ?.decision.verdict;
      }),
    ]);
    expect(verdicts).toEqual([
      ['Orders/Key', 'allowed-if', 'allowed-if'],
      ['Orders-replicas-us-east-1/Key', 'allowed-if', 'allowed-if'],
      ['Orders-replicas-eu-west-1/Key', 'allowed-if', undefined],
    ]);
  });

  test('a DynamoDB global table names them, and is deployed after them', () => {
    const table = JSON.stringify(of('Tables').findResources('AWS::DynamoDB::GlobalTable'));
    for (const region of ['us-east-1', 'eu-west-1']) {
      expect(table).toContain(`:kms:${region}:111122223333:key/`);
    }
    const { dependencies } = stackOf('Tables');
    expect(dependencies.map(({ node }) => node.id).sort()).toEqual([
      'Orders',
      'Orders-replicas-eu-west-1',
      'Orders-replicas-us-east-1',
    ]);
  });

  test('Secrets Manager may use each of them through its own Region', () => {
    expect(JSON.stringify(policyOf(us))).toContain('secretsmanager.us-east-1.amazonaws.com');
    expect(JSON.stringify(policyOf(us))).not.toContain('secretsmanager.eu-central-1');
  });

  test('a replica stands wherever a key of its Region does', () => {
    const bucket = JSON.stringify(of('Virginia').findResources('AWS::S3::Bucket'));
    expect(bucket).toContain('KMSMasterKeyID');
    expect(bucket).not.toContain('eu-central-1');
    expect(stackOf('Virginia').dependencies).toEqual([stackOf('Orders-replicas-us-east-1')]);
    expect(inVirginia).toMatchObject({ region: 'us-east-1', primaryKey: key, env: { region: 'us-east-1' } });
  });
});

describe('what runs in several Regions', () => {
  test('S3 replicates to a bucket under the replica, and the key policies know nothing of the other Region', () => {
    const app = new App({ context });
    const primary = new Stack(app, 'Orders', { env: FRANKFURT });
    const key = new EncryptionKey(primary, 'Key', {
      replicaRegions: ['us-east-1'],
      accountDelegation: AccountDelegation.ADMINISTRATION,
    });
    const [replica] = key.replicas;
    const far = new Stack(app, 'Far', { env: { ...FRANKFURT, region: 'us-east-1' } });
    const target = new s3.Bucket(far, 'Bucket', {
      bucketName: 'orders-us-east-1',
      versioned: true,
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: replica,
    });
    const near = new Stack(app, 'Near', { env: FRANKFURT });
    const role = new iam.Role(near, 'Role', {
      roleName: 'replication',
      assumedBy: new iam.ServicePrincipal('s3.amazonaws.com'),
    });
    new s3.Bucket(near, 'Bucket', {
      versioned: true,
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: key,
      replicationRole: role,
      replicationRules: [
        {
          destination: s3.Bucket.fromBucketName(near, 'Target', 'orders-us-east-1'),
          kmsKey: replica,
          sseKmsEncryptedObjects: true,
        },
      ],
    });
    key.grants.decrypt(iam.Role.fromRoleArn(near, 'Same', 'arn:aws:iam::111122223333:role/replication'), {
      viaServices: ['s3'],
    });
    replica?.grants.actions(
      iam.Role.fromRoleArn(near, 'Also', 'arn:aws:iam::111122223333:role/replication'),
      ['kms:Encrypt'],
      { viaServices: ['s3'] },
    );
    app.synth();
    const bucket = JSON.stringify(Template.fromStack(near).findResources('AWS::S3::Bucket'));
    expect(bucket).toMatch(/ReplicaKmsKeyID.{0,80}:kms:us-east-1:111122223333:key\//);
    expect(Template.fromStack(far).findResources('AWS::S3::Bucket')).toBeTruthy();
    const policy = JSON.stringify(
      Template.fromStack(replica?.replicaStack as Stack).findResources('AWS::KMS::ReplicaKey'),
    );
    expect(policy).toContain('s3.us-east-1.amazonaws.com');
    expect(policy).not.toContain('s3.eu-central-1');
    expect(target.encryptionKey).toBe(replica);
  });

  test('services that need a statement get it in the policy of the replica, for their Region', () => {
    const app = new App({ context });
    const primary = new Stack(app, 'Orders', { env: FRANKFURT });
    const key = new EncryptionKey(primary, 'Key', { replicaRegions: ['us-east-1'] });
    const [replica] = key.replicas;
    const far = new Stack(app, 'Far', { env: { ...FRANKFURT, region: 'us-east-1' } });
    new logs.LogGroup(far, 'Group', { logGroupName: 'orders', encryptionKey: replica });
    replica?.services?.alarms();
    key.grantDecrypt(
      new iam.ServicePrincipal('s3.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
      }),
    );
    app.synth();
    const text = (stack: Stack, type: string) => JSON.stringify(Template.fromStack(stack).findResources(type));
    const policy = text(replica?.replicaStack as Stack, 'AWS::KMS::ReplicaKey');
    expect(policy).toContain('logs.us-east-1.amazonaws.com');
    expect(policy).toContain(':logs:us-east-1:111122223333:log-group:orders');
    expect(policy).toContain('cloudwatch.amazonaws.com');
    expect(policy).not.toContain('s3.amazonaws.com');
    const ofPrimary = text(primary, 'AWS::KMS::Key');
    expect(ofPrimary).toContain('s3.amazonaws.com');
    expect(ofPrimary).not.toMatch(/logs\.|cloudwatch/);
  });

  test('a function uses the key of its own Region first', () => {
    const app = new App({ context });
    const primary = new Stack(app, 'Orders', { env: FRANKFURT });
    const key = new EncryptionKey(primary, 'Key', { replicaRegions: ['us-east-1'] });
    const far = new Stack(app, 'Far', { env: { ...FRANKFURT, region: 'us-east-1' } });
    const handler = new lambda.Function(far, 'Writer', {
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: lambda.Code.fromInline('exports.handler = async () => {};'),
    });
    new Envelope(far, 'Envelope', { envelopeName: 'Orders', key, requiredContext: ['tenant'] }).grantEncrypt(handler);
    app.synth();
    const template = Template.fromStack(far);
    const value = JSON.stringify(template.findResources('AWS::Lambda::Function'));
    expect(value).toMatch(/wrapKeys.*replicas-us-east-1.*Orders/);
    const statements = Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
      ({ Properties }) => Properties.PolicyDocument.Statement as { Action: string; Resource: unknown }[],
    );
    const resourceOf = (action: string) => JSON.stringify(statements.find(({ Action }) => Action === action)?.Resource);
    expect(resourceOf('kms:GenerateDataKey')).toContain('replicas-us-east-1');
    expect(resourceOf('kms:Encrypt')).not.toContain('replicas-us-east-1');
  });
});
