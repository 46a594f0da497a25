/**
 * A service that publishes to encrypted topics under a service principal of its own. CloudWatch alarms, S3, CloudTrail and
 * EventBridge have methods of their own; Auto Scaling, CodePipeline, Config, Elastic Beanstalk, Elastic Transcoder, Image
 * Builder and IoT publish with an IAM role, which needs the permission instead.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export enum TopicPublisher {
  /** CodeCommit. */
  CODECOMMIT = 'codecommit',
  /** Incident Manager: contacts. */
  CONTACTS = 'contacts',
  /** Database Migration Service. */
  DMS = 'dms',
  /** Directory Service. */
  DS = 'ds',
  /** DynamoDB. */
  DYNAMODB = 'dynamodb',
  /** S3 Glacier. */
  GLACIER = 'glacier',
  /** Incident Manager: incidents. */
  INCIDENTS = 'incidents',
  /** Inspector. */
  INSPECTOR = 'inspector',
  /** RDS. */
  RDS = 'rds',
  /** Redshift. */
  REDSHIFT = 'redshift',
  /** Simple Email Service. */
  SES = 'ses',
  /** Snowball. */
  SNOWBALL = 'snowball',
}
