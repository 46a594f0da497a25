import type { UseId } from '../service-uses';

/** A resource that makes a service use a key, and where it names the key and the source. */
export interface AutomaticRule {
  readonly type: string;
  readonly use: UseId;
  /** Paths, by the names of CloudFormation, that name the key. */
  readonly key?: readonly string[];
  /** Paths that name a topic, queue or bucket which the key encrypts. */
  readonly through?: readonly string[];
  /** The kind of what `through` names; other kinds need something else. */
  readonly kind?: 'topic' | 'queue' | 'bucket';
  /**
   * The source: `self` by its ARN, the value at a path, or `account` for all that is of that kind there. Uses that have no
   * source need none.
   */
  readonly source: 'self' | 'account' | { readonly path: string; readonly named: boolean };
  /** A path that must be there too. */
  readonly needs?: string;
}

const ALARM = ['AlarmActions.*', 'OKActions.*', 'InsufficientDataActions.*'];

const NOTIFIED = {
  topic: ['NotificationConfiguration.TopicConfigurations.*'],
  queue: ['NotificationConfiguration.QueueConfigurations.*'],
};

/** Targets of events, and queues for what could not be delivered to them. */
const TARGETS = ['Targets.*.Arn', 'Targets.*.DeadLetterConfig.Arn'];

