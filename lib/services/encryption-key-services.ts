import { Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as refs from 'aws-cdk-lib/interfaces';
import { allowCallers } from './allow-callers';
import { autoScalingRole } from './automatic/special';
import type { CallerService } from './caller-service';
import { KeyServices } from './key-services';
import { openAccess } from './open-access';
import type { ServiceAccess, ServiceHost } from './service-access';
import type { TopicPublisher } from './topic-publisher';

/**
 * AWS services that may use a symmetric encryption key: one method for each use that AWS documents, with the principals,
 * actions and conditions of that documentation.
 *
 * Most of them are called by themselves, when the key is given to a resource that needs them; calling one again changes
 * nothing. A statement names the resource by its ARN when that cannot become a circle of references: when its name is
 * known, or when it needs no key. Else, and for more than 25 resources, it names all of that kind in the account.
 */
export class EncryptionKeyServices extends KeyServices {
  /** @internal */
  public static _of(host: ServiceHost): EncryptionKeyServices {
    return new EncryptionKeyServices(openAccess(host));
  }

  private readonly access: ServiceAccess;

  private constructor(access: ServiceAccess) {
    super();
    this.access = access;
  }

  /**
   * CloudWatch Logs encrypts this log group.
   *
   * @param group the log group that is encrypted
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
   */
  public logGroup(group: refs.aws_logs.ILogGroupRef): void {
    this.access.allow('logGroup', this.access.named(group, 'logGroupRef', 'logGroupName'));
  }

  /**
   * CloudWatch Logs encrypts the results of Insights queries of the account and Region.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatchLogs-Insights-Query-Encrypt.html
   */
  public logsInsightsResults(): void {
    this.access.allow('logsInsightsResults');
  }

  /**
   * CloudWatch Logs exports log groups to a bucket that this key encrypts. AWS documents no condition.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/S3ExportTasks.html
   */
  public logsExport(): void {
    this.access.allow('logsExport');
  }

  /**
   * Flow logs, access logs of Network Load Balancers and other vended logs go to a bucket that this key encrypts.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html
   */
  public vendedLogs(): void {
    this.access.allow('vendedLogs');
  }

  /**
   * Delivery sources of CloudWatch Logs deliver to a bucket that this key encrypts.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-S3.html
   */
  public logDelivery(): void {
    this.access.allow('logDelivery');
  }

  /**
   * CloudFront writes its standard logs (legacy) to a bucket that this key encrypts. AWS documents no condition.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html
   */
  public cloudFrontStandardLogs(): void {
    this.access.allow('cloudFrontStandardLogs');
  }

  /**
   * The delivery of logs reads what a state machine, encrypted under this key, logs. AWS documents no condition.
   *
   * @see https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
   */
  public stepFunctionsLogs(): void {
    this.access.allow('stepFunctionsLogs');
  }

  /**
   * S3 writes server access logs of the bucket to another one that this key encrypts.
   *
   * IMPORTANT: AWS documents SSE-S3 only for the bucket that takes such logs.
   *
   * @param sourceBucket the bucket whose access is logged
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
   */
  public serverAccessLogs(sourceBucket: refs.aws_s3.IBucketRef): void {
    this.access.allow('serverAccessLogs', this.access.named(sourceBucket, 'bucketRef', 'bucketName'));
  }

  /**
   * CloudTrail encrypts the log and digest files of this trail.
   *
   * @param trail the trail whose files are encrypted
   * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
   */
  public trail(trail: refs.aws_cloudtrail.ITrailRef): void {
    this.access.allow('trail', this.access.arnOf(trail, 'trailRef', 'trailArn'));
  }

  /**
   * CloudTrail Lake encrypts event data stores. Conditions on the source are documented as not supported.
   *
   * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
   */
  public eventDataStore(): void {
    this.access.allow('eventDataStore');
  }

  /**
   * CloudTrail notifies a topic that this key encrypts of new files of this trail.
   *
   * @param trail the trail that publishes
   * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-permissions-for-sns-notifications.html
   */
  public trailNotifications(trail: refs.aws_cloudtrail.ITrailRef): void {
    this.access.allow('trailNotifications', this.access.arnOf(trail, 'trailRef', 'trailArn'));
  }

  /**
   * AWS Config delivers to a bucket that this key encrypts.
   *
   * @see https://docs.aws.amazon.com/config/latest/developerguide/s3-kms-key-policy.html
   */
  public configDelivery(): void {
    this.access.allow('configDelivery');
  }

  /**
   * GuardDuty exports the findings of this detector under this key.
   *
   * @param detector the detector whose findings are exported
   * @see https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_exportfindings.html
   */
  public guardDutyExport(detector: refs.aws_guardduty.IDetectorRef): void {
    this.access.allow('guardDutyExport', this.access.named(detector, 'detectorRef', 'detectorId'));
  }

  /**
   * The bucket notifies topics or queues that this key encrypts.
   *
   * @param bucket the bucket that sends the notifications
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html
   */
  public bucketNotifications(bucket: refs.aws_s3.IBucketRef): void {
    this.access.allow('bucketNotifications', this.access.named(bucket, 'bucketRef', 'bucketName'));
  }

  /**
   * S3 writes inventories of the bucket to another one that this key encrypts.
   *
   * @param sourceBucket the bucket that is listed
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/configure-inventory.html
   */
  public bucketInventory(sourceBucket: refs.aws_s3.IBucketRef): void {
    this.access.allow('bucketInventory', this.access.named(sourceBucket, 'bucketRef', 'bucketName'));
  }

  /**
   * S3 Storage Lens exports its metrics under this key.
   *
   * @param configuration the configuration whose reports are encrypted
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage_lens_encrypt_permissions.html
   */
  public storageLens(configuration: refs.aws_s3.IStorageLensRef): void {
    this.access.allow('storageLens', this.access.named(configuration, 'storageLensRef', 'storageLensId'));
  }

  /**
   * S3 Tables maintains the tables of this table bucket.
   *
   * @param tableBucket the table bucket that is encrypted
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-kms-permissions.html
   */
  public tableBucket(tableBucket: refs.aws_s3tables.ITableBucketRef): void {
    this.access.allow('s3Tables', this.access.arnOf(tableBucket, 'tableBucketRef', 'tableBucketArn'));
  }

  /**
   * S3 Metadata updates, and S3 Tables maintains, metadata tables under this key.
   *
   * @param tableBucket the table bucket of the metadata tables
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-kms-permissions.html
   */
  public metadataTables(tableBucket: refs.aws_s3tables.ITableBucketRef): void {
    this.access.allow('s3Metadata', this.access.arnOf(tableBucket, 'tableBucketRef', 'tableBucketArn'));
  }

  /**
   * S3 Vectors indexes this vector bucket.
   *
   * @param vectorBucket the vector bucket that is encrypted
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-vectors-data-encryption.html
   */
  public vectorBucket(vectorBucket: refs.aws_s3vectors.IVectorBucketRef): void {
    this.access.allow('s3Vectors', this.access.arnOf(vectorBucket, 'vectorBucketRef', 'vectorBucketArn'));
  }

  /**
   * The distribution reads a bucket that this key encrypts, by origin access control.
   *
   * @param distribution the distribution that reads
   * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
   */
  public distributionRead(distribution: refs.aws_cloudfront.IDistributionRef): void {
    this.access.allow('distributionRead', this.access.named(distribution, 'distributionRef', 'distributionId'));
  }

  /**
   * The distribution reads and writes a bucket that this key encrypts, by origin access control: what AWS documents.
   *
   * @param distribution the distribution that reads and writes
   * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
   */
  public distribution(distribution: refs.aws_cloudfront.IDistributionRef): void {
    this.access.allow('distribution', this.access.named(distribution, 'distributionRef', 'distributionId'));
  }

  /**
   * CloudWatch alarms notify topics that this key encrypts.
   *
   * @param alarms the alarms; none stands for all of the account and Region
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
   */
  public alarms(...alarms: refs.aws_cloudwatch.IAlarmRef[]): void {
    this.access.allow('alarms', ...alarms.map((alarm) => this.access.arnOf(alarm, 'alarmRef', 'alarmArn')));
  }

  /**
   * A service publishes to topics that this key encrypts, for anything of the account and Region.
   *
   * @param publisher the AWS service that publishes
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
   */
  public topicPublisher(publisher: TopicPublisher): void {
    this.access.allow(`publisher-${publisher}`);
  }

  /**
   * The topic delivers to queues that this key encrypts.
   *
   * @param topic the topic that sends to the queue
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
   */
  public topicSubscription(topic: refs.aws_sns.ITopicRef): void {
    this.access.allow('topicSubscription', this.access.arnOf(topic, 'topicRef', 'topicArn'));
  }

  /**
   * EventBridge encrypts the events on this event bus.
   *
   * @param bus the event bus that is encrypted
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/encryption-event-bus-key-policy.html
   */
  public eventBus(bus: refs.aws_events.IEventBusRef): void {
    this.access.allow('eventBus', this.access.arnOf(bus, 'eventBusRef', 'eventBusArn'));
  }

  /**
   * EventBridge encrypts archives of the events of this event bus.
   *
   * @param bus the event bus that is archived, which need not be encrypted itself
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/encryption-archives.html
   */
  public eventArchive(bus: refs.aws_events.IEventBusRef): void {
    this.access.allow('eventArchive', this.access.arnOf(bus, 'eventBusRef', 'eventBusArn'));
  }

  /**
   * The rule sends to queues that this key encrypts.
   *
   * @param rule the rule whose target is encrypted
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
   */
  public eventRule(rule: refs.aws_events.IRuleRef): void {
    this.access.allow('eventRule', this.access.arnOf(rule, 'ruleRef', 'ruleArn'));
  }

  /**
   * Rules publish to topics that this key encrypts. Conditions on the source are documented as not supported.
   *
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
   */
  public eventRuleToTopic(): void {
    this.access.allow('eventRuleToTopic');
  }

  /**
   * DynamoDB replicates multi-account global tables that this key encrypts.
   *
   * @param tables the replicas in this account
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/globaltables_MA_security.html
   */
  public globalTableReplication(...tables: refs.aws_dynamodb.ITableRef[]): void {
    const sources = tables.map((table) => this.access.arnOf(table, 'tableRef', 'tableArn'));
    this.access.allow('globalTableReplication', ...sources);
  }

  /**
   * Aurora DSQL encrypts this cluster.
   *
   * @param cluster the cluster that is encrypted
   * @see https://docs.aws.amazon.com/aurora-dsql/latest/userguide/data-encryption.html
   */
  public dsqlCluster(cluster: refs.aws_dsql.IClusterRef): void {
    this.access.allow('dsql', this.access.named(cluster, 'clusterRef', 'identifier'));
  }

  /**
   * Athena encrypts the managed query results of this workgroup.
   *
   * @param workgroup the workgroup whose results are encrypted
   * @see https://docs.aws.amazon.com/athena/latest/ug/encrypting-managed-results.html
   */
  public athenaManagedResults(workgroup: refs.aws_athena.IWorkGroupRef): void {
    this.access.allow('athenaManagedResults', this.access.named(workgroup, 'workGroupRef', 'workGroupName'));
  }

  /**
   * SES encrypts received mail under this key before it stores it.
   *
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/services-ses.html
   */
  public sesMail(): void {
    this.access.allow('sesMail');
  }

  /**
   * EC2 Auto Scaling launches instances with volumes that this key encrypts.
   *
   * IMPORTANT: the role `AWSServiceRoleForAutoScaling` must exist in the account before the key is made. AWS makes it with
   * the first Auto Scaling group; `aws iam create-service-linked-role --aws-service-name autoscaling.amazonaws.com` does so
   * too.
   *
   * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html
   */
  public autoScaling(): void {
    this.access.allowIdentities('autoScaling', [autoScalingRole(Stack.of(this.access.host.key))]);
  }

  /**
   * The role of a backup plan backs up and restores what this key encrypts.
   *
   * @param role the role that AWS Backup takes on
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html
   */
  public backupRole(role: iam.IRole): void {
    this.access.allowIdentities('backupRole', [role]);
  }

  /**
   * Principals make and delete ECR repositories that this key encrypts.
   *
   * @param principals who may: roles, users or accounts, at least one
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
   */
  public ecrRepository(...principals: iam.IPrincipal[]): void {
    allowCallers(this.access, 'ecrRepository', principals);
  }

  /**
   * Users and instances of Session Manager encrypt their sessions.
   *
   * @param principals who may: roles, users or accounts, at least one
   * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-preferences-enable-encryption.html
   */
  public sessionManager(...principals: iam.IPrincipal[]): void {
    allowCallers(this.access, 'sessionManager', principals);
  }

  /**
   * Principals use the key through an AWS service, in the Region of the key, with their own permissions
   * (`kms:ViaService`, `kms:CallerAccount`).
   *
   * @param service the service that calls KMS for them
   * @param principals who calls the service; none lets IAM policies of the account decide
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
   */
  public viaService(service: CallerService, ...principals: iam.IPrincipal[]): void {
    allowCallers(this.access, `caller-${service}`, principals);
  }
}
