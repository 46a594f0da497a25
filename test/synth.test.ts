import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as notifications from 'aws-cdk-lib/aws-s3-notifications';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { OrdersStack } from '../bin/orders-stack';
import {
  AccountDelegation,
  AliasName,
  AsymmetricEncryptionKey,
  AsymmetricEncryptionKeyGenerations,
  EncryptionChoice,
  EncryptionKey,
  EncryptionKeyGenerations,
  Envelope,
  GrantOperation,
  GrantPrincipal,
  KeyAccess,
  KeyAgreementKey,
  KeyAgreementKeyGenerations,
  KeyAlias,
  KeyDashboard,
  KeyDefaults,
  KeyOrigin,
  KeyWatch,
  KmsEndpoint,
  KmsGrant,
  KmsRequestQuota,
  MacKey,
  MacKeyGenerations,
  MaterialExpiryAlarm,
  OnDemandRotation,
  RequestQuotaAlarm,
  RotationTimes,
  SigningKey,
  SigningKeyGenerations,
  SigningKeySpec,
} from '../lib';

/* The one file that runs aws-cdk-lib's own validation of templates, as strict as it goes: an offline cfn-lint. */

const { context } = require(join(__dirname, '..', 'cdk.json'));

beforeAll(() => {
  delete process.env.CDK_VALIDATION;
});
afterAll(() => {
  process.env.CDK_VALIDATION = 'false';
});

function strictApp(): App {
  return new App({
    context: {
      ...context,
      '@aws-cdk/core:validateAgainstDefaultRules': true,
      '@aws-cdk/core:strictCfnValidateErrors': true,
    },
  });
}

test('every construct synthesizes a template that CloudFormation would take', () => {
  const app = strictApp();
  const stack = new Stack(app, 'Everything');
  new EncryptionKey(stack, 'Plain');
  const key = new EncryptionKey(stack, 'Full', {
    alias: 'full',
    description: 'Everything that can be said',
    accountDelegation: AccountDelegation.ADMINISTRATION,
    rotationPeriod: Duration.days(90),
    pendingWindow: Duration.days(7),
    multiRegion: true,
    tags: { team: 'orders' },
    access: [KeyAccess.decrypt([new iam.AccountPrincipal('444455556666')], { requiredContext: ['tenant'] })],
  });
  new EncryptionKey(stack, 'Imported', { origin: KeyOrigin.EXTERNAL });
  new AsymmetricEncryptionKey(stack, 'Asymmetric');
  new MacKey(stack, 'Mac');
  new KeyAgreementKey(stack, 'Agreement');
  for (const keySpec of Object.values(SigningKeySpec)) {
    if (keySpec !== SigningKeySpec.SM2) new SigningKey(stack, `Signing${keySpec}`, { keySpec });
  }
  const handler = new lambda.Function(stack, 'Handler', {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => {};'),
  });
  new Envelope(stack, 'Orders', { key, requiredContext: ['tenant'] }).grantEncryptDecrypt(handler);
  new KmsGrant(stack, 'Grant', {
    // Its key policy names the role of the function that makes the grant: no circle.
    key,
    grantee: GrantPrincipal.of(handler),
    operations: [GrantOperation.DECRYPT, GrantOperation.RETIRE_GRANT],
    encryptionContextEquals: { tenant: 'a' },
    retiringPrincipal: GrantPrincipal.service('sns.amazonaws.com'),
  });
  new OnDemandRotation(stack, 'Dates', { key, times: RotationTimes.at([new Date('2027-03-01T06:00:00Z')]) });
  new OnDemandRotation(stack, 'Period', {
    key: new EncryptionKey(stack, 'Rotated'),
    times: RotationTimes.every(Duration.days(1), { start: new Date('2027-03-01'), end: new Date('2027-03-25') }),
  });
  const generations = [{ id: '1', retired: true }, { id: '2' }, { id: '3' }];
  const sealed = new EncryptionKeyGenerations(stack, 'Seal', { generations, current: '2', alias: 'seal' });
  new Envelope(stack, 'Sealed', { generations: sealed, requiredContext: ['tenant'] }).grantDecrypt(handler);
  const signed = new SigningKeyGenerations(stack, 'Sign', {
    generations,
    alsoActive: ['2'],
    alias: 'sign',
    keyProps: { keySpec: SigningKeySpec.ML_DSA_65, accountDelegation: AccountDelegation.ADMINISTRATION },
  });
  signed.grants.signAndVerify(handler);
  new MacKeyGenerations(stack, 'Macs', { generations }).grants.generateAndVerifyMac(handler);
  new KeyAgreementKeyGenerations(stack, 'Agree', { generations }).grants.deriveSharedSecret(handler);
  new AsymmetricEncryptionKeyGenerations(stack, 'Public', { generations }).addOutputs();
  expect(() => app.synth()).not.toThrow();
});

