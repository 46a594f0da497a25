import { Annotations, App, Aspects, CfnResource, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as athena from 'aws-cdk-lib/aws-athena';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as config from 'aws-cdk-lib/aws-config';
import * as dms from 'aws-cdk-lib/aws-dms';
import * as dsql from 'aws-cdk-lib/aws-dsql';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as guardduty from 'aws-cdk-lib/aws-guardduty';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as redshift from 'aws-cdk-lib/aws-redshift';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as notifications from 'aws-cdk-lib/aws-s3-notifications';
import * as s3tables from 'aws-cdk-lib/aws-s3tables';
import * as s3vectors from 'aws-cdk-lib/aws-s3vectors';
import * as ses from 'aws-cdk-lib/aws-ses';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as stepfunctions from 'aws-cdk-lib/aws-stepfunctions';
import { EncryptionKey, KeyServices, SigningKey, SigningKeySpec } from '../../lib';
import { AUTOMATIC_RULES } from '../../lib/services/automatic/rules';

/* Statements that come by themselves when a key is given to a resource. Each case is a stack of one app. */

const { context } = require('../../cdk.json');
const ENV = { account: '111122223333', region: 'eu-west-1' };
const ACCOUNT = { 'aws:SourceAccount': ENV.account };

type Build = (stack: Stack, key: EncryptionKey) => void;

const topic = (stack: Stack, masterKey?: EncryptionKey) => new sns.Topic(stack, 'Topic', { masterKey });
const queue = (stack: Stack, encryptionMasterKey?: EncryptionKey) =>
  new sqs.Queue(stack, 'Queue', { encryptionMasterKey });
const bucket = (stack: Stack, encryptionKey?: EncryptionKey, id = 'Bucket') =>
  new s3.Bucket(stack, id, { encryptionKey });
const rule = (stack: Stack, target: events.IRuleTarget, ruleName?: string, eventBus?: events.IEventBus) =>
  new events.Rule(stack, 'Rule', { ruleName, eventBus, eventPattern: { source: ['orders'] }, targets: [target] });
const alarm = (stack: Stack, action: cloudwatch.IAlarmAction, alarmName?: string) => {
  const metric = new cloudwatch.Metric({ namespace: 'Orders', metricName: 'Errors' });
  const made = metric.createAlarm(stack, 'Alarm', { alarmName, threshold: 1, evaluationPeriods: 1 });
  made.addAlarmAction(action);
  return made;
};
const distribution = (stack: Stack, key: EncryptionKey, originAccessLevels?: cloudfront.AccessLevel[]) => {
  // Its advice, to write the id of the distribution after the first deployment, is as good with our keys as with others.
  Annotations.of(stack).acknowledgeWarning('@aws-cdk/aws-cloudfront-origins:wildcardKeyPolicyForOac');
  const origin = origins.S3BucketOrigin.withOriginAccessControl(bucket(stack, key), { originAccessLevels });
  return new cloudfront.Distribution(stack, 'Distribution', { defaultBehavior: { origin } });
};

interface Case {
  readonly build: Build;
  /** Service, conditions and how many statements; undefined where there is no condition. */
  readonly expected: readonly (readonly [service: string, actions: string, condition?: unknown])[];
}

const from = (arn: unknown) => ({ StringEquals: ACCOUNT, ArnLike: { 'aws:SourceArn': arn } });
const SEND = 'kms:Decrypt kms:GenerateDataKey';
const PUBLISH = 'kms:Decrypt kms:GenerateDataKey*';
const DELIVER = 'kms:Decrypt kms:DescribeKey kms:Encrypt kms:GenerateDataKey* kms:ReEncrypt*';
const LOG = 'kms:Decrypt kms:Describe* kms:Encrypt kms:GenerateDataKey* kms:ReEncrypt*';
const logsOf = (arn: string) => ({
  ['kms:EncryptionContext:aws:logs:arn']: `arn:aws:logs:eu-west-1:111122223333:${arn}`,
});
const trailStatements = (name: string, operator: string): Case['expected'] => {
  const source = { 'aws:SourceArn': `arn:aws:cloudtrail:eu-west-1:111122223333:trail/${name}` };
  const all = { 'kms:EncryptionContext:aws:cloudtrail:arn': 'arn:aws:cloudtrail:*:111122223333:trail/*' };
  return [
    ['cloudtrail', 'kms:GenerateDataKey*', { [operator]: source, StringLike: all }],
    ['cloudtrail', 'kms:Decrypt kms:DescribeKey', { [operator]: source }],
  ];
};
const ruleArn = (name: string) => `arn:aws:events:eu-west-1:111122223333:rule/${name}`;
const busArn = (name: string) => `arn:aws:events:eu-west-1:111122223333:event-bus/${name}`;

const CASES: Readonly<Record<string, Case>> = {
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
  'an inventory of a bucket': {
    build: (stack, key) =>
      new s3.Bucket(stack, 'Bucket', {
        bucketName: 'orders',
        inventories: [{ destination: { bucket: bucket(stack, key, 'Lists') } }],
      }),
    expected: [['s3', 'kms:GenerateDataKey', from('arn:aws:s3:::orders')]],
  },
  'server access logs, in place of the statement of aws-cdk-lib': {
    build: (stack, key) =>
      new s3.Bucket(stack, 'Bucket', { bucketName: 'orders', serverAccessLogsBucket: bucket(stack, key, 'Logs') }),
    expected: [
      ['logging.s3', 'kms:Decrypt kms:Encrypt kms:GenerateDataKey* kms:ReEncrypt*', from('arn:aws:s3:::orders')],
    ],
  },
  'a Storage Lens export': {
    build: (stack, key) =>
      new s3.CfnStorageLens(stack, 'Lens', {
        storageLensConfiguration: {
          id: 'all',
          isEnabled: true,
          accountLevel: { bucketLevel: {} },
          dataExport: {
            s3BucketDestination: {
              accountId: ENV.account,
              arn: 'arn:aws:s3:::audit',
              format: 'CSV',
              outputSchemaVersion: 'V_1',
              encryption: { ssekms: { keyId: key.keyArn } },
            },
          },
        },
      }),
    expected: [
      [
        'storage-lens.s3',
        'kms:GenerateDataKey',
        {
          StringEquals: { ...ACCOUNT, 'aws:SourceArn': 'arn:aws:s3:eu-west-1:111122223333:storage-lens/all' },
        },
      ],
    ],
  },
  'a table bucket': {
    build: (stack, key) =>
      new s3tables.CfnTableBucket(stack, 'Tables', {
        tableBucketName: 'orders',
        encryptionConfiguration: { sseAlgorithm: 'aws:kms', kmsKeyArn: key.keyArn },
      }),
    expected: [
      [
        'maintenance.s3tables',
        SEND,
        {
          StringLike: {
            'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3tables:eu-west-1:111122223333:bucket/orders/*',
          },
        },
      ],
    ],
  },
  'a vector bucket': {
    build: (stack, key) =>
      new s3vectors.CfnVectorBucket(stack, 'Vectors', {
        encryptionConfiguration: { sseType: 'aws:kms', kmsKeyArn: key.keyArn },
      }),
    expected: [
      [
        'indexing.s3vectors',
        'kms:Decrypt',
        {
          ...from('arn:aws:s3vectors:eu-west-1:111122223333:bucket/*'),
          'ForAnyValue:StringEquals': {
            'kms:EncryptionContextKeys': ['aws:s3vectors:arn', 'aws:s3vectors:resource-id'],
          },
        },
      ],
    ],
  },
  'a flow log to a bucket': {
    build: (stack, key) =>
      new ec2.Vpc(stack, 'Vpc', { natGateways: 0 }).addFlowLog('Flow', {
        destination: ec2.FlowLogDestination.toS3(bucket(stack, key)),
      }),
    expected: [['delivery.logs', DELIVER, from('arn:aws:logs:eu-west-1:111122223333:*')]],
  },
  'a delivery destination': {
    build: (stack, key) =>
      new logs.CfnDeliveryDestination(stack, 'Destination', {
        name: 'audit',
        destinationResourceArn: bucket(stack, key).bucketArn,
      }),
    expected: [['delivery.logs', DELIVER, from('arn:aws:logs:eu-west-1:111122223333:delivery-source:*')]],
  },
  'a distribution that reads, in place of the statement of aws-cdk-lib': {
    build: (stack, key) => distribution(stack, key),
    expected: [
      [
        'cloudfront',
        'kms:Decrypt',
        { ArnLike: { 'aws:SourceArn': 'arn:aws:cloudfront::111122223333:distribution/*' } },
      ],
    ],
  },
  'a distribution that writes, in place of the statement of aws-cdk-lib': {
    build: (stack, key) => distribution(stack, key, [cloudfront.AccessLevel.READ, cloudfront.AccessLevel.WRITE]),
    expected: [
      [
        'cloudfront',
        'kms:Decrypt kms:Encrypt kms:GenerateDataKey*',
        { ArnLike: { 'aws:SourceArn': 'arn:aws:cloudfront::111122223333:distribution/*' } },
      ],
    ],
  },
  'an L1 distribution': {
    build: (stack, key) => {
      const { attrId } = new cloudfront.CfnOriginAccessControl(stack, 'Access', {
        originAccessControlConfig: {
          name: 'access',
          originAccessControlOriginType: 's3',
          signingBehavior: 'always',
          signingProtocol: 'sigv4',
        },
      });
      new cloudfront.CfnDistribution(stack, 'Distribution', {
        distributionConfig: {
          enabled: true,
          defaultCacheBehavior: { targetOriginId: 'one', viewerProtocolPolicy: 'https-only' },
          origins: [
            {
              id: 'one',
              domainName: bucket(stack, key).bucketRegionalDomainName,
              originAccessControlId: attrId,
              s3OriginConfig: {},
            },
          ],
        },
      });
    },
    expected: [
      [
        'cloudfront',
        'kms:Decrypt',
        { ArnLike: { 'aws:SourceArn': 'arn:aws:cloudfront::111122223333:distribution/*' } },
      ],
    ],
  },
  'legacy logs of a distribution': {
    build: (stack, encryptionKey) =>
      new cloudfront.Distribution(stack, 'Distribution', {
        defaultBehavior: { origin: new origins.HttpOrigin('example.com') },
        logBucket: new s3.Bucket(stack, 'Bucket', {
          encryptionKey,
          objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_PREFERRED,
        }),
      }),
    expected: [['delivery.logs', PUBLISH]],
  },
  'a state machine with logs, in place of the statement of aws-cdk-lib': {
    build: (stack, key) =>
      new stepfunctions.StateMachine(stack, 'Machine', {
        definitionBody: stepfunctions.DefinitionBody.fromChainable(new stepfunctions.Pass(stack, 'Pass')),
        encryptionConfiguration: new stepfunctions.CustomerManagedEncryptionConfiguration(key),
        logs: { destination: new logs.LogGroup(stack, 'Group'), level: stepfunctions.LogLevel.ALL },
      }),
    expected: [['delivery.logs', 'kms:Decrypt']],
  },
  'a DSQL cluster': {
    build: (stack, key) => new dsql.CfnCluster(stack, 'Cluster', { kmsEncryptionKey: key.keyArn }),
    expected: [
      [
        'dsql',
        'kms:Decrypt kms:Encrypt kms:GenerateDataKey kms:ReEncryptFrom kms:ReEncryptTo',
        {
          StringLike: {
            'kms:EncryptionContext:aws:dsql:ClusterId': '*',
            'aws:SourceArn': 'arn:aws:dsql:eu-west-1:111122223333:cluster/*',
          },
        },
      ],
      ['dsql', 'kms:DescribeKey', { StringLike: { 'aws:SourceArn': 'arn:aws:dsql:eu-west-1:111122223333:cluster/*' } }],
    ],
  },
  'managed query results of Athena': {
    build: (stack, key) =>
      new athena.CfnWorkGroup(stack, 'Workgroup', {
        name: 'orders',
        workGroupConfiguration: {
          managedQueryResultsConfiguration: { enabled: true, encryptionConfiguration: { kmsKey: key.keyArn } },
        },
      }),
    expected: [
      [
        'encryption.athena',
        SEND,
        {
          StringEquals: ACCOUNT,
          ArnLike: {
            'kms:EncryptionContext:aws:athena:arn': 'arn:aws:athena:eu-west-1:111122223333:workgroup/orders',
            'aws:SourceArn': 'arn:aws:athena:eu-west-1:111122223333:workgroup/orders',
          },
        },
      ],
      ['encryption.athena', 'kms:DescribeKey', from('arn:aws:athena:eu-west-1:111122223333:workgroup/orders')],
    ],
  },
  'received mail that SES encrypts': {
    build: (stack, key) =>
      new ses.CfnReceiptRule(stack, 'Rule', {
        ruleSetName: 'mail',
        rule: { actions: [{ s3Action: { bucketName: 'mail', kmsKeyArn: key.keyArn } }] },
      }),
    expected: [
      [
        'ses',
        'kms:Encrypt kms:GenerateDataKey*',
        {
          Null: {
            'kms:EncryptionContext:aws:ses:rule-name': 'false',
            'kms:EncryptionContext:aws:ses:message-id': 'false',
          },
          StringEquals: { 'kms:EncryptionContext:aws:ses:source-account': ENV.account },
        },
      ],
    ],
  },
  'events of SES to a topic': {
    build: (stack, key) => {
      new ses.CfnReceiptRule(stack, 'Rule', {
        ruleSetName: 'mail',
        rule: { actions: [{ snsAction: { topicArn: topic(stack, key).topicArn } }] },
      });
      new ses.CfnConfigurationSetEventDestination(stack, 'Destination', {
        configurationSetName: 'mail',
        eventDestination: {
          matchingEventTypes: ['bounce'],
          snsDestination: { topicArn: (stack.node.findChild('Topic') as sns.Topic).topicArn },
        },
      });
    },
    expected: [['ses', PUBLISH, from('arn:aws:ses:eu-west-1:111122223333:*')]],
  },
  'events of RDS, DMS and Redshift to a topic': {
    build: (stack, key) => {
      const snsTopicArn = topic(stack, key).topicArn;
      new rds.CfnEventSubscription(stack, 'Rds', { snsTopicArn });
      new dms.CfnEventSubscription(stack, 'Dms', { snsTopicArn });
      new redshift.CfnEventSubscription(stack, 'Redshift', { subscriptionName: 'events', snsTopicArn });
    },
    expected: [
      ['dms', PUBLISH, from('arn:aws:dms:eu-west-1:111122223333:*')],
      ['events.rds', PUBLISH, from('arn:aws:rds:eu-west-1:111122223333:*')],
      ['redshift', PUBLISH, from('arn:aws:redshift:eu-west-1:111122223333:*')],
    ],
  },
};

interface Statement {
  readonly Sid?: string;
  readonly Action: string | string[];
  readonly Principal: { readonly Service?: string; readonly AWS?: unknown };
  readonly Condition?: unknown;
}

const app = new App({ context });
const stacks = new Map<string, Stack>();
let made = 0;

/** A stack of the app with a key; the app is synthesized when the first test looks. */
function declare(name: string, build: Build, automaticServiceAccess?: boolean): void {
  made += 1;
  const stack = new Stack(app, `Test${made}`, { env: ENV });
  build(stack, new EncryptionKey(stack, 'Key', { automaticServiceAccess }));
  stacks.set(name, stack);
}

function statementsOf(name: string): readonly Statement[] {
  const stack = stacks.get(name);
  if (stack === undefined) throw new Error(`no case ${name}`);
  const [key] = Object.values(Template.fromStack(stack).findResources('AWS::KMS::Key'));
  const statements: Statement[] = key?.Properties.KeyPolicy.Statement;
  return statements.filter(({ Sid }) => Sid === undefined);
}

const inShort = ({ Principal, Action, Condition }: Statement) =>
  [Principal.Service, [Action].flat().sort().join(' '), Condition] as const;

const rendered = (expected: Case['expected']) =>
  expected.map(([service, allowed, condition]) => [`${service}.amazonaws.com`, allowed, condition]);

for (const [name, { build }] of Object.entries(CASES)) {
  declare(name, build);
}

const encryptedGroup = (stack: Stack, encryptionKey: EncryptionKey) =>
  new logs.LogGroup(stack, 'Group', { logGroupName: 'orders', encryptionKey });
const notifying = (stack: Stack, key: EncryptionKey, id = 'Bucket') => {
  const source = bucket(stack, undefined, id);
  source.addObjectCreatedNotification(new notifications.SqsDestination(queue(stack, key)));
  return source;
};

declare('nothing automatic: log group', encryptedGroup, false);
declare('nothing automatic: notification', (stack, key) => notifying(stack, key), false);
declare('opted out: log group', (stack, key) => KeyServices.optOut(encryptedGroup(stack, key)));
declare('opted out: all of a stack', (stack, key) => {
  encryptedGroup(stack, key);
  KeyServices.optOut(stack);
});
declare('opted out: one of two', (stack, key) => {
  const target = queue(stack, key);
  for (const id of ['One', 'Two']) {
    bucket(stack, undefined, id).addObjectCreatedNotification(new notifications.SqsDestination(target));
  }
  KeyServices.optOut(stack.node.findChild('Two'));
});
declare('explicit too', (stack, key) => key.services.logGroup(encryptedGroup(stack, key)));
declare('written by hand too', (stack, key) => {
  encryptedGroup(stack, key);
  key.addToResourcePolicy(
    new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal('logs.eu-west-1.amazonaws.com')],
      actions: LOG.split(' '),
      resources: ['*'],
      conditions: { ArnEquals: logsOf('log-group:orders') },
    }),
  );
});
declare('unlike what aws-cdk-lib writes', (_stack, key) => {
  key.addToResourcePolicy(
    new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal('s3.amazonaws.com')],
      actions: ['kms:GenerateDataKey'],
      resources: ['*'],
    }),
  );
});
{
  const global = new Stack(app, 'Signed', { env: { ...ENV, region: 'us-east-1' } });
  stacks.set('a signed hosted zone', global);
  const zone = new route53.PublicHostedZone(global, 'Zone', { zoneName: 'example.com' });
  const kmsKey = new SigningKey(global, 'Key', { keySpec: SigningKeySpec.ECC_NIST_P256 });
  new route53.KeySigningKey(global, 'KeySigningKey', { hostedZone: zone, kmsKey });
}
declare('an Auto Scaling group', (stack, kmsKey) => {
  const launchTemplate = new ec2.LaunchTemplate(stack, 'Template', {
    instanceType: new ec2.InstanceType('t3.micro'),
    machineImage: ec2.MachineImage.genericLinux({ 'eu-west-1': 'ami-12345678' }),
    blockDevices: [{ deviceName: '/dev/sda1', volume: ec2.BlockDeviceVolume.ebs(8, { encrypted: true, kmsKey }) }],
  });
  const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 0, maxAzs: 1, restrictDefaultSecurityGroup: false });
  new autoscaling.AutoScalingGroup(stack, 'Group', {
    vpc,
    launchTemplate,
    vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC },
  });
});
declare('a launch template alone', (stack, kmsKey) => {
  new ec2.LaunchTemplate(stack, 'Template', {
    blockDevices: [{ deviceName: '/dev/sda1', volume: ec2.BlockDeviceVolume.ebs(8, { encrypted: true, kmsKey }) }],
  });
});
declare('a nested stack', (stack, key) => encryptedGroup(new NestedStack(stack, 'Nested'), key));
declare('another stack', (stack, key) => encryptedGroup(new Stack(app, 'Other', { env: ENV }), key) && stack);
declare('a bucket of another stack', (_stack, key) => {
  const elsewhere = new Stack(app, 'Elsewhere', { env: ENV });
  notifying(elsewhere, key);
});

