import {
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  KMSClient,
} from '@aws-sdk/client-kms';
import { accessMap, checkAssembly, readAssembly } from '@cdk-keysmith/access';
import { createLocalKms, denialOf, type ServiceCaller } from '@cdk-keysmith/local-kms';
import { App, Stack } from 'aws-cdk-lib';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as notifications from 'aws-cdk-lib/aws-s3-notifications';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { AccountDelegation, EncryptionKey, SigningKey, SigningKeySpec } from '../../lib';
import { promises } from '../promises';

/* What the statements promise, in the words of the access map: who can use the key, for what, and nobody else; and what a
 * KMS does that enforces them. */

const { context } = require('../../cdk.json');

const app = new App({ context });
const env = { account: '111122223333', region: 'eu-west-1' };
const stack = new Stack(app, 'App', { env });
const accountDelegation = AccountDelegation.ADMINISTRATION;
const key = (id: string) => new EncryptionKey(stack, id, { accountDelegation });
const topic = (id: string, masterKey?: EncryptionKey) => new sns.Topic(stack, id, { masterKey, topicName: id });
const queue = (id: string, encryptionMasterKey: EncryptionKey) => new sqs.Queue(stack, id, { encryptionMasterKey });
const rule = (id: string, target: events.IRuleTarget) =>
  new events.Rule(stack, id, { ruleName: id, eventPattern: { source: ['orders'] }, targets: [target] });

new logs.LogGroup(stack, 'Group', { logGroupName: 'orders', encryptionKey: key('LogGroupKey') });
new cloudtrail.Trail(stack, 'Trail', { trailName: 'audit', encryptionKey: key('TrailKey') });
new cloudwatch.Metric({ namespace: 'Orders', metricName: 'Errors' })
  .createAlarm(stack, 'Alarm', { alarmName: 'errors', threshold: 1, evaluationPeriods: 1 })
  .addAlarmAction(new actions.SnsAction(topic('alarms', key('AlarmKey'))));
topic('news').addSubscription(new subscriptions.SqsSubscription(queue('News', key('SubscriptionKey'))));
new s3.Bucket(stack, 'Files', { bucketName: 'files' }).addObjectCreatedNotification(
  new notifications.SqsDestination(queue('Created', key('NotificationKey'))),
);
rule('to-queue', new targets.SqsQueue(queue('Target', key('RuleKey'))));
rule('to-topic', new targets.SnsTopic(topic('events', key('RuleToTopicKey'))));
new events.EventBus(stack, 'Bus', { eventBusName: 'orders', kmsKey: key('BusKey') });
const services = (id: string) => key(id).services;
services('InventoryKey').bucketInventory(s3.Bucket.fromBucketName(stack, 'Listed', 'listed'));
services('FlowLogKey').vendedLogs();
services('DataStoreKey').eventDataStore();
services('MailKey').sesMail();
const signed = new Stack(app, 'Signed', { env: { ...env, region: 'us-east-1' } });
new SigningKey(signed, 'ZoneKey', { keySpec: SigningKeySpec.ECC_NIST_P256, accountDelegation }).services.dnssec(
  route53.HostedZone.fromHostedZoneId(signed, 'Zone', 'Z0123456789EXAMPLE'),
);

const { directory } = app.synth();
const assembly = readAssembly(directory);
const promised = promises(accessMap(assembly), ['Encrypt', 'Decrypt', 'GenerateDataKey', 'Sign', 'CreateGrant']);

const OURS = 'aws:SourceAccount is 111122223333';
const TRAIL = 'aws:SourceArn is "arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit"';
const BUS = '"arn:aws:events:eu-west-1:111122223333:event-bus/orders"';
const ZONE = 'aws:SourceArn matches "arn:aws:route53:::hostedzone/Z0123456789EXAMPLE"';

