import { allOf, onSource, sourceAccount, sourceArn } from '../facts';
import { kms, page, type SourceShape, universal, uses } from '../service-use';

/** The principal of CloudWatch Logs carries the Region, and in China the suffix of the partition. */
const cloudWatchLogs = ({ region, urlSuffix }: { region: string; urlSuffix: string }) => [
  `logs.${region}.${urlSuffix}`,
];

const ANYTHING_OF_LOGS: SourceShape = {
  of: 'log delivery',
  arn: ({ partition, region, account }) => `arn:${partition}:logs:${region}:${account}:*`,
};

const DELIVERY_ACTIONS = kms('Encrypt', 'Decrypt', 'ReEncrypt*', 'GenerateDataKey*', 'DescribeKey');

/** CloudWatch Logs, and the delivery of logs of other services through it. */
export const LOG_USES = uses({
  logGroup: {
    title: 'CloudWatch Logs: log group',
    call: 'logGroup(group)',
    principals: cloudWatchLogs,
    statements: [
      {
        actions: kms('Encrypt', 'Decrypt', 'ReEncrypt*', 'GenerateDataKey*', 'Describe*'),
        conditions: (facts) => onSource('kms:EncryptionContext:aws:logs:arn', facts, 'ArnEquals'),
      },
    ],
    source: {
      of: 'log group',
      arn: ({ partition, region, account }, name) => `arn:${partition}:logs:${region}:${account}:log-group:${name}`,
    },
    see: page('AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html'),
    trap: 'The ARN in the encryption context has no `:*` at its end, unlike `logGroupArn`. The principal carries the Region. Without this statement the log group cannot be created.',
    automatic: true,
  },
  logsInsightsResults: {
    title: 'CloudWatch Logs Insights: query results',
    call: 'logsInsightsResults()',
    principals: cloudWatchLogs,
    statements: [
      {
        actions: kms('Encrypt*', 'Decrypt*', 'ReEncrypt*', 'GenerateDataKey*', 'Describe*'),
        // ArnEquals knows wildcards as ArnLike does, and is what the page has.
        conditions: (facts) =>
          allOf({ ArnEquals: { 'aws:SourceArn': facts.sources.map(({ arn }) => arn).join() } }, sourceAccount(facts)),
      },
    ],
    source: {
      of: 'query results',
      arn: ({ partition, region, account }) => `arn:${partition}:logs:${region}:${account}:query-result:*`,
    },
    see: page('AmazonCloudWatch/latest/logs/CloudWatchLogs-Insights-Query-Encrypt.html'),
    trap: 'The key is associated with the query results of the whole account and Region by an API call; CloudFormation cannot.',
    automatic: false,
  },
  logsExport: {
    title: 'CloudWatch Logs: export to S3',
    call: 'logsExport()',
    principals: cloudWatchLogs,
    statements: [{ actions: kms('GenerateDataKey', 'Decrypt') }],
    see: page('AmazonCloudWatch/latest/logs/S3ExportTasks.html'),
    trap: 'AWS documents no condition, so none is written.',
    automatic: false,
  },
  vendedLogs: {
    title: 'Vended logs (flow logs, NLB access logs …) to a bucket',
    call: 'vendedLogs()',
    principals: universal('delivery.logs'),
    statements: [{ actions: DELIVERY_ACTIONS, conditions: (facts) => allOf(sourceAccount(facts), sourceArn(facts)) }],
    source: ANYTHING_OF_LOGS,
    see: page('AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html'),
    trap: 'The source is the delivery of CloudWatch Logs, not the flow log or load balancer. Access logs of an Application Load Balancer do not support KMS keys at all.',
    automatic: true,
  },
  logDelivery: {
    title: 'Vended logs v2 (delivery sources, CloudFront …) to a bucket',
    call: 'logDelivery()',
    principals: universal('delivery.logs'),
    statements: [{ actions: DELIVERY_ACTIONS, conditions: (facts) => allOf(sourceAccount(facts), sourceArn(facts)) }],
    source: {
      of: 'delivery source',
      arn: ({ partition, region, account }, name) =>
        `arn:${partition}:logs:${region}:${account}:delivery-source:${name}`,
    },
    see: page('AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-S3.html'),
    trap: 'The delivery sources of CloudFront are in us-east-1, wherever the bucket is.',
    automatic: true,
  },
  cloudFrontStandardLogs: {
    title: 'CloudFront: standard logs (legacy) to a bucket',
    call: 'cloudFrontStandardLogs()',
    principals: universal('delivery.logs'),
    statements: [{ actions: kms('GenerateDataKey*', 'Decrypt') }],
    see: page('AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html'),
    trap: 'AWS documents no condition, so none is written; the v2 logs have one.',
    automatic: true,
  },
  stepFunctionsLogs: {
    title: 'Step Functions: logs of an encrypted state machine',
    call: 'stepFunctionsLogs()',
    principals: universal('delivery.logs'),
    statements: [{ actions: kms('Decrypt') }],
    see: page('step-functions/latest/dg/encryption-at-rest.html'),
    trap: 'AWS documents no condition. aws-cdk-lib writes `kms:Decrypt*`; the statement has `kms:Decrypt`.',
    automatic: true,
  },
  serverAccessLogs: {
    title: 'S3: server access logs to a bucket',
    call: 'serverAccessLogs(bucket)',
    principals: universal('logging.s3'),
    statements: [
      {
        actions: kms('Decrypt', 'Encrypt', 'ReEncrypt*', 'GenerateDataKey*'),
        conditions: (facts) => allOf(sourceAccount(facts), sourceArn(facts)),
      },
    ],
    source: { of: 'source bucket', arn: ({ partition }, name) => `arn:${partition}:s3:::${name}` },
    see: page('AmazonS3/latest/userguide/enable-server-access-logging.html'),
    trap: 'AWS documents SSE-S3 only for the bucket that takes the logs. aws-cdk-lib writes this statement without a condition; it gets those of the bucket policy on that page.',
    automatic: false,
  },
});
