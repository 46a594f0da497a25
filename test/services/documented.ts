/*
 * What AWS's pages say, written from them by hand and not from the table: for account 111122223333 in eu-west-1.
 * `see` in the table names the page of each.
 */

type Statement = Readonly<Record<string, unknown>>;

const kms = (...names: string[]) => (names.length === 1 ? `kms:${names[0]}` : names.map((name) => `kms:${name}`));

const allow = (service: string | string[], Action: unknown, Condition?: unknown): Statement => ({
  Effect: 'Allow',
  Principal: { Service: service },
  Action,
  Resource: '*',
  ...(Condition === undefined ? {} : { Condition }),
});

const identity = (AWS: string, Action: unknown, Condition?: unknown): Statement => ({
  ...allow('', Action, Condition),
  Principal: { AWS },
});

const ACCOUNT = { 'aws:SourceAccount': '111122223333' };
const ROOT = 'arn:aws:iam::111122223333:root';
const USER = 'arn:aws:iam::111122223333:role/User';
const CRYPTO = kms('Encrypt', 'Decrypt', 'ReEncrypt*', 'GenerateDataKey*', 'DescribeKey');

const from = (arn: string) => ({ StringEquals: ACCOUNT, ArnLike: { 'aws:SourceArn': arn } });
const trail = 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit';
const bus = 'arn:aws:events:eu-west-1:111122223333:event-bus/orders';
const forAws = { Bool: { 'kms:GrantIsForAWSResource': 'true' } };

const publisher = (principal: string, service: string) => [
  allow(
    `${principal}.amazonaws.com`,
    kms('GenerateDataKey*', 'Decrypt'),
    from(`arn:aws:${service}:eu-west-1:111122223333:*`),
  ),
];

const through = (service: string) => ({
  StringEquals: { 'kms:ViaService': `${service}.eu-west-1.amazonaws.com`, 'kms:CallerAccount': '111122223333' },
});

const caller = (service: string, grants = false) => [
  identity(USER, CRYPTO, through(service)),
  ...(grants ? [identity(USER, 'kms:CreateGrant', { ...through(service), ...forAws })] : []),
];

