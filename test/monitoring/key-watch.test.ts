import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import {
  EncryptionKey,
  KeyDashboard,
  KeyEvent,
  KeyOrigin,
  KeyWatch,
  type KeyWatchProps,
  KmsRequestQuota,
  RequestQuotaAlarm,
} from '../../lib';
import { failureOf } from '../failure-of';
import { matchesEvent, matchesLog } from './matching';
import { KEY_ARN, KEY_ID, OTHER_ARN, ownEvent, passedOn, trailEntry } from './trail-events';

const HERE = { account: '111122223333', region: 'us-west-2' };

const stack = new Stack(new App(), 'Test', { env: HERE });
const topic = new sns.Topic(stack, 'Topic');
const queue = new sqs.Queue(stack, 'Queue');
const key = EncryptionKey.fromKeyArn(stack, 'Key', KEY_ARN);
const external = new EncryptionKey(stack, 'External', { origin: KeyOrigin.EXTERNAL });
const watch = new KeyWatch(stack, 'Watch', {
  keys: [key],
  events: Object.values(KeyEvent),
  topic,
  targets: [new targets.SqsQueue(queue)],
  trailLogGroup: logs.LogGroup.fromLogGroupName(stack, 'Trail', 'trail'),
});
new KeyWatch(stack, 'Imported', { keys: [external], topic, events: [] });
const quota = new RequestQuotaAlarm(stack, 'Quota', { quota: KmsRequestQuota.RSA, sharePercent: 70, topic });
new KeyDashboard(stack, 'Dashboard', { watch, quotaAlarms: [quota] });
const template = Template.fromStack(stack);

/** The rule of an event, as deployed. */
function ruleOf(event: KeyEvent): { EventPattern: unknown; Targets: { InputTransformer?: unknown }[] } {
  const found = Object.values(template.findResources('AWS::Events::Rule')).find(({ Properties }) =>
    Properties.Description.startsWith(`${event} of`),
  );
  return found?.Properties;
}

const hears = (event: KeyEvent, what: unknown) => matchesEvent(ruleOf(event).EventPattern, what);

