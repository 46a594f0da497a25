/**
 * A service that uses keys with the permissions of whoever calls it: the caller's identity stands in the key policy, the
 * service in `kms:ViaService`. The value is the first part of the host name there.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 */
export enum CallerService {
  /** Certificate Manager: private keys of certificates. */
  ACM = 'acm',
  /** Athena: query results and the catalog. */
  ATHENA = 'athena',
  /** Backup: recovery points and vaults. */
  BACKUP = 'backup',
  /** DynamoDB: tables. */
  DYNAMODB = 'dynamodb',
  /** EC2: EBS volumes, snapshots and images. */
  EC2 = 'ec2',
  /** Elastic Container Registry: repositories. */
  ECR = 'ecr',
  /** Elastic File System. */
  EFS = 'elasticfilesystem',
  /** Elastic Kubernetes Service: secrets of Kubernetes. */
  EKS = 'eks',
  /** Glue: data catalog, jobs and bookmarks. */
  GLUE = 'glue',
  /** Kinesis Data Streams. */
  KINESIS = 'kinesis',
  /** Lambda: environment variables and code. */
  LAMBDA = 'lambda',
  /** CloudWatch Logs: whoever reads and writes an encrypted log group. */
  LOGS = 'logs',
  /** Managed Workflows for Apache Airflow. */
  MWAA = 'airflow',
  /** Relational Database Service and Aurora. */
  RDS = 'rds',
  /** Redshift. */
  REDSHIFT = 'redshift',
  /** S3: objects. */
  S3 = 's3',
  /** S3 Vectors: vectors. */
  S3_VECTORS = 's3vectors',
  /** Secrets Manager: secrets. */
  SECRETS_MANAGER = 'secretsmanager',
  /** Simple Email Service. */
  SES = 'ses',
  /** Simple Notification Service: publishers with a role. */
  SNS = 'sns',
  /** Simple Queue Service: producers and consumers with a role. */
  SQS = 'sqs',
  /** Systems Manager: parameters. */
  SSM = 'ssm',
  /** Step Functions: whoever calls its API, but not the execution role, which calls KMS itself. */
  STEP_FUNCTIONS = 'states',
}
