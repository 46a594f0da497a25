import { App, Stack } from 'aws-cdk-lib';
import * as athena from 'aws-cdk-lib/aws-athena';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as dsql from 'aws-cdk-lib/aws-dsql';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as events from 'aws-cdk-lib/aws-events';
import * as guardduty from 'aws-cdk-lib/aws-guardduty';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as s3tables from 'aws-cdk-lib/aws-s3tables';
import * as s3vectors from 'aws-cdk-lib/aws-s3vectors';
import * as sns from 'aws-cdk-lib/aws-sns';
import {
  AccountDelegation,
  CallerService,
  EncryptionKey,
  type EncryptionKeyServices,
  SigningKey,
  SigningKeySpec,
  TopicPublisher,
} from '../../lib';
import { SERVICE_USES, type UseId } from '../../lib/services/service-uses';
import { DOCUMENTED } from './documented';

/* Every statement as AWS documents it, in each partition; test/services/automatic.test.ts has those that come by themselves. */

const { context } = require('../../cdk.json');
const ACCOUNT = '111122223333';

type Call = (services: EncryptionKeyServices, stack: Stack) => void;

const user = (stack: Stack) => iam.Role.fromRoleName(stack, 'User', 'User');
const bucket = (stack: Stack) => s3.Bucket.fromBucketName(stack, 'Bucket', 'orders');
const trail = (stack: Stack) => cloudtrail.CfnTrail.fromTrailName(stack, 'Trail', 'audit');
const bus = (stack: Stack) => events.EventBus.fromEventBusName(stack, 'Bus', 'orders');
const distribution = (stack: Stack) =>
  cloudfront.Distribution.fromDistributionAttributes(stack, 'Distribution', {
    distributionId: 'EDFDVBD6EXAMPLE',
    domainName: 'd111111abcdef8.cloudfront.net',
  });

const tableBucket = (stack: Stack, tableBucketName: string) =>
  new s3tables.CfnTableBucket(stack, 'Tables', { tableBucketName });

const CALLS: Readonly<Record<string, Call>> = {
  logGroup: (services, stack) => services.logGroup(logs.LogGroup.fromLogGroupName(stack, 'Group', '/orders/api')),
  logsInsightsResults: (services) => services.logsInsightsResults(),
  logsExport: (services) => services.logsExport(),
  vendedLogs: (services) => services.vendedLogs(),
  logDelivery: (services) => services.logDelivery(),
  cloudFrontStandardLogs: (services) => services.cloudFrontStandardLogs(),
  stepFunctionsLogs: (services) => services.stepFunctionsLogs(),
  serverAccessLogs: (services, stack) => services.serverAccessLogs(bucket(stack)),
  trail: (services, stack) => services.trail(trail(stack)),
  eventDataStore: (services) => services.eventDataStore(),
  trailNotifications: (services, stack) => services.trailNotifications(trail(stack)),
  configDelivery: (services) => services.configDelivery(),
  guardDutyExport: (services, stack) =>
    services.guardDutyExport(guardduty.CfnDetector.fromDetectorId(stack, 'Detector', '12abc34d567e')),
  bucketNotifications: (services, stack) => services.bucketNotifications(bucket(stack)),
  bucketInventory: (services, stack) => services.bucketInventory(bucket(stack)),
  storageLens: (services, stack) =>
    services.storageLens(
      new s3.CfnStorageLens(stack, 'Lens', {
        storageLensConfiguration: { id: 'all', isEnabled: true, accountLevel: { bucketLevel: {} } },
      }),
    ),
  s3Tables: (services, stack) => services.tableBucket(tableBucket(stack, 'orders')),
  s3Metadata: (services, stack) => services.metadataTables(tableBucket(stack, 'aws-s3')),
  s3Vectors: (services, stack) =>
    services.vectorBucket(new s3vectors.CfnVectorBucket(stack, 'Vectors', { vectorBucketName: 'orders' })),
  distributionRead: (services, stack) => services.distributionRead(distribution(stack)),
  distribution: (services, stack) => services.distribution(distribution(stack)),
  alarms: (services) => services.alarms(),
  topicSubscription: (services, stack) =>
    services.topicSubscription(
      sns.Topic.fromTopicArn(stack, 'Topic', stack.formatArn({ service: 'sns', resource: 'orders' })),
    ),
  eventBus: (services, stack) => services.eventBus(bus(stack)),
  eventArchive: (services, stack) => services.eventArchive(bus(stack)),
  eventRule: (services, stack) =>
    services.eventRule(
      events.Rule.fromEventRuleArn(
        stack,
        'Rule',
        stack.formatArn({ service: 'events', resource: 'rule', resourceName: 'orders' }),
      ),
    ),
  eventRuleToTopic: (services) => services.eventRuleToTopic(),
  globalTableReplication: (services, stack) =>
    services.globalTableReplication(dynamodb.Table.fromTableName(stack, 'Table', 'orders')),
  dsql: (services, stack) => services.dsqlCluster(dsql.CfnCluster.fromIdentifier(stack, 'Cluster', 'w4abucpbwuxx')),
  athenaManagedResults: (services, stack) =>
    services.athenaManagedResults(athena.CfnWorkGroup.fromWorkGroupName(stack, 'Workgroup', 'orders')),
  sesMail: (services) => services.sesMail(),
  autoScaling: (services) => services.autoScaling(),
  backupRole: (services, stack) => services.backupRole(user(stack)),
  ecrRepository: (services, stack) => services.ecrRepository(user(stack)),
  sessionManager: (services) => services.sessionManager(),
  ...Object.fromEntries(
    Object.values(TopicPublisher).map((publisher): [string, Call] => [
      `publisher-${publisher}`,
      (services) => services.topicPublisher(publisher),
    ]),
  ),
  ...Object.fromEntries(
    Object.values(CallerService).map((service): [string, Call] => [
      `caller-${service}`,
      (services, stack) => services.viaService(service, user(stack)),
    ]),
  ),
};