describe('events', () => {
  test.each([
    [KeyEvent.DELETION_SCHEDULED, 'ScheduleKeyDeletion'],
    [KeyEvent.DISABLED, 'DisableKey'],
    [KeyEvent.POLICY_CHANGED, 'PutKeyPolicy'],
    [KeyEvent.GRANT_CREATED, 'CreateGrant'],
    [KeyEvent.ALIAS_CHANGED, 'UpdateAlias'],
    [KeyEvent.TAGS_CHANGED, 'UntagResource'],
    [KeyEvent.ROTATION_DISABLED, 'DisableKeyRotation'],
    [KeyEvent.MATERIAL_DELETED, 'DeleteImportedKeyMaterial'],
  ])('%s is heard of when %s succeeds on the key, and of no other request', (event, name) => {
    expect(hears(event, passedOn(trailEntry(name)))).toBe(true);
    expect(hears(event, passedOn(trailEntry('DescribeKey')))).toBe(false);
    expect(hears(event, passedOn(trailEntry(name, { errorCode: 'AccessDenied' })))).toBe(false);
    expect(hears(event, passedOn(trailEntry(name, { resources: [{ ARN: OTHER_ARN }] })))).toBe(false);
    expect(hears(event, passedOn(trailEntry(name, { resources: undefined })))).toBe(false);
    expect(hears(event, passedOn(trailEntry(name, { eventSource: 's3.amazonaws.com' })))).toBe(false);
  });

  test('a grant by a service is told from one by somebody', () => {
    const byService = passedOn(
      trailEntry('CreateGrant', { userIdentity: { type: 'AssumedRole', invokedBy: 'rds.amazonaws.com' } }),
    );
    expect(hears(KeyEvent.GRANT_CREATED_BY_SERVICE, byService)).toBe(true);
    expect(hears(KeyEvent.GRANT_CREATED, byService)).toBe(false);
    expect(hears(KeyEvent.GRANT_CREATED_BY_SERVICE, passedOn(trailEntry('CreateGrant')))).toBe(false);
  });

  test('an alias is heard of although the key is the second of two resources', () => {
    const alias = { ARN: 'arn:aws:kms:us-west-2:111122223333:alias/my_alias', accountId: '111122223333' };
    const entry = trailEntry('CreateAlias', { resources: [alias, { ARN: KEY_ARN, accountId: '111122223333' }] });
    expect(hears(KeyEvent.ALIAS_CHANGED, passedOn(entry))).toBe(true);
  });

  test.each([
    [KeyEvent.ROTATED, 'KMS CMK Rotation'],
    [KeyEvent.MATERIAL_EXPIRED, 'KMS Imported Key Material Expiration'],
    [KeyEvent.DELETED, 'KMS CMK Deletion'],
  ])("%s is KMS's own %s", (event, detailType) => {
    expect(hears(event, ownEvent(detailType))).toBe(true);
    expect(hears(event, ownEvent(detailType, OTHER_ARN))).toBe(false);
    expect(hears(event, ownEvent('KMS CMK Something'))).toBe(false);
    expect(hears(event, passedOn(trailEntry('DeleteKey', { eventType: 'AwsServiceEvent' })))).toBe(false);
  });

  test('go to the queue as they are and to the topic as a sentence', () => {
    const { Targets } = ruleOf(KeyEvent.DISABLED);
    expect(Targets).toHaveLength(2);
    expect(Targets.map(({ InputTransformer }) => InputTransformer)).toEqual([
      undefined,
      {
        InputPathsMap: expect.objectContaining({ 'detail-resources-0--ARN': '$.detail.resources[0].ARN' }),
        InputTemplate: expect.stringMatching(/^"KMS key <[\w-]+>: DISABLED \(<detail-eventName>\) by <.*"$/),
      },
    ]);
  });

  test('of many keys stand in several rules, each below the limit of a pattern', () => {
    const other = new Stack(new App(), 'Many', { env: HERE });
    const keys = Array.from({ length: 31 }, (_, index) =>
      EncryptionKey.fromKeyArn(
        other,
        `Key${index}`,
        `arn:aws:kms:us-west-2:111122223333:key/mrk-${String(index).padStart(32, '0')}`,
      ),
    );
    new KeyWatch(other, 'Watch', { keys, targets: [new targets.SqsQueue(new sqs.Queue(other, 'Queue'))] });
    const rules = Object.values(Template.fromStack(other).findResources('AWS::Events::Rule'));
    expect(rules).toHaveLength(3 * 10);
    for (const { Properties } of rules) {
      expect(JSON.stringify(Properties.EventPattern).length).toBeLessThan(2048);
    }
  });
});

