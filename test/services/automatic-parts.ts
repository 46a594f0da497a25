import { Annotations, type Stack } from 'aws-cdk-lib';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { EncryptionKey } from '../../lib';

/* What the cases of automatic statements are made of. */

export const { context } = require('../../cdk.json');
export const ENV = { account: '111122223333', region: 'eu-west-1' };
export const ACCOUNT = { 'aws:SourceAccount': ENV.account };

export type Build = (stack: Stack, key: EncryptionKey) => void;

export const topic = (stack: Stack, masterKey?: EncryptionKey) => new sns.Topic(stack, 'Topic', { masterKey });
export const queue = (stack: Stack, encryptionMasterKey?: EncryptionKey) =>
  new sqs.Queue(stack, 'Queue', { encryptionMasterKey });
export const bucket = (stack: Stack, encryptionKey?: EncryptionKey, id = 'Bucket') =>
  new s3.Bucket(stack, id, { encryptionKey });
export const rule = (stack: Stack, target: events.IRuleTarget, ruleName?: string, eventBus?: events.IEventBus) =>
  new events.Rule(stack, 'Rule', { ruleName, eventBus, eventPattern: { source: ['orders'] }, targets: [target] });
export const alarm = (stack: Stack, action: cloudwatch.IAlarmAction, alarmName?: string) => {
  const metric = new cloudwatch.Metric({ namespace: 'Orders', metricName: 'Errors' });
  const made = metric.createAlarm(stack, 'Alarm', { alarmName, threshold: 1, evaluationPeriods: 1 });
  made.addAlarmAction(action);
  return made;
};
export const distribution = (stack: Stack, key: EncryptionKey, originAccessLevels?: cloudfront.AccessLevel[]) => {
  // Its advice, to write the id of the distribution after the first deployment, is as good with our keys as with others.
  Annotations.of(stack).acknowledgeWarning('@aws-cdk/aws-cloudfront-origins:wildcardKeyPolicyForOac');
  const origin = origins.S3BucketOrigin.withOriginAccessControl(bucket(stack, key), { originAccessLevels });
  return new cloudfront.Distribution(stack, 'Distribution', { defaultBehavior: { origin } });
};

export interface Case {
  readonly build: Build;
  /** Service, conditions and how many statements; undefined where there is no condition. */
  readonly expected: readonly (readonly [service: string, actions: string, condition?: unknown])[];
}

export const from = (arn: unknown) => ({ StringEquals: ACCOUNT, ArnLike: { 'aws:SourceArn': arn } });
export const SEND = 'kms:Decrypt kms:GenerateDataKey';
export const PUBLISH = 'kms:Decrypt kms:GenerateDataKey*';
export const DELIVER = 'kms:Decrypt kms:DescribeKey kms:Encrypt kms:GenerateDataKey* kms:ReEncrypt*';
export const LOG = 'kms:Decrypt kms:Describe* kms:Encrypt kms:GenerateDataKey* kms:ReEncrypt*';
export const logsOf = (arn: string) => ({
  ['kms:EncryptionContext:aws:logs:arn']: `arn:aws:logs:eu-west-1:111122223333:${arn}`,
});
export const trailStatements = (name: string, operator: string): Case['expected'] => {
  const source = { 'aws:SourceArn': `arn:aws:cloudtrail:eu-west-1:111122223333:trail/${name}` };
  const all = { 'kms:EncryptionContext:aws:cloudtrail:arn': 'arn:aws:cloudtrail:*:111122223333:trail/*' };
  return [
    ['cloudtrail', 'kms:GenerateDataKey*', { [operator]: source, StringLike: all }],
    ['cloudtrail', 'kms:Decrypt kms:DescribeKey', { [operator]: source }],
  ];
};
export const ruleArn = (name: string) => `arn:aws:events:eu-west-1:111122223333:rule/${name}`;
export const busArn = (name: string) => `arn:aws:events:eu-west-1:111122223333:event-bus/${name}`;