interface Statement {
  readonly Sid?: string;
}

const app = new App({ context });

/** The statements that a call adds, with pseudo parameters of the partition written out. */
function statementsOf(call: Call, region: string): readonly Statement[] {
  const stack = new Stack(app, `Test${app.node.children.length}`, { env: { account: ACCOUNT, region } });
  const key = new EncryptionKey(stack, 'Key', { accountDelegation: AccountDelegation.ADMINISTRATION });
  call(key.services, stack);
  return policyOf(stack);
}

/** The policy of the key of a stack as it will be rendered; nothing else is synthesized. */
function policyOf(stack: Stack): readonly Statement[] {
  const key = stack.node.findAll().find((child): child is kms.CfnKey => child instanceof kms.CfnKey);
  const statements: Statement[] = stack.resolve(key?.keyPolicy).Statement;
  return statements.filter(({ Sid }) => Sid === undefined);
}

/** The order of actions, and of names in a statement, says nothing. */
const normal = (statements: readonly unknown[]) =>
  statements.map((statement) =>
    JSON.parse(JSON.stringify(statement), (name, value) =>
      name === 'Action' && Array.isArray(value) ? [...value].sort() : value,
    ),
  );

/** What AWS documents, in another Region and partition. */
function documentedIn(id: string, region: string, partition: string): readonly unknown[] {
  const text = JSON.stringify(DOCUMENTED[id])
    .replaceAll('arn:aws:', `arn:${partition}:`)
    .replaceAll('eu-west-1', region);
  return JSON.parse(
    partition === 'aws-cn' ? text.replaceAll(`logs.${region}.amazonaws.com`, `logs.${region}.amazonaws.com.cn`) : text,
  );
}

test('every use of the table has a statement written from the page of AWS, and a method', () => {
  const encryption = Object.entries(SERVICE_USES).filter(([, { keys }]) => keys !== 'signing');
  expect(Object.keys(DOCUMENTED).sort()).toEqual(Object.keys(SERVICE_USES).sort());
  expect(Object.keys(CALLS).sort()).toEqual(encryption.map(([id]) => id).sort());
});

describe.each([
  ['aws', 'eu-west-1'],
  ['aws-cn', 'cn-north-1'],
  ['aws-us-gov', 'us-gov-west-1'],
])('in partition %s, Region %s, the statement is the documented one', (partition, region) => {
  test.each(Object.keys(CALLS))('for %s', (id) => {
    const call = CALLS[id] ?? (() => {});
    // "caller-logs" has no host name of its own in China: kms:ViaService has one suffix everywhere.
    const expected =
      id === 'caller-logs'
        ? JSON.parse(
            JSON.stringify(DOCUMENTED[id]).replaceAll('arn:aws:', `arn:${partition}:`).replaceAll('eu-west-1', region),
          )
        : documentedIn(id, region, partition);
    expect(normal(statementsOf(call, region))).toEqual(normal(expected));
  });
});