describe('the log of a trail', () => {
  const filters = Object.values(template.findResources('AWS::Logs::MetricFilter')).map(({ Properties }) => ({
    metric: Properties.MetricTransformations[0].MetricName,
    pattern: Properties.FilterPattern,
  }));
  const counts = (entry: unknown) =>
    filters.filter(({ pattern }) => matchesLog(pattern, entry)).map(({ metric }) => metric);
  const decrypt = (errorCode: string | undefined, more: Record<string, unknown> = {}) =>
    trailEntry('Decrypt', { readOnly: true, responseElements: null, ...(errorCode && { errorCode }), ...more });
  const denial = (arn: string) =>
    `User: arn:aws:iam::111122223333:user/Alice is not authorized to perform: kms:Decrypt on resource: ${arn} because no identity-based policy allows the kms:Decrypt action`;

  test('patterns are below the limit of a filter', () => {
    expect(filters).toHaveLength(3);
    for (const { pattern } of filters) expect(pattern.length).toBeLessThan(1024);
  });

  test('counts what was refused under the key', () => {
    const nowhere = { resources: undefined, requestParameters: null };
    expect(counts(decrypt('AccessDenied', { ...nowhere, errorMessage: denial(KEY_ARN) }))).toEqual(['FailedDecrypts']);
    expect(counts(decrypt('IncorrectKeyException'))).toEqual(['FailedDecrypts']);
    expect(counts(decrypt('InvalidCiphertextException'))).toEqual(['FailedDecrypts']);
    expect(counts({ ...decrypt('AccessDenied', { errorMessage: denial(KEY_ARN) }), eventName: 'ReEncrypt' })).toEqual([
      'FailedDecrypts',
    ]);
  });

  test('counts a ciphertext that belongs to no key once', () => {
    expect(counts(decrypt('InvalidCiphertextException', { resources: undefined }))).toEqual(['FailedDecrypts']);
  });

  test('does not count what succeeded, another key, another operation or another service', () => {
    expect(counts(decrypt(undefined))).toEqual([]);
    expect(counts(decrypt('AccessDenied', { resources: undefined, errorMessage: denial(OTHER_ARN) }))).toEqual([]);
    expect(counts(decrypt('IncorrectKeyException', { resources: [{ ARN: OTHER_ARN }] }))).toEqual([]);
    expect(counts({ ...decrypt('AccessDenied'), eventName: 'DescribeKey' })).toEqual([]);
    expect(counts({ ...decrypt('AccessDenied'), eventSource: 'sts.amazonaws.com' })).toEqual([]);
    expect(counts(decrypt('ThrottlingException'))).toEqual([]);
  });

  test('counts use of the key while it waits for its deletion', () => {
    const pending = (arn: string) => ({
      errorCode: 'KMSInvalidStateException',
      errorMessage: `${arn} is pending deletion.`,
    });
    expect(counts(trailEntry('Encrypt', pending(KEY_ARN)))).toEqual(['UseWhilePendingDeletion']);
    expect(counts(trailEntry('Encrypt', pending(OTHER_ARN)))).toEqual([]);
  });

  test('has alarms on both, which go to the topic, and metrics', () => {
    for (const MetricName of ['FailedDecrypts', 'UseWhilePendingDeletion']) {
      template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        MetricName,
        Namespace: Match.stringLikeRegexp('^Keysmith/'),
        Threshold: 1,
        Statistic: 'Sum',
        Period: 300,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        TreatMissingData: 'notBreaching',
        AlarmActions: [stack.resolve(topic.topicArn)],
      });
    }
    const [filter] = Object.values(template.findResources('AWS::Logs::MetricFilter'));
    expect(filter?.Properties.MetricTransformations[0].MetricNamespace).toBe(watch.metricFailedDecrypts().namespace);
    const without = stack.node.findChild('Imported') as KeyWatch;
    expect(() => without.metricUseWhilePendingDeletion()).toThrow(
      'without the log group of a trail; set trailLogGroup',
    );
  });
});

test('imported material that expires within 30 days has an alarm', () => {
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    Namespace: 'AWS/KMS',
    MetricName: 'SecondsUntilKeyMaterialExpiration',
    Dimensions: [{ Name: 'KeyId', Value: stack.resolve(external.keyId) }],
    Statistic: 'Minimum',
    Threshold: 30 * 86_400,
    ComparisonOperator: 'LessThanOrEqualToThreshold',
  });
});

test('the share of a request quota is asked of Service Quotas', () => {
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    Threshold: 70,
    Metrics: Match.arrayWith([
      Match.objectLike({ Expression: '100 * rsaCalls / SERVICE_QUOTA(rsaCalls)' }),
      Match.objectLike({
        Id: 'rsaCalls',
        MetricStat: Match.objectLike({
          Metric: {
            Namespace: 'AWS/Usage',
            MetricName: 'CallCount',
            Dimensions: Match.arrayWith([
              { Name: 'Resource', Value: 'CryptographicOperationsRsa' },
              { Name: 'Service', Value: 'KMS' },
            ]),
          },
          Period: 60,
          Stat: 'Sum',
        }),
      }),
    ]),
  });
});