/** Each of these can use the key as it says, and nobody else can use it at all. */
const PROMISED: Readonly<Record<string, readonly string[]>> = {
  'App/LogGroupKey': [
    'logs.eu-west-1.amazonaws.com can Encrypt, GenerateDataKey, Decrypt if encryption context "aws:logs:arn" matches "arn:aws:logs:eu-west-1:111122223333:log-group:orders"',
  ],
  'App/TrailKey': [
    `cloudtrail.amazonaws.com can GenerateDataKey if ${TRAIL} and encryption context "aws:cloudtrail:arn" matches "arn:aws:cloudtrail:*:111122223333:trail/*"`,
    `cloudtrail.amazonaws.com can Decrypt if ${TRAIL}`,
  ],
  'App/AlarmKey': [
    `cloudwatch.amazonaws.com can GenerateDataKey, Decrypt if ${OURS} and aws:SourceArn matches "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:errors"`,
  ],
  'App/SubscriptionKey': [
    'sns.amazonaws.com can GenerateDataKey, Decrypt if aws:SourceArn matches "arn:aws:sns:eu-west-1:111122223333:news"',
  ],
  'App/NotificationKey': [
    `s3.amazonaws.com can GenerateDataKey, Decrypt if ${OURS} and aws:SourceArn matches "arn:aws:s3:::files"`,
  ],
  'App/RuleKey': [
    `events.amazonaws.com can GenerateDataKey, Decrypt if ${OURS} and aws:SourceArn matches "arn:aws:events:eu-west-1:111122223333:rule/to-queue"`,
  ],
  'App/RuleToTopicKey': ['events.amazonaws.com can GenerateDataKey, Decrypt'],
  'App/BusKey': [
    `events.amazonaws.com can GenerateDataKey, Decrypt if encryption context "aws:events:event-bus:arn" is ${BUS} and aws:SourceArn is ${BUS}`,
  ],
  'App/InventoryKey': [
    `s3.amazonaws.com can GenerateDataKey if ${OURS} and aws:SourceArn matches "arn:aws:s3:::listed"`,
  ],
  'App/FlowLogKey': [
    `delivery.logs.amazonaws.com can Encrypt, GenerateDataKey, Decrypt if ${OURS} and aws:SourceArn matches "arn:aws:logs:eu-west-1:111122223333:*"`,
  ],
  'App/DataStoreKey': ['cloudtrail.amazonaws.com can GenerateDataKey, Decrypt'],
  'App/MailKey': [
    'ses.amazonaws.com can Encrypt, GenerateDataKey if encryption context "aws:ses:rule-name" is present and encryption context "aws:ses:message-id" is present and encryption context "aws:ses:source-account" is 111122223333',
  ],
  'Signed/ZoneKey': [
    `dnssec-route53.amazonaws.com can Sign if ${OURS} and ${ZONE}`,
    `dnssec-route53.amazonaws.com can CreateGrant if ${OURS} and ${ZONE} and kms:GrantIsForAWSResource is true`,
  ],
};

test.each(Object.entries(PROMISED))('%s: this can use it, and nobody else', (path, expected) => {
  expect(promised.get(path)).toEqual(expected);
});

test('every key of the app has its promise', () => {
  expect([...promised.keys()].sort()).toEqual(Object.keys(PROMISED).sort());
});

test('only statements that AWS documents without a condition are open to a confused deputy', () => {
  const findings = checkAssembly(assembly).map(({ ruleId, constructPath }) => `${ruleId} ${constructPath}`);
  expect(findings).toEqual(['confused-deputy App/RuleToTopicKey', 'confused-deputy App/DataStoreKey']);
});

const kms = createLocalKms({ app: directory });
const keyId = (id: string) => kms.keys().find(({ constructPath }) => constructPath === `App/${id}`)?.arn ?? id;
// Where neither its name nor its source tells, a service calls the Region of the options.
const as = (caller: ServiceCaller) => new KMSClient({ ...kms.clientConfig(caller), region: 'eu-west-1' });
const dataKey = (id: string, caller: ServiceCaller, EncryptionContext?: Record<string, string>) =>
  as(caller).send(new GenerateDataKeyCommand({ KeyId: keyId(id), KeySpec: 'AES_256', EncryptionContext }));
const why = async (call: Promise<unknown>) => (await denialOf(call)).reasons.join('\n');