test('one key serves connected resources without a circle of references', () => {
  const app = strictApp();
  const stack = new Stack(app, 'Circles');
  const key = (id: string) => new EncryptionKey(stack, id);
  const topic = (id: string, masterKey: EncryptionKey) => new sns.Topic(stack, id, { masterKey });
  const queue = (id: string, encryptionMasterKey: EncryptionKey) => new sqs.Queue(stack, id, { encryptionMasterKey });
  const bucket = (id: string, encryptionKey: EncryptionKey) => new s3.Bucket(stack, id, { encryptionKey });

  const messages = key('Messages');
  topic('Topic', messages).addSubscription(new subscriptions.SqsSubscription(queue('Subscribed', messages)));
  const files = key('Files');
  bucket('Files1', files).addObjectCreatedNotification(new notifications.SqsDestination(queue('Files2', files)));
  bucket('Files3', files).addObjectCreatedNotification(new notifications.SnsDestination(topic('Files4', files)));
  const logged = key('Logged');
  new logs.LogGroup(stack, 'Group', { encryptionKey: logged });
  const bus = new events.EventBus(stack, 'Bus', { kmsKey: logged });
  new events.Archive(stack, 'Archive', { kmsKey: logged, sourceEventBus: bus, eventPattern: { source: ['orders'] } });
  new events.Rule(stack, 'Rule', {
    eventPattern: { source: ['orders'] },
    targets: [new targets.SqsQueue(queue('Target', logged)), new targets.SnsTopic(topic('Target2', logged))],
  });
  new cloudwatch.Metric({ namespace: 'Orders', metricName: 'Errors' })
    .createAlarm(stack, 'Alarm', { threshold: 1, evaluationPeriods: 1 })
    .addAlarmAction(new actions.SnsAction(topic('Alarms', logged)));
  // Two keys that would wait for each other: each encrypts what the other one's policy is about.
  const [one, two] = [key('One'), key('Two')];
  bucket('OfOne', one).addObjectCreatedNotification(new notifications.SqsDestination(queue('OfTwo', two)));
  bucket('AlsoOfTwo', two).addObjectCreatedNotification(new notifications.SqsDestination(queue('AlsoOfOne', one)));
  // Across stacks: the key's stack must not need the one that needs the key.
  const other = new Stack(app, 'Other');
  new s3.Bucket(other, 'Bucket').addObjectCreatedNotification(
    new notifications.SqsDestination(new sqs.Queue(other, 'Queue', { encryptionMasterKey: files })),
  );
  const signed = new Stack(app, 'Signed', { env: { account: '111122223333', region: 'us-east-1' } });
  new route53.KeySigningKey(signed, 'KeySigningKey', {
    hostedZone: new route53.PublicHostedZone(signed, 'Zone', { zoneName: 'example.com' }),
    kmsKey: new SigningKey(signed, 'Key', { keySpec: SigningKeySpec.ECC_NIST_P256 }),
  });
  expect(() => app.synth()).not.toThrow();
});

