import { allOf, onSource, sourceAccount, sourceArn } from '../facts';
import { kms, page, type SourceShape, universal, uses } from '../service-use';

const EVENT_BUS: SourceShape = {
  of: 'event bus',
  arn: ({ partition, region, account }, name) => `arn:${partition}:events:${region}:${account}:event-bus/${name}`,
};

const CONTEXT = 'kms:EncryptionContext:aws:events:event-bus:arn';

/** EventBridge. */
export const EVENT_USES = uses({
  eventBus: {
    title: 'EventBridge: event bus',
    call: 'eventBus(bus)',
    principals: universal('events'),
    statements: [
      // Encryption context is part of cryptographic operations only: under that condition DescribeKey would be denied.
      { actions: kms('DescribeKey'), conditions: (facts) => sourceAccount(facts) },
      {
        actions: kms('GenerateDataKey', 'Decrypt'),
        conditions: (facts) => allOf(onSource(CONTEXT, facts, 'StringEquals'), sourceArn(facts, 'StringEquals')),
      },
    ],
    source: EVENT_BUS,
    see: page('eventbridge/latest/userguide/encryption-event-bus-key-policy.html'),
    trap: 'aws-cdk-lib writes `kms:DescribeKey` under the encryption context condition; here it has a statement of its own, with `aws:SourceAccount`, which the page on the confused deputy recommends.',
    automatic: true,
  },
  eventArchive: {
    title: 'EventBridge: archive',
    call: 'eventArchive(bus)',
    principals: universal('events'),
    statements: [
      { actions: kms('DescribeKey') },
      {
        actions: kms('GenerateDataKey', 'Decrypt', 'ReEncrypt*'),
        conditions: (facts) => onSource(CONTEXT, facts, 'StringEquals'),
      },
    ],
    source: EVENT_BUS,
    see: page('eventbridge/latest/userguide/encryption-archives.html'),
    trap: 'The encryption context of an archive is the ARN of its event bus. AWS documents no source condition for archives, and `kms:DescribeKey` without any.',
    automatic: true,
  },
  eventRule: {
    title: 'EventBridge: rule that sends to an encrypted queue',
    call: 'eventRule(rule)',
    principals: universal('events'),
    statements: [
      {
        actions: kms('GenerateDataKey', 'Decrypt'),
        conditions: (facts) => allOf(sourceAccount(facts), sourceArn(facts)),
      },
    ],
    source: {
      of: 'rule',
      arn: ({ partition, region, account }, name) => `arn:${partition}:events:${region}:${account}:rule/${name}`,
    },
    see: page('AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html'),
    trap: 'The same for a queue that takes what a rule could not deliver.',
    automatic: true,
  },
  eventRuleToTopic: {
    title: 'EventBridge: rule that publishes to an encrypted topic',
    call: 'eventRuleToTopic()',
    principals: universal('events'),
    statements: [{ actions: kms('GenerateDataKey*', 'Decrypt') }],
    see: page('sns/latest/dg/sns-key-management.html'),
    trap: '`aws:SourceAccount`, `aws:SourceArn` and `aws:SourceOrgID` are not supported here: with them the event is dropped.',
    automatic: true,
  },
});