describe('CloudTrail, with the key of a trail', () => {
  const service = 'cloudtrail.amazonaws.com';
  const sourceArn = 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit';
  const log = { 'aws:cloudtrail:arn': sourceArn };

  test('may encrypt and decrypt log files of that trail', async () => {
    const caller = { service, sourceArn, sourceAccount: '111122223333' };
    const { CiphertextBlob } = await dataKey('TrailKey', caller, log);
    await as(caller).send(new DescribeKeyCommand({ KeyId: keyId('TrailKey') }));
    const { Plaintext } = await as(caller).send(new DecryptCommand({ CiphertextBlob, EncryptionContext: log }));
    expect(Plaintext).toHaveLength(32);
  });

  test('may not for a trail of another account, nor for another trail, nor without telling', async () => {
    const wanted = /requires that aws:SourceArn is "arn:aws:cloudtrail:eu-west-1:111122223333:trail\/audit"/;
    const foreign = sourceArn.replace('111122223333', '444455556666');
    expect(await why(dataKey('TrailKey', { service, sourceArn: foreign }, log))).toMatch(wanted);
    expect(await why(dataKey('TrailKey', { service, sourceArn: `${sourceArn}2` }, log))).toMatch(wanted);
    expect(await why(dataKey('TrailKey', { service }, log))).toMatch(wanted);
  });

  test('may not under the encryption context of something else, or none', async () => {
    const wanted =
      /requires that encryption context "aws:cloudtrail:arn" matches "arn:aws:cloudtrail:\*:111122223333:trail/;
    const foreign = { 'aws:cloudtrail:arn': 'arn:aws:cloudtrail:eu-west-1:444455556666:trail/audit' };
    expect(await why(dataKey('TrailKey', { service, sourceArn }, foreign))).toMatch(wanted);
    expect(await why(dataKey('TrailKey', { service, sourceArn }))).toMatch(wanted);
  });

  test('is the only service that may', async () => {
    const caller = { service: 'config.amazonaws.com', sourceArn };
    expect(await why(dataKey('TrailKey', caller, log))).toMatch(
      /^no statement of key policy of App\/TrailKey allows kms:GenerateDataKey to config\.amazonaws\.com/,
    );
  });
});

describe('CloudWatch Logs, with the key of a log group', () => {
  const caller = { service: 'logs.eu-west-1.amazonaws.com' };
  const group = (name: string, account = '111122223333') => ({
    'aws:logs:arn': `arn:aws:logs:eu-west-1:${account}:log-group:${name}`,
  });
  const encrypt = (by: ServiceCaller, EncryptionContext: Record<string, string>) =>
    as(by).send(new EncryptCommand({ KeyId: keyId('LogGroupKey'), Plaintext: Buffer.from('log'), EncryptionContext }));

  test('may encrypt what is of the log group, and nothing of another one', async () => {
    expect((await encrypt(caller, group('orders'))).CiphertextBlob?.length).toBeGreaterThan(100);
    const wanted = /requires that encryption context "aws:logs:arn" matches/;
    expect(await why(encrypt(caller, group('orders2')))).toMatch(wanted);
    expect(await why(encrypt(caller, group('orders', '444455556666')))).toMatch(wanted);
  });

  test('of another Region may not', async () => {
    expect(await why(encrypt({ service: 'logs.us-east-1.amazonaws.com' }, group('orders')))).toMatch(
      /to logs\.us-east-1\.amazonaws\.com/,
    );
  });
});

describe('SNS, with the key of a queue that subscribes', () => {
  const service = 'sns.amazonaws.com';
  const sourceArn = 'arn:aws:sns:eu-west-1:111122223333:news';

  test('may deliver messages of the topic, and of no other', async () => {
    const { CiphertextBlob } = await dataKey('SubscriptionKey', { service, sourceArn });
    await as({ service, sourceArn }).send(new DecryptCommand({ CiphertextBlob }));
    const other = { service, sourceArn: `${sourceArn}2` };
    expect(await why(dataKey('SubscriptionKey', other))).toMatch(
      /requires that aws:SourceArn matches "arn:aws:sns:eu-west-1:111122223333:news"/,
    );
    expect(await why(as(other).send(new DecryptCommand({ CiphertextBlob })))).toMatch(/requires that aws:SourceArn/);
    expect(
      await why(
        as({ service, sourceArn }).send(
          new EncryptCommand({ KeyId: keyId('SubscriptionKey'), Plaintext: Buffer.from('x') }),
        ),
      ),
    ).toMatch(/^no statement of key policy of App\/SubscriptionKey allows kms:Encrypt to sns/);
  });
});

test('S3 may write an inventory for the bucket of the account only, whose ARN does not tell the account', async () => {
  const bucket = { service: 's3.amazonaws.com', sourceArn: 'arn:aws:s3:::listed' };
  const send = (caller: ServiceCaller) => dataKey('InventoryKey', caller);
  expect((await send({ ...bucket, sourceAccount: '111122223333' })).Plaintext).toHaveLength(32);
  expect(await why(send({ ...bucket, sourceAccount: '444455556666' }))).toMatch(
    /requires that aws:SourceAccount is 111122223333/,
  );
  expect(await why(send(bucket))).toMatch(/requires that aws:SourceAccount is 111122223333/);
});
