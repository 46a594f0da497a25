import { allOf, type ServiceFacts, sourceAccount, sourceArn } from '../facts';
import { kms, page, type SourceShape, universal, uses } from '../service-use';

const TRAIL: SourceShape = {
  of: 'trail',
  arn: ({ partition, region, account }, name) => `arn:${partition}:cloudtrail:${region}:${account}:trail/${name}`,
};

const trailArn = (facts: ServiceFacts) => sourceArn(facts, 'StringEquals');

/** CloudTrail, Config and GuardDuty: services that write down what happens. */
export const AUDIT_USES = uses({
  trail: {
    title: 'CloudTrail: trail',
    call: 'trail(trail)',
    principals: universal('cloudtrail'),
    statements: [
      {
        actions: kms('GenerateDataKey*'),
        conditions: (facts) =>
          allOf(trailArn(facts), {
            StringLike: {
              'kms:EncryptionContext:aws:cloudtrail:arn': TRAIL.arn({ ...facts, region: '*' }, '*'),
            },
          }),
      },
      { actions: kms('DescribeKey'), conditions: trailArn },
      { actions: kms('Decrypt'), conditions: trailArn },
    ],
    source: TRAIL,
    see: page('awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html'),
    trap: 'The trail cannot be created without it. `kms:Decrypt` is what a bucket with an S3 Bucket Key needs. A trail of an organization has the account of the management account in its ARN.',
    automatic: true,
  },
  eventDataStore: {
    title: 'CloudTrail Lake: event data store',
    call: 'eventDataStore()',
    principals: universal('cloudtrail'),
    statements: [{ actions: kms('GenerateDataKey', 'Decrypt') }],
    see: page('awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html'),
    trap: '`aws:SourceArn` and `aws:SourceAccount` are not supported for event data stores: with them, access is denied.',
    automatic: true,
  },
  trailNotifications: {
    title: 'CloudTrail: notifications to an encrypted topic',
    call: 'trailNotifications(trail)',
    principals: universal('cloudtrail'),
    statements: [{ actions: kms('GenerateDataKey*', 'Decrypt'), conditions: trailArn }],
    source: TRAIL,
    see: page('awscloudtrail/latest/userguide/cloudtrail-permissions-for-sns-notifications.html'),
    trap: 'The page shows no condition for the key, and `aws:SourceArn` of the trail for the topic; the key gets the same.',
    automatic: true,
  },
  configDelivery: {
    title: 'AWS Config: delivery channel to a bucket',
    call: 'configDelivery()',
    principals: universal('config'),
    statements: [
      {
        actions: kms('Decrypt', 'GenerateDataKey'),
        conditions: (facts) => allOf(sourceAccount(facts), sourceArn(facts)),
      },
    ],
    source: {
      of: 'configuration recorder',
      arn: ({ partition, region, account }) => `arn:${partition}:config:${region}:${account}:*`,
    },
    see: page('config/latest/developerguide/s3-kms-key-policy.html'),
    trap: 'For Config that uses its service-linked role; with a role of your own the role needs the permission.',
    automatic: true,
  },
  guardDutyExport: {
    title: 'GuardDuty: export of findings to a bucket',
    call: 'guardDutyExport(detector)',
    principals: universal('guardduty'),
    statements: [
      {
        actions: kms('GenerateDataKey'),
        conditions: (facts) => allOf(sourceAccount(facts), sourceArn(facts, 'StringEquals')),
      },
    ],
    source: {
      of: 'detector',
      arn: ({ partition, region, account }, name) => `arn:${partition}:guardduty:${region}:${account}:detector/${name}`,
    },
    see: page('guardduty/latest/ug/guardduty_exportfindings.html'),
    trap: 'Key and bucket are in one Region.',
    automatic: true,
  },
});