test('without a Region, statements have the pseudo parameters of the stack', () => {
  const stack = new Stack(new App({ context }), 'Test');
  new EncryptionKey(stack, 'Key').services.logGroup(logs.LogGroup.fromLogGroupName(stack, 'Group', 'orders'));
  const arn = [
    'arn:',
    { Ref: 'AWS::Partition' },
    ':logs:',
    { Ref: 'AWS::Region' },
    ':',
    { Ref: 'AWS::AccountId' },
    ':log-group:orders',
  ];
  expect(policyOf(stack)).toEqual([
    expect.objectContaining({
      Principal: { Service: { 'Fn::Join': ['', ['logs.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }]] } },
      Condition: { ArnEquals: { 'kms:EncryptionContext:aws:logs:arn': { 'Fn::Join': ['', arn] } } },
    }),
  ]);
});

test('a statement is written once, whatever the number of calls', () => {
  const twice: Call = (services, stack) => {
    const group = logs.LogGroup.fromLogGroupName(stack, 'Group', '/orders/api');
    services.logGroup(group);
    services.logGroup(group);
    services.viaService(CallerService.S3);
    services.viaService(CallerService.S3);
  };
  expect(statementsOf(twice, 'eu-west-1')).toHaveLength(2);
});

test('several resources of one use stand in one statement; too many become all of the account', () => {
  const groups =
    (count: number): Call =>
    (services, stack) => {
      for (let i = 0; i < count; i += 1) {
        services.logGroup(logs.LogGroup.fromLogGroupName(stack, `Group${i}`, `g${i}`));
      }
    };
  const arn = 'arn:aws:logs:eu-west-1:111122223333:log-group:';
  expect(statementsOf(groups(2), 'eu-west-1')).toEqual([
    expect.objectContaining({
      Condition: { ArnEquals: { 'kms:EncryptionContext:aws:logs:arn': [`${arn}g0`, `${arn}g1`] } },
    }),
  ]);
  expect(statementsOf(groups(26), 'eu-west-1')).toEqual([
    expect.objectContaining({ Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `${arn}*` } } }),
  ]);
});

test('identities without effect are warned of: IAM policies decide about all use already', () => {
  const stack = new Stack(new App({ context }), 'Test');
  const key = new EncryptionKey(stack, 'Key');
  key.services.viaService(CallerService.RDS);
  expect(JSON.stringify(key.node.metadata)).toContain('caller-rds');
});

describe('DNSSEC', () => {
  const zoneOf = (stack: Stack) => route53.HostedZone.fromHostedZoneId(stack, 'Zone', 'Z0123456789EXAMPLE');
  const signing = (region: string, keySpec: SigningKeySpec) => {
    const stack = new Stack(app, `Signing${app.node.children.length}`, { env: { account: ACCOUNT, region } });
    return { stack, key: new SigningKey(stack, 'Key', { keySpec, accountDelegation: AccountDelegation.FULL }) };
  };

  test('a signing key signs for one hosted zone', () => {
    const { stack, key } = signing('us-east-1', SigningKeySpec.ECC_NIST_P256);
    key.services.dnssec(zoneOf(stack));
    expect(normal(policyOf(stack))).toEqual(normal(DOCUMENTED['dnssec'] ?? []));
    expect(key.node.validate()).toEqual([]);
  });

  test('fails with another spec and in another Region', () => {
    const { stack, key } = signing('eu-west-1', SigningKeySpec.RSA_2048);
    expect(key.node.validate()).toEqual([]);
    key.services.dnssec(zoneOf(stack));
    expect(key.node.validate()).toEqual([
      expect.stringContaining('spec RSA_2048'),
      expect.stringContaining('key in eu-west-1'),
    ]);
  });
});

test('every use names a page of AWS, and ids are the names of uses', () => {
  const ids = Object.keys(SERVICE_USES) as UseId[];
  for (const id of ids) {
    expect(SERVICE_USES[id].see).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/.+\.html$/);
  }
});
