import * as athena from 'aws-cdk-lib/aws-athena';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import * as dms from 'aws-cdk-lib/aws-dms';
import * as dsql from 'aws-cdk-lib/aws-dsql';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as redshift from 'aws-cdk-lib/aws-redshift';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as s3tables from 'aws-cdk-lib/aws-s3tables';
import * as s3vectors from 'aws-cdk-lib/aws-s3vectors';
import * as ses from 'aws-cdk-lib/aws-ses';
import type * as sns from 'aws-cdk-lib/aws-sns';
import * as stepfunctions from 'aws-cdk-lib/aws-stepfunctions';
import { ACCOUNT, bucket, type Case, DELIVER, distribution, ENV, from, PUBLISH, SEND, topic } from './automatic-parts';

/** Buckets and all that stores data. */
export const STORE_CASES: Readonly<Record<string, Case>> = {
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
