/**
 * CloudTrail and its logs
 *
 * The trail, its bucket and its log group each under a key of its own that auditors alone can read with. The statements
 * that CloudTrail and CloudWatch Logs need come by themselves.
 */
import { App, Stack } from 'aws-cdk-lib';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AccountDelegation, EncryptionKey, KeyAccess } from 'cdk-keysmith';

export const app = new App();
const stack = new Stack(app, 'Audit', { env: { account: '111122223333', region: 'eu-west-1' } });
const auditors = [new iam.Role(stack, 'Auditor', { assumedBy: new iam.AccountRootPrincipal() })];

const trailKey = new EncryptionKey(stack, 'TrailKey', {
  alias: 'audit/trail',
  // Whoever may write IAM policies in the account does not get to read the trail with them.
  accountDelegation: AccountDelegation.ADMINISTRATION,
  access: [KeyAccess.decrypt(auditors, { viaServices: ['s3'] }), KeyAccess.audit(auditors)],
});
const logKey = new EncryptionKey(stack, 'LogKey', { alias: 'audit/logs' });

new cloudtrail.Trail(stack, 'Trail', {
  trailName: 'audit',
  encryptionKey: trailKey,
  enableFileValidation: true,
  bucket: new s3.Bucket(stack, 'Bucket', {
    encryption: s3.BucketEncryption.KMS,
    encryptionKey: trailKey,
    enforceSSL: true,
    versioned: true,
  }),
  sendToCloudWatchLogs: true,
  cloudWatchLogGroup: new logs.LogGroup(stack, 'Log', {
    logGroupName: '/audit/trail',
    encryptionKey: logKey,
    retention: logs.RetentionDays.ONE_YEAR,
  }),
});