test('aliases, choices of encryption, defaults and watches synthesize', () => {
  const app = strictApp();
  new KeyDefaults(app, 'Defaults', {
    rotationPeriod: Duration.days(180),
    pendingWindow: Duration.days(14),
    description: 'Key of {path}',
    administrators: [new iam.ArnPrincipal('arn:aws:iam::111122223333:role/KeyAdmin')],
  });
  const stack = new Stack(app, 'Choices');
  const key = new EncryptionKey(stack, 'Key', {
    alias: 'orders',
    aliases: ['orders-eu', AliasName.forStack(stack, 'a')],
  });
  new KeyAlias(stack, 'Moving', { aliasName: 'moving', targetKey: key });
  const role = new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() });
  key.grants.decrypt(role, { resourceAliases: ['orders'], requestAlias: 'orders-*' });
  const topic = new sns.Topic(stack, 'Topic', { masterKey: key });
  const choices = {
    Own: EncryptionChoice.customerManaged(key),
    Aws: EncryptionChoice.awsManaged(stack),
    Owned: EncryptionChoice.awsOwned(),
  };
  for (const [id, choice] of Object.entries(choices)) {
    new s3.Bucket(stack, `${id}Bucket`, { ...choice.forBucket() });
    new sqs.Queue(stack, `${id}Queue`, { ...choice.forQueue() });
  }
  new sns.Topic(stack, 'AwsTopic', { ...choices.Aws.forTopic() });
  new logs.LogGroup(stack, 'OwnLogs', { ...choices.Own.forLogGroup() });
  new kms.Key(stack, 'Theirs', { alias: 'theirs' });
  const trailLogGroup = new logs.LogGroup(stack, 'Trail');
  const imported = new EncryptionKey(stack, 'Imported', { origin: KeyOrigin.EXTERNAL });
  const watch = new KeyWatch(stack, 'Watch', { keys: [key, imported], topic, trailLogGroup });
  const quotaAlarms = Object.values(KmsRequestQuota).map(
    (quota) => new RequestQuotaAlarm(stack, `Quota${quota}`, { quota, topic }),
  );
  new KeyDashboard(stack, 'Dashboard', { watch, quotaAlarms });
  expect(() => app.synth()).not.toThrow();
});

test('a circle of references would be found: aws-cdk-lib makes one of a topic and a queue under one key', () => {
  const app = strictApp();
  const stack = new Stack(app, 'Circle');
  const key = new kms.Key(stack, 'Key');
  const queue = new sqs.Queue(stack, 'Queue', { encryptionMasterKey: key });
  new sns.Topic(stack, 'Topic', { masterKey: key }).addSubscription(new subscriptions.SqsSubscription(queue));
  expect(() => app.synth()).toThrow();
});

test('so do replicas, an endpoint, and what comes with imported material', () => {
  const app = strictApp();
  const stack = new Stack(app, 'Regions', { env: { account: '111122223333', region: 'eu-central-1' } });
  const importer = new iam.Role(stack, 'Importer', { assumedBy: new iam.AccountRootPrincipal() });
  const key = new EncryptionKey(stack, 'Key', {
    alias: 'orders',
    accountDelegation: AccountDelegation.ADMINISTRATION,
    access: [KeyAccess.encryptAndDecrypt([importer], { viaServices: ['dynamodb'] })],
    replicas: [{ region: 'us-east-1', description: 'Virginia', tags: { team: 'orders' } }],
  });
  const external = new EncryptionKey(stack, 'External', {
    origin: KeyOrigin.EXTERNAL,
    access: [KeyAccess.importMaterial([importer])],
    replicaRegions: ['us-east-1'],
  });
  new MaterialExpiryAlarm(stack, 'Expiry', { key: external });
  const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 0, maxAzs: 1 });
  const subnets = { subnetType: ec2.SubnetType.PUBLIC };
  new KmsEndpoint(stack, 'Endpoint', { vpc, subnets, keys: [key, external], fips: true });
  expect(() => app.synth()).not.toThrow();
});

test('the example application synthesizes', () => {
  const app = strictApp();
  new OrdersStack(app, 'Orders');
  expect(() => app.synth()).not.toThrow();
});

test('the validation is on: a template that CloudFormation would refuse fails here', () => {
  const app = strictApp();
  const key = new EncryptionKey(new Stack(app, 'Bad'), 'Key');
  (key.node.defaultChild as import('aws-cdk-lib').CfnResource).addPropertyOverride('PendingWindowInDays', 3);
  expect(() => app.synth()).toThrow();
});