/** Everything that makes a statement come by itself. One line for each way in which a resource can be given a key. */
export const AUTOMATIC_RULES: readonly AutomaticRule[] = [
  { type: 'AWS::Logs::LogGroup', use: 'logGroup', key: ['KmsKeyId'], source: 'self' },
  { type: 'AWS::CloudTrail::Trail', use: 'trail', key: ['KMSKeyId'], source: 'self' },
  {
    type: 'AWS::CloudTrail::Trail',
    use: 'trailNotifications',
    through: ['SnsTopicName'],
    kind: 'topic',
    source: 'self',
  },
  { type: 'AWS::CloudTrail::EventDataStore', use: 'eventDataStore', key: ['KmsKeyId'], source: 'account' },
  { type: 'AWS::Config::DeliveryChannel', use: 'configDelivery', key: ['S3KmsKeyArn'], source: 'account' },
  {
    type: 'AWS::GuardDuty::PublishingDestination',
    use: 'guardDutyExport',
    key: ['DestinationProperties.KmsKeyArn'],
    source: { path: 'DetectorId', named: true },
  },
  { type: 'AWS::Events::EventBus', use: 'eventBus', key: ['KmsKeyIdentifier'], source: 'self' },
  {
    type: 'AWS::Events::Archive',
    use: 'eventArchive',
    key: ['KmsKeyIdentifier'],
    source: { path: 'SourceArn', named: false },
  },
  { type: 'AWS::Events::Rule', use: 'eventRule', through: TARGETS, kind: 'queue', source: 'self' },
  { type: 'AWS::Events::Rule', use: 'eventRuleToTopic', through: ['Targets.*.Arn'], kind: 'topic', source: 'account' },
  { type: 'AWS::CloudWatch::Alarm', use: 'alarms', through: ALARM, kind: 'topic', source: 'self' },
  { type: 'AWS::CloudWatch::CompositeAlarm', use: 'alarms', through: ALARM, kind: 'topic', source: 'self' },
  {
    type: 'AWS::SNS::Subscription',
    use: 'topicSubscription',
    through: ['Endpoint'],
    kind: 'queue',
    source: { path: 'TopicArn', named: false },
  },
  {
    type: 'AWS::SNS::Topic',
    use: 'topicSubscription',
    through: ['Subscription.*.Endpoint'],
    kind: 'queue',
    source: 'self',
  },
  { type: 'AWS::S3::Bucket', use: 'bucketNotifications', through: NOTIFIED.topic, kind: 'topic', source: 'self' },
  { type: 'AWS::S3::Bucket', use: 'bucketNotifications', through: NOTIFIED.queue, kind: 'queue', source: 'self' },
  {
    type: 'Custom::S3BucketNotifications',
    use: 'bucketNotifications',
    through: NOTIFIED.topic,
    kind: 'topic',
    source: { path: 'BucketName', named: true },
  },
  {
    type: 'Custom::S3BucketNotifications',
    use: 'bucketNotifications',
    through: NOTIFIED.queue,
    kind: 'queue',
    source: { path: 'BucketName', named: true },
  },
  {
    type: 'AWS::S3::Bucket',
    use: 'bucketInventory',
    through: ['InventoryConfigurations.*.Destination.BucketArn'],
    kind: 'bucket',
    source: 'self',
  },
  {
    type: 'AWS::S3::Bucket',
    use: 'serverAccessLogs',
    through: ['LoggingConfiguration.DestinationBucketName'],
    kind: 'bucket',
    source: 'self',
    // AWS does not document KMS keys for these logs: only what aws-cdk-lib lets in is made precise.
  },
  {
    type: 'AWS::S3::StorageLens',
    use: 'storageLens',
    key: ['StorageLensConfiguration.DataExport.S3BucketDestination.Encryption.SSEKMS.KeyId'],
    source: 'self',
  },
  { type: 'AWS::S3Tables::TableBucket', use: 's3Tables', key: ['EncryptionConfiguration.KMSKeyArn'], source: 'self' },
  {
    type: 'AWS::S3Vectors::VectorBucket',
    use: 's3Vectors',
    key: ['EncryptionConfiguration.KmsKeyArn'],
    source: 'self',
  },
  { type: 'AWS::EC2::FlowLog', use: 'vendedLogs', through: ['LogDestination'], kind: 'bucket', source: 'account' },
  {
    type: 'AWS::Logs::DeliveryDestination',
    use: 'logDelivery',
    through: ['DestinationResourceArn'],
    kind: 'bucket',
    source: 'account',
  },
  {
    type: 'AWS::CloudFront::Distribution',
    use: 'cloudFrontStandardLogs',
    through: ['DistributionConfig.Logging.Bucket'],
    kind: 'bucket',
    source: 'account',
  },
  {
    type: 'AWS::StepFunctions::StateMachine',
    use: 'stepFunctionsLogs',
    key: ['EncryptionConfiguration.KmsKeyId'],
    source: 'account',
    needs: 'LoggingConfiguration.Destinations',
  },
  { type: 'AWS::DSQL::Cluster', use: 'dsql', key: ['KmsEncryptionKey'], source: 'self' },
  {
    type: 'AWS::Athena::WorkGroup',
    use: 'athenaManagedResults',
    key: ['WorkGroupConfiguration.ManagedQueryResultsConfiguration.EncryptionConfiguration.KmsKey'],
    source: 'self',
  },
  { type: 'AWS::SES::ReceiptRule', use: 'sesMail', key: ['Rule.Actions.*.S3Action.KmsKeyArn'], source: 'account' },
  {
    type: 'AWS::SES::ConfigurationSetEventDestination',
    use: 'publisher-ses',
    through: ['EventDestination.SnsDestination.TopicARN'],
    kind: 'topic',
    source: 'account',
  },
  {
    type: 'AWS::SES::ReceiptRule',
    use: 'publisher-ses',
    through: ['Rule.Actions.*'],
    kind: 'topic',
    source: 'account',
  },
  {
    type: 'AWS::RDS::EventSubscription',
    use: 'publisher-rds',
    through: ['SnsTopicArn'],
    kind: 'topic',
    source: 'account',
  },
  {
    type: 'AWS::DMS::EventSubscription',
    use: 'publisher-dms',
    through: ['SnsTopicArn'],
    kind: 'topic',
    source: 'account',
  },
  {
    type: 'AWS::Redshift::EventSubscription',
    use: 'publisher-redshift',
    through: ['SnsTopicArn'],
    kind: 'topic',
    source: 'account',
  },
  {
    type: 'AWS::Route53::KeySigningKey',
    use: 'dnssec',
    key: ['KeyManagementServiceArn'],
    source: { path: 'HostedZoneId', named: true },
  },
];