export const DOCUMENTED: Readonly<Record<string, readonly Statement[]>> = {
  logGroup: [
    allow('logs.eu-west-1.amazonaws.com', kms('Encrypt', 'Decrypt', 'ReEncrypt*', 'GenerateDataKey*', 'Describe*'), {
      ArnEquals: {
        'kms:EncryptionContext:aws:logs:arn': 'arn:aws:logs:eu-west-1:111122223333:log-group:/orders/api',
      },
    }),
  ],
  logsInsightsResults: [
    allow('logs.eu-west-1.amazonaws.com', kms('Encrypt*', 'Decrypt*', 'ReEncrypt*', 'GenerateDataKey*', 'Describe*'), {
      ArnEquals: { 'aws:SourceArn': 'arn:aws:logs:eu-west-1:111122223333:query-result:*' },
      StringEquals: ACCOUNT,
    }),
  ],
  logsExport: [allow('logs.eu-west-1.amazonaws.com', kms('GenerateDataKey', 'Decrypt'))],
  vendedLogs: [allow('delivery.logs.amazonaws.com', CRYPTO, from('arn:aws:logs:eu-west-1:111122223333:*'))],
  logDelivery: [
    allow('delivery.logs.amazonaws.com', CRYPTO, from('arn:aws:logs:eu-west-1:111122223333:delivery-source:*')),
  ],
  cloudFrontStandardLogs: [allow('delivery.logs.amazonaws.com', kms('GenerateDataKey*', 'Decrypt'))],
  stepFunctionsLogs: [allow('delivery.logs.amazonaws.com', 'kms:Decrypt')],
  serverAccessLogs: [
    allow(
      'logging.s3.amazonaws.com',
      kms('Decrypt', 'Encrypt', 'ReEncrypt*', 'GenerateDataKey*'),
      from('arn:aws:s3:::orders'),
    ),
  ],
  trail: [
    allow('cloudtrail.amazonaws.com', 'kms:GenerateDataKey*', {
      StringEquals: { 'aws:SourceArn': trail },
      StringLike: { 'kms:EncryptionContext:aws:cloudtrail:arn': 'arn:aws:cloudtrail:*:111122223333:trail/*' },
    }),
    // Two statements on the page; aws-cdk-lib makes one of statements that differ in their actions only.
    allow('cloudtrail.amazonaws.com', kms('DescribeKey', 'Decrypt'), { StringEquals: { 'aws:SourceArn': trail } }),
  ],
  eventDataStore: [allow('cloudtrail.amazonaws.com', kms('GenerateDataKey', 'Decrypt'))],
  trailNotifications: [
    allow('cloudtrail.amazonaws.com', kms('GenerateDataKey*', 'Decrypt'), { StringEquals: { 'aws:SourceArn': trail } }),
  ],
  configDelivery: [
    allow('config.amazonaws.com', kms('Decrypt', 'GenerateDataKey'), from('arn:aws:config:eu-west-1:111122223333:*')),
  ],
  guardDutyExport: [
    allow('guardduty.amazonaws.com', 'kms:GenerateDataKey', {
      StringEquals: { ...ACCOUNT, 'aws:SourceArn': 'arn:aws:guardduty:eu-west-1:111122223333:detector/12abc34d567e' },
    }),
  ],
  bucketNotifications: [allow('s3.amazonaws.com', kms('GenerateDataKey', 'Decrypt'), from('arn:aws:s3:::orders'))],
  bucketInventory: [allow('s3.amazonaws.com', 'kms:GenerateDataKey', from('arn:aws:s3:::orders'))],
  storageLens: [
    allow('storage-lens.s3.amazonaws.com', 'kms:GenerateDataKey', {
      StringEquals: { ...ACCOUNT, 'aws:SourceArn': 'arn:aws:s3:eu-west-1:111122223333:storage-lens/all' },
    }),
  ],
  s3Tables: [
    allow('maintenance.s3tables.amazonaws.com', kms('GenerateDataKey', 'Decrypt'), {
      StringLike: {
        'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3tables:eu-west-1:111122223333:bucket/orders/*',
      },
    }),
  ],
  s3Metadata: [
    allow(['maintenance.s3tables.amazonaws.com', 'metadata.s3.amazonaws.com'], kms('GenerateDataKey', 'Decrypt'), {
      StringLike: {
        'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3tables:eu-west-1:111122223333:bucket/aws-s3/*',
      },
    }),
  ],
  s3Vectors: [
    allow('indexing.s3vectors.amazonaws.com', 'kms:Decrypt', {
      ArnLike: { 'aws:SourceArn': 'arn:aws:s3vectors:eu-west-1:111122223333:bucket/orders*' },
      StringEquals: ACCOUNT,
      'ForAnyValue:StringEquals': {
        'kms:EncryptionContextKeys': ['aws:s3vectors:arn', 'aws:s3vectors:resource-id'],
      },
    }),
  ],
  distributionRead: [
    allow('cloudfront.amazonaws.com', 'kms:Decrypt', {
      StringEquals: { 'aws:SourceArn': 'arn:aws:cloudfront::111122223333:distribution/EDFDVBD6EXAMPLE' },
    }),
  ],
  distribution: [
    allow('cloudfront.amazonaws.com', kms('Decrypt', 'Encrypt', 'GenerateDataKey*'), {
      StringEquals: { 'aws:SourceArn': 'arn:aws:cloudfront::111122223333:distribution/EDFDVBD6EXAMPLE' },
    }),
  ],
  alarms: [
    allow(
      'cloudwatch.amazonaws.com',
      kms('GenerateDataKey*', 'Decrypt'),
      from('arn:aws:cloudwatch:eu-west-1:111122223333:alarm:*'),
    ),
  ],
  'publisher-codecommit': publisher('codecommit', 'codecommit'),
  'publisher-contacts': publisher('ssm-contacts', 'ssm-contacts'),
  'publisher-dms': publisher('dms', 'dms'),
  'publisher-ds': publisher('ds', 'ds'),
  'publisher-dynamodb': publisher('dynamodb', 'dynamodb'),
  'publisher-glacier': publisher('glacier', 'glacier'),
  'publisher-incidents': publisher('ssm-incidents', 'ssm-incidents'),
  'publisher-inspector': publisher('inspector', 'inspector'),
  'publisher-rds': publisher('events.rds', 'rds'),
  'publisher-redshift': publisher('redshift', 'redshift'),
  'publisher-ses': publisher('ses', 'ses'),
  'publisher-snowball': publisher('importexport', 'snowball'),
  topicSubscription: [
    allow('sns.amazonaws.com', kms('GenerateDataKey', 'Decrypt'), {
      ArnEquals: { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:111122223333:orders' },
    }),
  ],
  eventBus: [
    allow('events.amazonaws.com', 'kms:DescribeKey', { StringEquals: ACCOUNT }),
    allow('events.amazonaws.com', kms('GenerateDataKey', 'Decrypt'), {
      StringEquals: { 'kms:EncryptionContext:aws:events:event-bus:arn': bus, 'aws:SourceArn': bus },
    }),
  ],
  eventArchive: [
    allow('events.amazonaws.com', 'kms:DescribeKey'),
    allow('events.amazonaws.com', kms('GenerateDataKey', 'Decrypt', 'ReEncrypt*'), {
      StringEquals: { 'kms:EncryptionContext:aws:events:event-bus:arn': bus },
    }),
  ],
  eventRule: [
    allow(
      'events.amazonaws.com',
      kms('GenerateDataKey', 'Decrypt'),
      from('arn:aws:events:eu-west-1:111122223333:rule/orders'),
    ),
  ],
  eventRuleToTopic: [allow('events.amazonaws.com', kms('GenerateDataKey*', 'Decrypt'))],
  globalTableReplication: [
    allow('replication.dynamodb.amazonaws.com', kms('Decrypt', 'ReEncrypt*', 'GenerateDataKey*', 'DescribeKey'), {
      StringEquals: { ...ACCOUNT, 'aws:SourceArn': 'arn:aws:dynamodb:eu-west-1:111122223333:table/orders' },
    }),
  ],
  dsql: [
    allow('dsql.amazonaws.com', kms('Decrypt', 'GenerateDataKey', 'Encrypt', 'ReEncryptFrom', 'ReEncryptTo'), {
      StringLike: {
        'kms:EncryptionContext:aws:dsql:ClusterId': 'w4abucpbwuxx',
        'aws:SourceArn': 'arn:aws:dsql:eu-west-1:111122223333:cluster/w4abucpbwuxx',
      },
    }),
    allow('dsql.amazonaws.com', 'kms:DescribeKey', {
      StringLike: { 'aws:SourceArn': 'arn:aws:dsql:eu-west-1:111122223333:cluster/w4abucpbwuxx' },
    }),
  ],
  athenaManagedResults: [
    allow('encryption.athena.amazonaws.com', kms('Decrypt', 'GenerateDataKey'), {
      ArnLike: {
        'kms:EncryptionContext:aws:athena:arn': 'arn:aws:athena:eu-west-1:111122223333:workgroup/orders',
        'aws:SourceArn': 'arn:aws:athena:eu-west-1:111122223333:workgroup/orders',
      },
      StringEquals: ACCOUNT,
    }),
    allow(
      'encryption.athena.amazonaws.com',
      'kms:DescribeKey',
      from('arn:aws:athena:eu-west-1:111122223333:workgroup/orders'),
    ),
  ],
  sesMail: [
    allow('ses.amazonaws.com', kms('Encrypt', 'GenerateDataKey*'), {
      Null: {
        'kms:EncryptionContext:aws:ses:rule-name': 'false',
        'kms:EncryptionContext:aws:ses:message-id': 'false',
      },
      StringEquals: { 'kms:EncryptionContext:aws:ses:source-account': '111122223333' },
    }),
  ],
  autoScaling: [
    'arn:aws:iam::111122223333:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling',
  ].flatMap((role) => [identity(role, CRYPTO), identity(role, 'kms:CreateGrant', forAws)]),
  backupRole: [
    identity(USER, kms('GenerateDataKey', 'Decrypt')),
    identity(USER, 'kms:CreateGrant', {
      ...forAws,
      'ForAnyValue:StringEquals': { 'kms:EncryptionContextKeys': 'aws:backup:backup-vault' },
      StringLike: { 'kms:ViaService': 'backup.*.amazonaws.com' },
    }),
  ],
  ecrRepository: [identity(USER, kms('CreateGrant', 'RetireGrant', 'DescribeKey'), through('ecr'))],
  sessionManager: [identity(ROOT, kms('Decrypt', 'GenerateDataKey'))],
  'caller-acm': caller('acm', true),
  'caller-airflow': caller('airflow', true),
  'caller-athena': caller('athena'),
  'caller-backup': caller('backup', true),
  'caller-dynamodb': caller('dynamodb', true),
  'caller-ec2': caller('ec2', true),
  'caller-ecr': caller('ecr', true),
  'caller-eks': caller('eks', true),
  'caller-elasticfilesystem': caller('elasticfilesystem', true),
  'caller-glue': caller('glue'),
  'caller-kinesis': caller('kinesis'),
  'caller-lambda': caller('lambda', true),
  'caller-logs': caller('logs'),
  'caller-rds': caller('rds', true),
  'caller-redshift': caller('redshift', true),
  'caller-s3': caller('s3'),
  'caller-s3vectors': caller('s3vectors'),
  'caller-secretsmanager': caller('secretsmanager', true),
  'caller-ses': caller('ses', true),
  'caller-sns': caller('sns'),
  'caller-sqs': caller('sqs'),
  'caller-ssm': caller('ssm'),
  'caller-states': caller('states'),
  dnssec: [['kms:DescribeKey', 'kms:GetPublicKey', 'kms:Sign'], 'kms:CreateGrant'].map((actions, index) =>
    allow('dnssec-route53.amazonaws.com', actions, {
      StringEquals: ACCOUNT,
      ArnEquals: { 'aws:SourceArn': 'arn:aws:route53:::hostedzone/Z0123456789EXAMPLE' },
      ...(index === 1 ? forAws : {}),
    }),
  ),
};
