/** An AWS managed key that a service keeps in each account and Region that uses it. */
export interface AwsManagedKeyFacts {
  /** Name of the service. */
  readonly name: string;
  /** First part of the value of `kms:ViaService`. */
  readonly via: string;
  /** What AWS says about it, below `https://docs.aws.amazon.com/`. */
  readonly page: string;
}

/**
 * The AWS managed keys by the end of their alias, `alias/aws/<name>`. Services that AWS moved to AWS owned keys only keep
 * none.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-cmk
 */
export const AWS_MANAGED_KEYS = {
  acm: { name: 'Certificate Manager', via: 'acm', page: 'acm/latest/userguide/data-protection.html' },
  backup: { name: 'Backup', via: 'backup', page: 'aws-backup/latest/devguide/encryption.html' },
  codecommit: { name: 'CodeCommit', via: 'codecommit', page: 'codecommit/latest/userguide/encryption.html' },
  dms: {
    name: 'Database Migration Service',
    via: 'dms',
    page: 'dms/latest/userguide/CHAP_Security.html',
  },
  dynamodb: {
    name: 'DynamoDB',
    via: 'dynamodb',
    page: 'amazondynamodb/latest/developerguide/encryption.howitworks.html',
  },
  ebs: { name: 'EBS', via: 'ec2', page: 'ebs/latest/userguide/ebs-encryption.html' },
  ecr: { name: 'Elastic Container Registry', via: 'ecr', page: 'AmazonECR/latest/userguide/encryption-at-rest.html' },
  elasticfilesystem: {
    name: 'Elastic File System',
    via: 'elasticfilesystem',
    page: 'efs/latest/ug/encryption-at-rest.html',
  },
  es: {
    name: 'OpenSearch Service',
    via: 'es',
    page: 'opensearch-service/latest/developerguide/encryption-at-rest.html',
  },
  fsx: { name: 'FSx', via: 'fsx', page: 'fsx/latest/WindowsGuide/encryption-at-rest.html' },
  glue: { name: 'Glue', via: 'glue', page: 'glue/latest/dg/encryption-security-configuration.html' },
  kinesis: { name: 'Kinesis Data Streams', via: 'kinesis', page: 'streams/latest/dev/what-is-sse.html' },
  kinesisvideo: {
    name: 'Kinesis Video Streams',
    via: 'kinesisvideo',
    page: 'kinesisvideostreams/latest/dg/how-kms.html',
  },
  lambda: { name: 'Lambda', via: 'lambda', page: 'lambda/latest/dg/security-encryption-at-rest.html' },
  rds: { name: 'Relational Database Service', via: 'rds', page: 'AmazonRDS/latest/UserGuide/Overview.Encryption.html' },
  redshift: { name: 'Redshift', via: 'redshift', page: 'redshift/latest/mgmt/working-with-db-encryption.html' },
  s3: { name: 'S3', via: 's3', page: 'AmazonS3/latest/userguide/UsingKMSEncryption.html' },
  secretsmanager: {
    name: 'Secrets Manager',
    via: 'secretsmanager',
    page: 'secretsmanager/latest/userguide/security-encryption.html',
  },
  sns: {
    name: 'Simple Notification Service',
    via: 'sns',
    page: 'sns/latest/dg/sns-server-side-encryption.html',
  },
  sqs: {
    name: 'Simple Queue Service',
    via: 'sqs',
    page: 'AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html',
  },
  ssm: {
    name: 'Systems Manager Parameter Store',
    via: 'ssm',
    page: 'systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html',
  },
  workspaces: { name: 'WorkSpaces', via: 'workspaces', page: 'workspaces/latest/adminguide/encrypt-workspaces.html' },
  xray: { name: 'X-Ray', via: 'xray', page: 'xray/latest/devguide/xray-console-encryption.html' },
} as const satisfies Record<string, AwsManagedKeyFacts>;

/** End of the alias of an AWS managed key. */
export type AwsManagedKeyName = keyof typeof AWS_MANAGED_KEYS;

/** Whether there is an AWS managed key of this name. */
export function isAwsManagedKeyName(name: string): name is AwsManagedKeyName {
  return Object.hasOwn(AWS_MANAGED_KEYS, name);
}
