import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as config from 'aws-cdk-lib/aws-config';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as guardduty from 'aws-cdk-lib/aws-guardduty';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as notifications from 'aws-cdk-lib/aws-s3-notifications';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import {
  ACCOUNT,
  alarm,
  bucket,
  busArn,
  type Case,
  from,
  LOG,
  logsOf,
  PUBLISH,
  queue,
  rule,
  ruleArn,
  SEND,
  topic,
  trailStatements,
} from './automatic-parts';

/** Logs, trails, events, topics and queues. */
export const MESSAGE_CASES: Readonly<Record<string, Case>> = {
  'a log group with a name': {
    build: (stack, encryptionKey) => new logs.LogGroup(stack, 'Group', { logGroupName: 'orders', encryptionKey }),
    expected: [['logs.eu-west-1', LOG, { ArnEquals: logsOf('log-group:orders') }]],
  },
  'a log group without a name': {
    build: (stack, encryptionKey) => new logs.LogGroup(stack, 'Group', { encryptionKey }),
    expected: [['logs.eu-west-1', LOG, { ArnLike: logsOf('log-group:*') }]],
  },
  'an L1 log group that has the id of the key': {
    build: (stack, key) => new logs.CfnLogGroup(stack, 'Group', { logGroupName: 'orders', kmsKeyId: key.keyId }),
    expected: [['logs.eu-west-1', LOG, { ArnEquals: logsOf('log-group:orders') }]],
  },
  'a log group that has an alias of the key': {
    build: (stack, key) =>
      new logs.CfnLogGroup(stack, 'Group', {
        logGroupName: 'orders',
        kmsKeyId: key.addAlias('orders').aliasTargetKey.keyArn,
      }),
    expected: [['logs.eu-west-1', LOG, { ArnEquals: logsOf('log-group:orders') }]],
  },
  'a property that was overridden': {
    build: (stack, key) =>
      new logs.CfnLogGroup(stack, 'Group', { logGroupName: 'orders' }).addPropertyOverride('KmsKeyId', key.keyArn),
    expected: [['logs.eu-west-1', LOG, { ArnEquals: logsOf('log-group:orders') }]],
  },
  'a trail': {
    build: (stack, encryptionKey) => new cloudtrail.Trail(stack, 'Trail', { trailName: 'audit', encryptionKey }),
    expected: trailStatements('audit', 'StringEquals'),
  },
  'a trail without a name': {
    build: (stack, encryptionKey) => new cloudtrail.Trail(stack, 'Trail', { encryptionKey }),
    expected: trailStatements('*', 'ArnLike'),
  },
  'a trail that notifies an encrypted topic': {
    build: (stack, key) => new cloudtrail.Trail(stack, 'Trail', { trailName: 'audit', snsTopic: topic(stack, key) }),
    expected: [
      [
        'cloudtrail',
        PUBLISH,
        { StringEquals: { 'aws:SourceArn': 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit' } },
      ],
    ],
  },
  'an event data store': {
    build: (stack, key) => new cloudtrail.CfnEventDataStore(stack, 'Store', { kmsKeyId: key.keyArn }),
    expected: [['cloudtrail', SEND]],
  },
  'a delivery channel of Config': {
    build: (stack, key) =>
      new config.CfnDeliveryChannel(stack, 'Channel', { s3BucketName: 'audit', s3KmsKeyArn: key.keyArn }),
    expected: [['config', SEND, from('arn:aws:config:eu-west-1:111122223333:*')]],
  },
  'findings of GuardDuty': {
    build: (stack, key) => {
      const { ref } = new guardduty.CfnDetector(stack, 'Detector', { enable: true });
      new guardduty.CfnPublishingDestination(stack, 'Destination', {
        detectorId: ref,
        destinationType: 'S3',
        destinationProperties: { destinationArn: 'arn:aws:s3:::audit', kmsKeyArn: key.keyArn },
      });
    },
    expected: [
      [
        'guardduty',
        'kms:GenerateDataKey',
        {
          StringEquals: {
            ...ACCOUNT,
            'aws:SourceArn': {
              'Fn::Join': ['', ['arn:aws:guardduty:eu-west-1:111122223333:detector/', { Ref: 'Detector' }]],
            },
          },
        },
      ],
    ],
  },
  'an event bus, in place of the statement of aws-cdk-lib': {
    build: (stack, kmsKey) => new events.EventBus(stack, 'Bus', { eventBusName: 'orders', kmsKey }),
    expected: [
      ['events', 'kms:DescribeKey', { StringEquals: ACCOUNT }],
      [
        'events',
        SEND,
        {
          StringEquals: {
            'kms:EncryptionContext:aws:events:event-bus:arn': busArn('orders'),
            'aws:SourceArn': busArn('orders'),
          },
        },
      ],
    ],
  },
  'an archive, in place of the statements of aws-cdk-lib': {
    build: (stack, kmsKey) =>
      new events.Archive(stack, 'Archive', {
        kmsKey,
        eventPattern: { source: ['orders'] },
        sourceEventBus: new events.EventBus(stack, 'Bus', { eventBusName: 'orders' }),
      }),
    expected: [
      [
        'events',
        'kms:Decrypt kms:GenerateDataKey kms:ReEncrypt*',
        { StringEquals: { 'kms:EncryptionContext:aws:events:event-bus:arn': busArn('orders') } },
      ],
      ['events', 'kms:DescribeKey'],
    ],
  },
  'a rule that sends to a queue, in place of the statement of aws-cdk-lib': {
    build: (stack, key) => rule(stack, new targets.SqsQueue(queue(stack, key)), 'orders'),
    expected: [['events', SEND, from(ruleArn('orders'))]],
  },
  'a rule without a name that sends to a queue': {
    build: (stack, key) => rule(stack, new targets.SqsQueue(queue(stack, key))),
    expected: [['events', SEND, from(ruleArn('*'))]],
  },
  'a rule of a custom bus': {
    build: (stack, key) =>
      rule(
        stack,
        new targets.SqsQueue(queue(stack, key)),
        'orders',
        events.EventBus.fromEventBusName(stack, 'Bus', 'shop'),
      ),
    expected: [['events', SEND, from(ruleArn('shop/orders'))]],
  },
  'the dead-letter queue of a rule': {
    build: (stack, key) => {
      const deadLetterQueue = queue(stack, key);
      rule(stack, new targets.CloudWatchLogGroup(new logs.LogGroup(stack, 'Group'), { deadLetterQueue }), 'orders');
    },
    expected: [['events', SEND, from(ruleArn('orders'))]],
  },
  'a rule that publishes to a topic: no condition is supported': {
    build: (stack, key) => rule(stack, new targets.SnsTopic(topic(stack, key))),
    expected: [['events', PUBLISH]],
  },
  'an alarm that notifies a topic': {
    build: (stack, key) => alarm(stack, new actions.SnsAction(topic(stack, key)), 'errors'),
    expected: [['cloudwatch', PUBLISH, from('arn:aws:cloudwatch:eu-west-1:111122223333:alarm:errors')]],
  },
  'an alarm without a name': {
    build: (stack, key) => alarm(stack, new actions.SnsAction(topic(stack, key))),
    expected: [['cloudwatch', PUBLISH, from('arn:aws:cloudwatch:eu-west-1:111122223333:alarm:*')]],
  },
  'a composite alarm': {
    build: (stack, key) => {
      const alarmRule = cloudwatch.AlarmRule.fromBoolean(true);
      const made = new cloudwatch.CompositeAlarm(stack, 'Alarm', { compositeAlarmName: 'all', alarmRule });
      made.addOkAction(new actions.SnsAction(topic(stack, key)));
    },
    expected: [['cloudwatch', PUBLISH, from('arn:aws:cloudwatch:eu-west-1:111122223333:alarm:all')]],
  },
  'a topic that delivers to a queue': {
    build: (stack, key) => topic(stack).addSubscription(new subscriptions.SqsSubscription(queue(stack, key))),
    expected: [['sns', SEND, { ArnEquals: { 'aws:SourceArn': { Ref: expect.stringMatching(/^Topic/) } } }]],
  },
  'a topic that delivers to a queue under the same key': {
    build: (stack, key) => topic(stack, key).addSubscription(new subscriptions.SqsSubscription(queue(stack, key))),
    expected: [['sns', SEND, { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:111122223333:*' } }]],
  },
  'an L1 topic with a subscription inside': {
    build: (stack, key) =>
      new sns.CfnTopic(stack, 'Topic', {
        topicName: 'orders',
        subscription: [{ protocol: 'sqs', endpoint: queue(stack, key).queueArn }],
      }),
    expected: [['sns', SEND, { ArnEquals: { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:111122223333:orders' } }]],
  },
  'a bucket that notifies a queue, in place of two statements of aws-cdk-lib': {
    build: (stack, key) =>
      bucket(stack).addObjectCreatedNotification(new notifications.SqsDestination(queue(stack, key))),
    expected: [['s3', SEND, from({ 'Fn::GetAtt': [expect.stringMatching(/^Bucket/), 'Arn'] })]],
  },
  'a bucket that notifies a queue under the same key': {
    build: (stack, key) =>
      bucket(stack, key).addObjectCreatedNotification(new notifications.SqsDestination(queue(stack, key))),
    expected: [['s3', SEND, from('arn:aws:s3:::*')]],
  },
  'a bucket with a name that notifies a queue under the same key': {
    build: (stack, encryptionKey) =>
      new s3.Bucket(stack, 'Bucket', { bucketName: 'orders', encryptionKey }).addObjectCreatedNotification(
        new notifications.SqsDestination(queue(stack, encryptionKey)),
      ),
    expected: [['s3', SEND, from('arn:aws:s3:::orders')]],
  },
  'a bucket that notifies a topic, in place of the statement of aws-cdk-lib': {
    build: (stack, key) =>
      bucket(stack).addObjectCreatedNotification(new notifications.SnsDestination(topic(stack, key))),
    expected: [['s3', SEND, from({ 'Fn::Join': ['', ['arn:aws:s3:::', { Ref: expect.stringMatching(/^Bucket/) }]] })]],
  },
  'an L1 bucket that notifies a topic': {
    build: (stack, key) =>
      new s3.CfnBucket(stack, 'Bucket', {
        bucketName: 'orders',
        notificationConfiguration: {
          topicConfigurations: [{ event: 's3:ObjectCreated:*', topic: topic(stack, key).topicArn }],
        },
      }),
    expected: [['s3', SEND, from('arn:aws:s3:::orders')]],
  },
};
