import { Annotations, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type {
  aws_athena,
  aws_cloudfront,
  aws_cloudtrail,
  aws_cloudwatch,
  aws_dsql,
  aws_dynamodb,
  aws_events,
  aws_guardduty,
  aws_logs,
  aws_s3,
  aws_s3tables,
  aws_s3vectors,
  aws_sns,
} from 'aws-cdk-lib/interfaces';
import type { IConstruct } from 'constructs';
import { lookAfter } from './automatic/aspect';
import { autoScalingRole } from './automatic/special';
import type { CallerService } from './caller-service';
import { KeyServices } from './key-services';
import { registerAccess } from './registry';
import { ServiceAccess, type ServiceHost } from './service-access';
import type { UseId } from './service-uses';
import type { TopicPublisher } from './topic-publisher';

/**
 * AWS services that may use a symmetric encryption key: one method for each use that AWS documents, with the principals,
 * actions and conditions of that documentation.
 *
 * Most of them are called by themselves, when the key is given to a resource that needs them; calling one again changes
 * nothing. A statement names the resource by its ARN when that cannot become a circle of references: when its name is
 * known, or when it needs no key. Else, and for more than 25 resources, it names all resources of that kind in the
 * account.
 */
export class EncryptionKeyServices extends KeyServices {
  /** @internal */
  public static _of(host: ServiceHost): EncryptionKeyServices {
    const access = new ServiceAccess(host);
    registerAccess(access);
    if (host.automatic) {
      lookAfter(host.key);
    }
    return new EncryptionKeyServices(access);
  }

  private readonly access: ServiceAccess;

  private constructor(access: ServiceAccess) {
    super();
    this.access = access;
  }

  /**
   * CloudWatch Logs encrypts this log group.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
   */
  public logGroup(group: aws_logs.ILogGroupRef): void {
    this.allowNamed('logGroup', group, group.logGroupRef.logGroupName);
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
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
   */
  public serverAccessLogs(sourceBucket: aws_s3.IBucketRef): void {
    this.allowNamed('serverAccessLogs', sourceBucket, sourceBucket.bucketRef.bucketName);
  }

  /**
   * CloudTrail encrypts the log and digest files of this trail.
   *
   * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
   */
  public trail(trail: aws_cloudtrail.ITrailRef): void {
    this.allowArn('trail', trail, trail.trailRef.trailArn);
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
   * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-permissions-for-sns-notifications.html
   */
  public trailNotifications(trail: aws_cloudtrail.ITrailRef): void {
    this.allowArn('trailNotifications', trail, trail.trailRef.trailArn);
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
   * @see https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_exportfindings.html
   */
  public guardDutyExport(detector: aws_guardduty.IDetectorRef): void {
    this.allowNamed('guardDutyExport', detector, detector.detectorRef.detectorId);
  }

  /**
   * The bucket notifies topics or queues that this key encrypts.
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html
   */
  public bucketNotifications(bucket: aws_s3.IBucketRef): void {
    this.allowNamed('bucketNotifications', bucket, bucket.bucketRef.bucketName);
  }

  /**
   * S3 writes inventories of the bucket to another one that this key encrypts.
   *
   * @param sourceBucket the bucket that is listed
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/configure-inventory.html
   */
  public bucketInventory(sourceBucket: aws_s3.IBucketRef): void {
    this.allowNamed('bucketInventory', sourceBucket, sourceBucket.bucketRef.bucketName);
  }

  /**
   * S3 Storage Lens exports its metrics under this key.
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage_lens_encrypt_permissions.html
   */
  public storageLens(configuration: aws_s3.IStorageLensRef): void {
    this.allowNamed('storageLens', configuration, configuration.storageLensRef.storageLensId);
  }

  /**
   * S3 Tables maintains the tables of this table bucket.
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-kms-permissions.html
   */
  public tableBucket(tableBucket: aws_s3tables.ITableBucketRef): void {
    this.allowArn('s3Tables', tableBucket, tableBucket.tableBucketRef.tableBucketArn);
  }

  /**
   * S3 Metadata updates, and S3 Tables maintains, metadata tables under this key.
   *
   * @param tableBucket the table bucket of the metadata tables
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-kms-permissions.html
   */
  public metadataTables(tableBucket: aws_s3tables.ITableBucketRef): void {
    this.allowArn('s3Metadata', tableBucket, tableBucket.tableBucketRef.tableBucketArn);
  }

  /**
   * S3 Vectors indexes this vector bucket.
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-vectors-data-encryption.html
   */
  public vectorBucket(vectorBucket: aws_s3vectors.IVectorBucketRef): void {
    this.allowArn('s3Vectors', vectorBucket, vectorBucket.vectorBucketRef.vectorBucketArn);
  }

  /**
   * The distribution reads a bucket that this key encrypts, by origin access control.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
   */
  public distributionRead(distribution: aws_cloudfront.IDistributionRef): void {
    this.allowNamed('distributionRead', distribution, distribution.distributionRef.distributionId);
  }

  /**
   * The distribution reads and writes a bucket that this key encrypts, by origin access control: what AWS documents.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
   */
  public distribution(distribution: aws_cloudfront.IDistributionRef): void {
    this.allowNamed('distribution', distribution, distribution.distributionRef.distributionId);
  }

  /**
   * CloudWatch alarms notify topics that this key encrypts.
   *
   * @param alarms the alarms; none stands for all of the account and Region
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
   */
  public alarms(...alarms: aws_cloudwatch.IAlarmRef[]): void {
    if (alarms.length === 0) {
      this.access.allow('alarms');
    }
    for (const alarm of alarms) {
      this.allowArn('alarms', alarm, alarm.alarmRef.alarmArn);
    }
  }

  /**
   * A service publishes to topics that this key encrypts, for anything of the account and Region.
   *
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
   */
  public topicPublisher(publisher: TopicPublisher): void {
    this.access.allow(`publisher-${publisher}`);
  }

  /**
   * The topic delivers to queues that this key encrypts.
   *
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
   */
  public topicSubscription(topic: aws_sns.ITopicRef): void {
    this.allowArn('topicSubscription', topic, topic.topicRef.topicArn);
  }

  /**
   * EventBridge encrypts the events on this event bus.
   *
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/encryption-event-bus-key-policy.html
   */
  public eventBus(bus: aws_events.IEventBusRef): void {
    this.allowArn('eventBus', bus, bus.eventBusRef.eventBusArn);
  }

  /**
   * EventBridge encrypts archives of the events of this event bus.
   *
   * @param bus the event bus that is archived, which need not be encrypted itself
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/encryption-archives.html
   */
  public eventArchive(bus: aws_events.IEventBusRef): void {
    this.allowArn('eventArchive', bus, bus.eventBusRef.eventBusArn);
  }

  /**
   * The rule sends to queues that this key encrypts.
   *
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
   */
  public eventRule(rule: aws_events.IRuleRef): void {
    this.allowArn('eventRule', rule, rule.ruleRef.ruleArn);
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
  public globalTableReplication(...tables: aws_dynamodb.ITableRef[]): void {
    if (tables.length === 0) {
      this.access.allow('globalTableReplication');
    }
    for (const table of tables) {
      this.allowArn('globalTableReplication', table, table.tableRef.tableArn);
    }
  }

  /**
   * Aurora DSQL encrypts this cluster.
   *
   * @see https://docs.aws.amazon.com/aurora-dsql/latest/userguide/data-encryption.html
   */
  public dsqlCluster(cluster: aws_dsql.IClusterRef): void {
    this.allowNamed('dsql', cluster, cluster.clusterRef.identifier);
  }

  /**
   * Athena encrypts the managed query results of this workgroup.
   *
   * @see https://docs.aws.amazon.com/athena/latest/ug/encrypting-managed-results.html
   */
  public athenaManagedResults(workgroup: aws_athena.IWorkGroupRef): void {
    this.allowNamed('athenaManagedResults', workgroup, workgroup.workGroupRef.workGroupName);
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
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html
   */
  public backupRole(role: iam.IRole): void {
    this.access.allowIdentities('backupRole', [role]);
  }

  /**
   * Principals make and delete ECR repositories that this key encrypts.
   *
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
   */
  public ecrRepository(...principals: iam.IPrincipal[]): void {
    this.allowCallers('ecrRepository', principals);
  }

  /**
   * Users and instances of Session Manager encrypt their sessions.
   *
   * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-preferences-enable-encryption.html
   */
  public sessionManager(...principals: iam.IPrincipal[]): void {
    this.allowCallers('sessionManager', principals);
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
    this.allowCallers(`caller-${service}`, principals);
  }

  private allowCallers(use: UseId, principals: readonly iam.IPrincipal[]): void {
    if (principals.length === 0 && this.access.host.useDelegated) {
      Annotations.of(this.access.host.key).addWarningV2(
        'cdk-keysmith:identityWithoutEffect',
        `services.${use}() without principals adds nothing: IAM policies of the account decide about all use of this key already; name principals, or use AccountDelegation.ADMINISTRATION`,
      );
    }
    this.access.allowIdentities(use, principals.length === 0 ? [new iam.AccountRootPrincipal()] : principals);
  }

  private allowArn(use: UseId, scope: IConstruct, value: string): void {
    this.access.allow(use, { value, named: false, scope });
  }

  private allowNamed(use: UseId, scope: IConstruct, value: string): void {
    this.access.allow(use, { value, named: true, scope });
  }
}
