import { CallerService } from '../caller-service';
import type { Conditions, ServiceFacts } from '../facts';
import { kms, page, type ServiceUse, uses } from '../service-use';

const USE = kms('Encrypt', 'Decrypt', 'ReEncrypt*', 'GenerateDataKey*', 'DescribeKey');

/** The caller's own account, through this service in this Region. The suffix is the same in every partition. */
const through =
  (service: string) =>
  ({ region, account }: ServiceFacts): Conditions => ({
    StringEquals: { 'kms:ViaService': `${service}.${region}.amazonaws.com`, 'kms:CallerAccount': account },
  });

const FOR_AWS: Conditions = { Bool: { 'kms:GrantIsForAWSResource': 'true' } };

/** What a service does with the caller's permissions. */
interface Caller {
  readonly title: string;
  readonly see: string;
  /** Whether it makes KMS grants for its own later use. */
  readonly grants: boolean;
  readonly trap?: string;
}

const NOTHING_DOCUMENTED = 'AWS documents no statement of the key policy for it; this is the pattern for callers.';

/** The services, and whether AWS documents that they make grants. */
const CALLERS: Readonly<Record<CallerService, Caller>> = {
  [CallerService.ACM]: {
    title: 'Certificate Manager',
    see: page('acm/latest/userguide/data-protection.html'),
    grants: true,
    trap: NOTHING_DOCUMENTED,
  },
  [CallerService.ATHENA]: {
    title: 'Athena',
    see: page('athena/latest/ug/encryption.html'),
    grants: false,
    trap: `${NOTHING_DOCUMENTED} Query results in a bucket are encrypted through S3.`,
  },
  [CallerService.BACKUP]: {
    title: 'Backup',
    see: page('aws-backup/latest/devguide/encryption.html'),
    grants: true,
    trap: 'For those who call Backup; its role has `backupRole`.',
  },
  [CallerService.DYNAMODB]: {
    title: 'DynamoDB: table',
    see: page('amazondynamodb/latest/developerguide/encryption.usagenotes.html'),
    grants: true,
    trap: 'A table whose key cannot be used for seven days is archived.',
  },
  [CallerService.EC2]: {
    title: 'EBS: volumes, snapshots, images',
    see: page('ebs/latest/userguide/ebs-encryption-requirements.html'),
    grants: true,
    trap: 'Auto Scaling calls with its service-linked role, which has `autoScaling`.',
  },
  [CallerService.ECR]: {
    title: 'ECR: repository',
    see: page('AmazonECR/latest/userguide/encryption-at-rest.html'),
    grants: true,
    trap: 'ECR makes two grants for each repository and retires them with it, which takes `kms:RetireGrant`: see `ecrRepository`.',
  },
  [CallerService.EFS]: { title: 'EFS: file system', see: page('efs/latest/ug/encryption-at-rest.html'), grants: true },
  [CallerService.EKS]: {
    title: 'EKS: secrets of Kubernetes',
    see: page('eks/latest/userguide/enable-kms.html'),
    grants: true,
    trap: 'Who creates the cluster needs it; afterwards EKS uses its grant.',
  },
  [CallerService.GLUE]: {
    title: 'Glue',
    see: page('glue/latest/dg/encryption-security-configuration.html'),
    grants: false,
    trap: `${NOTHING_DOCUMENTED} Logs of jobs need \`logGroup\`.`,
  },
  [CallerService.KINESIS]: {
    title: 'Kinesis Data Streams',
    see: page('streams/latest/dev/permissions-user-key-KMS.html'),
    grants: false,
    trap: `${NOTHING_DOCUMENTED} Producers need \`kms:GenerateDataKey\`, consumers \`kms:Decrypt\`.`,
  },
  [CallerService.LAMBDA]: {
    title: 'Lambda: environment variables',
    see: page('lambda/latest/dg/configuration-envvars-encryption.html'),
    grants: true,
    trap: 'Lambda makes a grant when the function is created or changed.',
  },
  [CallerService.LOGS]: {
    title: 'CloudWatch Logs: readers and writers',
    see: page('AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html'),
    grants: false,
    trap: 'CloudWatch Logs checks the role that calls it as well; the log group itself has `logGroup`.',
  },
  [CallerService.MWAA]: {
    title: 'Managed Workflows for Apache Airflow',
    see: page('mwaa/latest/userguide/custom-keys-certs.html'),
    grants: true,
    trap: 'Its log groups need `logGroup` too.',
  },
  [CallerService.RDS]: {
    title: 'RDS and Aurora',
    see: page('AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html'),
    grants: true,
  },
  [CallerService.REDSHIFT]: {
    title: 'Redshift',
    see: page('redshift/latest/mgmt/working-with-db-encryption.html'),
    grants: true,
    trap: NOTHING_DOCUMENTED,
  },
  [CallerService.S3]: {
    title: 'S3: objects',
    see: page('AmazonS3/latest/userguide/UsingKMSEncryption.html'),
    grants: false,
    trap: 'An alias in the setting of a bucket is looked up in the account of the caller: give S3 the key ARN.',
  },
  [CallerService.S3_VECTORS]: {
    title: 'S3 Vectors: vectors',
    see: page('AmazonS3/latest/userguide/s3-vectors-data-encryption.html'),
    grants: false,
    trap: 'The indexing itself has `vectorBucket`.',
  },
  [CallerService.SECRETS_MANAGER]: {
    title: 'Secrets Manager: secret',
    see: page('secretsmanager/latest/userguide/security-encryption.html'),
    grants: true,
  },
  [CallerService.SES]: {
    title: 'SES',
    see: page('ses/latest/dg/encryption-rest.html'),
    grants: true,
    trap: 'Received mail has `sesMail`.',
  },
  [CallerService.SNS]: {
    title: 'SNS: publishers with a role',
    see: page('sns/latest/dg/sns-key-management.html'),
    grants: false,
    trap: 'Publishers need `kms:GenerateDataKey*` and `kms:Decrypt`.',
  },
  [CallerService.SQS]: {
    title: 'SQS: producers and consumers with a role',
    see: page('AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html'),
    grants: false,
    trap: 'Who takes from a dead-letter queue needs `kms:Decrypt` for the key of the source queue as well.',
  },
  [CallerService.SSM]: {
    title: 'Systems Manager: parameter',
    see: page('systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html'),
    grants: false,
    trap: `${NOTHING_DOCUMENTED} Session Manager calls KMS itself: see \`sessionManager\`.`,
  },
  [CallerService.STEP_FUNCTIONS]: {
    title: 'Step Functions: callers of its API',
    see: page('step-functions/latest/dg/encryption-at-rest.html'),
    grants: false,
    trap: 'An execution role calls KMS itself: under `kms:ViaService` its executions fail.',
  },
};

