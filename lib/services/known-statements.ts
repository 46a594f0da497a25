import { Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { actionsOf } from '../policy/key-uses';
import { accessOf } from './registry';
import type { ServiceAccess } from './service-access';
import type { UseId } from './service-uses';

/** A statement that aws-cdk-lib writes into the policy of a key that its constructs are given. */
interface KnownStatement {
  readonly service: string;
  /** Sets of actions that it writes. */
  readonly actions: readonly (readonly string[])[];
  /** The condition, `Operator key`, that has the source; absent when it writes none. */
  readonly source?: string;
  /** Further conditions that it writes, as `Operator key`. */
  readonly also?: readonly string[];
  /** The use whose documented statement takes its place. */
  readonly use: UseId;
}

const GRANT_ENCRYPT_DECRYPT = ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'];
/** What `grantEncryptDecrypt` of this library gives. */
const ENCRYPT_AND_DECRYPT = [
  ...actionsOf('encryptAndDecrypt', {
    usage: 'ENCRYPT_DECRYPT',
    symmetric: true,
    imported: false,
    multiRegion: false,
  }),
].sort();
const PRODUCE = ['kms:Decrypt', 'kms:GenerateDataKey'];
const PRODUCE_ANY = ['kms:Decrypt', 'kms:GenerateDataKey*'];
const BUS_CONTEXT = 'StringEquals kms:EncryptionContext:aws:events:event-bus:arn';

/**
 * Statements of aws-cdk-lib that have no condition where AWS documents one, have more actions, or refer to a resource that
 * needs the key; each is replaced by the documented statement of its use. Seen with aws-cdk-lib 2.276.0. What is not
 * exactly like one of these is left as it is.
 */
const KNOWN: readonly KnownStatement[] = [
  // SqsDestination of a bucket: one with a source, and again without.
  { service: 's3', actions: [GRANT_ENCRYPT_DECRYPT], source: 'ArnLike aws:SourceArn', use: 'bucketNotifications' },
  // SqsDestination and SnsDestination.
  { service: 's3', actions: [PRODUCE, PRODUCE_ANY], use: 'bucketNotifications' },
  // SqsQueue as a target of a rule.
  { service: 'events', actions: [GRANT_ENCRYPT_DECRYPT], also: ['StringEquals aws:SourceAccount'], use: 'eventRule' },
  // SnsTopic as a target of a rule.
  { service: 'events', actions: [PRODUCE_ANY], use: 'eventRuleToTopic' },
  // The topic of a Trail.
  { service: 'cloudtrail', actions: [PRODUCE_ANY], use: 'trailNotifications' },
  // EventBus.
  {
    service: 'events',
    actions: [['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey']],
    source: BUS_CONTEXT,
    also: ['StringEquals aws:SourceAccount', 'StringEquals aws:SourceArn'],
    use: 'eventBus',
  },
  // Archive: one under the encryption context of its bus, one for DescribeKey.
  {
    service: 'events',
    actions: [['kms:Decrypt', 'kms:GenerateDataKey', 'kms:ReEncrypt*']],
    source: BUS_CONTEXT,
    use: 'eventArchive',
  },
  { service: 'events', actions: [['kms:DescribeKey']], use: 'eventArchive' },
  // SqsSubscription of a topic, with and without its feature flag.
  { service: 'sns', actions: [PRODUCE], source: 'ArnEquals aws:SourceArn', use: 'topicSubscription' },
  { service: 'sns', actions: [PRODUCE], use: 'topicSubscription' },
  // S3BucketOrigin.withOriginAccessControl, which refers to all distributions and not to one.
  { service: 'cloudfront', actions: [['kms:Decrypt']], also: ['ArnLike AWS:SourceArn'], use: 'distributionRead' },
  {
    service: 'cloudfront',
    actions: [
      ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey*'],
      ['kms:Encrypt', 'kms:GenerateDataKey*'],
    ],
    also: ['ArnLike AWS:SourceArn'],
    use: 'distribution',
  },
  // StateMachine with logs.
  { service: 'delivery.logs', actions: [['kms:Decrypt*']], use: 'stepFunctionsLogs' },
  // The bucket for server access logs, by `grantEncryptDecrypt`.
  { service: 'logging.s3', actions: [ENCRYPT_AND_DECRYPT], use: 'serverAccessLogs' },
  // KeySigningKey of a hosted zone: the grant of grants has no source.
  {
    service: 'dnssec-route53',
    actions: [['kms:DescribeKey', 'kms:GetPublicKey', 'kms:Sign']],
    source: 'ArnEquals aws:SourceArn',
    use: 'dnssec',
  },
  {
    service: 'dnssec-route53',
    actions: [['kms:CreateGrant']],
    also: ['Bool kms:GrantIsForAWSResource'],
    use: 'dnssec',
  },
];

/**
 * Whether a statement is one that aws-cdk-lib is known to write and that the documented one has been added for.
 *
 * @returns false when the statement is to be added as it is
 */
export function replaceKnownStatement(key: IConstruct, statement: iam.PolicyStatement): boolean {
  const access = accessOf(key);
  const known = knownStatement(key, statement);
  if (access === undefined || known === undefined) {
    return false;
  }
  request(access, known, statement);
  return true;
}

/** Whether the documented statement will take the place of this one, so that nothing has to be said about it. */
export function isKnownStatement(key: IConstruct, statement: iam.PolicyStatement): boolean {
  return accessOf(key) !== undefined && knownStatement(key, statement) !== undefined;
}

function knownStatement(key: IConstruct, statement: iam.PolicyStatement): KnownStatement | undefined {
  return KNOWN.find((each) => matches(key, each, statement));
}

function request(access: ServiceAccess, { use, source }: KnownStatement, statement: iam.PolicyStatement): void {
  const value = source === undefined ? undefined : conditionsOf(statement).get(source);
  if (typeof value === 'string') {
    access.allow(use, { value, named: false, scope: access.host.key });
  } else {
    access.allowUnnamed(use);
  }
}

function matches(key: IConstruct, known: KnownStatement, statement: iam.PolicyStatement): boolean {
  const conditions = [...conditionsOf(statement).keys()].sort();
  const expected = [...(known.also ?? []), ...(known.source === undefined ? [] : [known.source])].sort();
  const actions = [...statement.actions].sort();
  return (
    known.actions.some((each) => same(actions, each)) &&
    same(conditions, expected) &&
    // Read last: it resolves the principal.
    same(servicesOf(key, statement), [`${known.service}.amazonaws.com`])
  );
}

const same = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((each, i) => each === b[i]);

/** The conditions of a statement by `Operator key`. */
function conditionsOf(statement: iam.PolicyStatement): ReadonlyMap<string, unknown> {
  const conditions: Record<string, Record<string, unknown>> = statement.conditions;
  return new Map(
    Object.entries(conditions).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([name, value]): [string, unknown] => [`${operator} ${name}`, value]),
    ),
  );
}

/** The service principals of a statement; other principals under a name that no service has. */
function servicesOf(key: IConstruct, statement: iam.PolicyStatement): string[] {
  const principals: Record<string, string[]>[] = Stack.of(key).resolve(
    statement.principals.map((principal) => principal.policyFragment.principalJson),
  );
  return principals.flatMap((json) =>
    Object.entries(json).flatMap(([kind, names]) => (kind === 'Service' ? names : [`${kind} `])),
  );
}