test('the dashboard shows alarms, requests of the key and the quota', () => {
  const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
  const body = JSON.stringify(dashboard?.Properties.DashboardBody);
  expect(body).toContain('SuccessfulRequest');
  expect(body).toContain(KEY_ID);
  expect(body).toContain('SERVICE_QUOTA');
});

test('what could hear nothing, or nobody would hear of, is reported at once', () => {
  const failure = (props: (own: Stack) => Partial<KeyWatchProps>) => {
    const app = new App();
    const own = new Stack(app, 'Own', { env: HERE });
    new KeyWatch(own, 'Watch', { keys: [], ...props(own) });
    return failureOf(app);
  };
  const text = failure((own) => ({
    trailLogGroup: logs.LogGroup.fromLogGroupName(own, 'Trail', 'trail'),
    failedDecrypts: 0,
    materialExpiryWarning: Duration.days(366),
    keys: [
      EncryptionKey.fromAliasName(own, 'ByAlias', 'orders'),
      EncryptionKey.fromKeyArn(own, 'Elsewhere', KEY_ARN.replace('us-west-2', 'eu-west-1')),
    ],
  }));
  expect(text).toContain('nobody would hear of anything; set topic, targets or alarmActions');
  expect(text).toContain('nobody would hear of them; set topic or alarmActions');
  expect(text).toContain('failedDecrypts of 0');
  expect(text).toContain('materialExpiryWarning of 366 days: material is valid for at most 365 days');
  expect(text).toContain('Own/ByAlias is imported by its alias');
  expect(text).toContain('Own/Elsewhere is in 111122223333 eu-west-1 and this stack in 111122223333 us-west-2');
  expect(failure(() => ({}))).toContain('keys: 0 of them');
  expect(failure(() => ({ events: ['DISABLE' as KeyEvent] }))).toContain('events: "DISABLE" is none of DELETION_SCHED');

  const app = new App();
  new RequestQuotaAlarm(new Stack(app, 'Own'), 'Quota', { sharePercent: 120, minutes: 0.5 });
  expect(() => app.synth()).toThrow(/sharePercent of 120[\s\S]*minutes of 0.5[\s\S]*nobody would hear/);

  const other = new App();
  new RequestQuotaAlarm(new Stack(other, 'Own'), 'Quota', { quota: 'Symmetric' as KmsRequestQuota, minutes: 1441 });
  expect(() => other.synth()).toThrow(
    /minutes of 1441: a whole number from 1 to 1440[\s\S]*quota "Symmetric": it is one/,
  );
});

test('a key that is named twice is watched once', () => {
  const own = new Stack(new App(), 'Own', { env: HERE });
  const twice = EncryptionKey.fromKeyArn(own, 'Key', KEY_ARN);
  const trailLogGroup = logs.LogGroup.fromLogGroupName(own, 'Trail', 'trail');
  new KeyWatch(own, 'Watch', { keys: [twice, twice], topic: new sns.Topic(own, 'Topic'), events: [], trailLogGroup });
  Template.fromStack(own).resourceCountIs('AWS::Logs::MetricFilter', 3);
});

test('a key of unknown origin has the alarm on expiry when a warning is asked for', () => {
  const own = new Stack(new App(), 'Own', { env: HERE });
  const keys = [EncryptionKey.fromKeyArn(own, 'Known', KEY_ARN), new EncryptionKey(own, 'Ours')];
  new KeyWatch(own, 'Watch', {
    keys,
    topic: new sns.Topic(own, 'Topic'),
    events: [],
    materialExpiryWarning: Duration.days(7),
  });
  const template = Template.fromStack(own);
  template.resourceCountIs('AWS::CloudWatch::Alarm', 1);
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    Threshold: 7 * 86_400,
    Dimensions: [{ Name: 'KeyId', Value: KEY_ID }],
  });
});
