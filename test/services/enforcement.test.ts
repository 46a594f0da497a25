import {
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  KMSClient,
} from '@aws-sdk/client-kms';
import { createLocalKms, denialOf, type ServiceCaller } from '@cdk-keysmith/local-kms';
import { App, Stack } from 'aws-cdk-lib';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { EncryptionKey } from '../../lib';

/* What the statements for AWS services let in, asked of a KMS that enforces them. */

const { context } = require('../../cdk.json');

const app = new App({ context });
const stack = new Stack(app, 'App', { env: { account: '111122223333', region: 'eu-west-1' } });
const key = (id: string) => new EncryptionKey(stack, id);
new logs.LogGroup(stack, 'Group', { logGroupName: 'orders', encryptionKey: key('LogGroupKey') });
new cloudtrail.Trail(stack, 'Trail', { trailName: 'audit', encryptionKey: key('TrailKey') });
new sns.Topic(stack, 'News', { topicName: 'news' }).addSubscription(
  new subscriptions.SqsSubscription(new sqs.Queue(stack, 'Queue', { encryptionMasterKey: key('SubscriptionKey') })),
);
key('InventoryKey').services.bucketInventory(s3.Bucket.fromBucketName(stack, 'Listed', 'listed'));

const kms = createLocalKms({ app: app.synth().directory });
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