test.each(Object.entries(CASES))('%s', (name, { expected }) => {
  const found = [...statementsOf(name)].map(inShort);
  expect(found).toHaveLength(expected.length);
  expect(found).toEqual(expect.arrayContaining(rendered(expected)));
});

test('every resource type that brings a statement along has a case', () => {
  const types = new Set(
    [...stacks.values()].flatMap((stack) =>
      stack.node
        .findAll()
        .filter(CfnResource.isCfnResource)
        .map(({ cfnResourceType }) => cfnResourceType),
    ),
  );
  const missing = AUTOMATIC_RULES.map(({ type }) => type).filter((type) => !types.has(type));
  expect(missing).toEqual([]);
});

test('a hosted zone that is signed, in place of the statements of aws-cdk-lib, brings its statements along', () => {
  const found = statementsOf('a signed hosted zone').map(inShort);
  const zone = {
    'aws:SourceArn': { 'Fn::Join': ['', ['arn:aws:route53:::hostedzone/', { Ref: expect.stringMatching(/^Zone/) }]] },
  };
  expect(found).toEqual([
    [
      'dnssec-route53.amazonaws.com',
      'kms:DescribeKey kms:GetPublicKey kms:Sign',
      { StringEquals: ACCOUNT, ArnEquals: zone },
    ],
    [
      'dnssec-route53.amazonaws.com',
      'kms:CreateGrant',
      { StringEquals: ACCOUNT, ArnEquals: zone, Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    ],
  ]);
});

describe('what comes by itself can be kept away', () => {
  const logGroup = ['logs.eu-west-1.amazonaws.com', LOG, { ArnEquals: logsOf('log-group:orders') }];

  test('from a key: then only what aws-cdk-lib writes is there, narrowed as far as it can be', () => {
    expect(statementsOf('nothing automatic: log group')).toEqual([]);
    expect(statementsOf('nothing automatic: notification').map(inShort)).toEqual([
      ['s3.amazonaws.com', SEND, from('arn:aws:s3:::*')],
    ]);
  });

  test('from a resource, and from all in a construct', () => {
    expect(statementsOf('opted out: log group')).toEqual([]);
    expect(statementsOf('opted out: all of a stack')).toEqual([]);
  });

  test('and what aws-cdk-lib lets in for a resource that was opted out is not taken away for the sake of another', () => {
    expect(statementsOf('opted out: one of two').map(inShort)).toEqual([
      ['s3.amazonaws.com', SEND, from('arn:aws:s3:::*')],
    ]);
  });

  test.each(['explicit too', 'written by hand too', 'a nested stack', 'another stack'])(
    'one statement of one kind: %s',
    (name) => {
      expect(statementsOf(name).map(inShort)).toEqual([logGroup]);
    },
  );

  test('a statement that is not exactly one of aws-cdk-lib stays as its author wrote it', () => {
    expect(statementsOf('unlike what aws-cdk-lib writes').map(inShort)).toEqual([
      ['s3.amazonaws.com', 'kms:GenerateDataKey', undefined],
    ]);
  });

  test('a resource of another stack is not referred to', () => {
    expect(statementsOf('a bucket of another stack').map(inShort)).toEqual([
      ['s3.amazonaws.com', SEND, from('arn:aws:s3:::*')],
    ]);
  });
});

test('an Auto Scaling group whose launch template has a volume under the key brings its role along', () => {
  const role = 'arn:aws:iam::111122223333:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling';
  const found = statementsOf('an Auto Scaling group').map(({ Principal, Action, Condition }) => [
    Principal.AWS,
    [Action].flat().sort().join(' '),
    Condition,
  ]);
  expect(found).toEqual([
    [role, DELIVER, undefined],
    [role, 'kms:CreateGrant', { Bool: { 'kms:GrantIsForAWSResource': 'true' } }],
  ]);
  expect(statementsOf('a launch template alone')).toEqual([]);
});

test('each Stage has one Aspect of its own, whatever the number of keys', () => {
  const root = new App({ context });
  const stages = ['Test', 'Prod'].map((id) => new Stage(root, id, { env: ENV }));
  for (const stage of stages) {
    const stack = new Stack(stage, 'Stack');
    encryptedGroup(stack, new EncryptionKey(stack, 'One'));
    new EncryptionKey(stack, 'Two');
  }
  expect(stages.map((stage) => Aspects.of(stage).all.length)).toEqual([1, 1]);
  expect(Aspects.of(root).all).toHaveLength(0);
  const assembly = root.synth();
  for (const stage of stages) {
    const [artifact] = assembly.getNestedAssembly(stage.artifactId).stacks;
    expect(JSON.stringify(artifact?.template)).toContain('kms:EncryptionContext:aws:logs:arn');
  }
});

test('synthesis a second time changes nothing', () => {
  const root = new App({ context });
  const stack = new Stack(root, 'Stack', { env: ENV });
  notifying(stack, new EncryptionKey(stack, 'Key'));
  const first = root.synth({ force: true }).stacks[0]?.template;
  expect(root.synth({ force: true }).stacks[0]?.template).toEqual(first);
});

test('a use that is asked for after the policy was rendered still gets its statement', () => {
  const stack = new Stack(new App({ context }), 'Stack', { env: ENV });
  const key = new EncryptionKey(stack, 'Key');
  key.services.logGroup(logs.LogGroup.fromLogGroupName(stack, 'One', 'one'));
  const look = () => JSON.stringify(stack.resolve((key.node.defaultChild as kms.CfnKey).keyPolicy));
  expect(look()).not.toContain('log-group:two');
  key.services.logGroup(logs.LogGroup.fromLogGroupName(stack, 'Two', 'two'));
  expect(look()).toContain('log-group:one');
  expect(look()).toContain('log-group:two');
});