const CALLER_USES = Object.fromEntries(
  Object.entries(CALLERS).map(([service, { title, see, grants, trap }]): [string, ServiceUse] => [
    `caller-${service}`,
    {
      title: `${title} (caller)`,
      call: `viaService(CallerService.${nameOf(service)})`,
      principals: 'identity',
      statements: [
        { actions: USE, conditions: through(service) },
        ...(grants
          ? [
              {
                actions: kms('CreateGrant'),
                conditions: (facts: ServiceFacts) => ({ ...through(service)(facts), ...FOR_AWS }),
              },
            ]
          : []),
      ],
      see,
      trap,
      automatic: false,
    },
  ]),
) as Readonly<Record<`caller-${CallerService}`, ServiceUse>>;

function nameOf(service: string): string {
  return Object.entries(CallerService).find(([, value]) => value === service)?.[0] ?? service;
}

/** Uses in which an identity of the account, and not a service principal, asks for the key. */
export const IDENTITY_USES = uses({
  ...CALLER_USES,
  autoScaling: {
    title: 'EC2 Auto Scaling: encrypted EBS volumes',
    call: 'autoScaling()',
    principals: 'identity',
    statements: [{ actions: USE }, { actions: kms('CreateGrant'), conditions: () => FOR_AWS }],
    see: page('autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html'),
    trap: 'The principal is the role `AWSServiceRoleForAutoScaling`, which must exist before the key: KMS refuses a policy that names a principal it cannot find. A key of another account takes a real grant.',
    automatic: true,
  },
  backupRole: {
    title: 'Backup: role of the backup plan',
    call: 'backupRole(role)',
    principals: 'identity',
    statements: [
      { actions: kms('GenerateDataKey', 'Decrypt') },
      {
        actions: kms('CreateGrant'),
        conditions: () => ({
          ...FOR_AWS,
          'ForAnyValue:StringEquals': { 'kms:EncryptionContextKeys': 'aws:backup:backup-vault' },
          StringLike: { 'kms:ViaService': 'backup.*.amazonaws.com' },
        }),
      },
    ],
    see: page('aws-backup/latest/devguide/encryption.html'),
    trap: 'A copy to another account or Region needs the key there as well.',
    automatic: false,
  },
  ecrRepository: {
    title: 'ECR: who makes and deletes an encrypted repository',
    call: 'ecrRepository(...principals)',
    principals: 'identity',
    statements: [{ actions: kms('CreateGrant', 'RetireGrant', 'DescribeKey'), conditions: through('ecr') }],
    see: page('AmazonECR/latest/userguide/encryption-at-rest.html'),
    trap: 'Without `kms:RetireGrant` the repository can be made but not deleted.',
    automatic: false,
  },
  sessionManager: {
    title: 'Session Manager: encrypted sessions',
    call: 'sessionManager(...principals)',
    principals: 'identity',
    statements: [{ actions: kms('Decrypt', 'GenerateDataKey') }],
    see: page('systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html'),
    trap: 'The instance decrypts and the user makes data keys, both by themselves: `kms:ViaService` would deny them.',
    automatic: false,
  },
});
