/** Who holds the key that data is encrypted under. */
export type KeyHolder = 'customerManaged' | 'awsManaged' | 'awsOwned';

/** What a service offers for a resource. */
export interface EncryptedServiceFacts {
  /** What is encrypted, in the words of an error. */
  readonly resource: string;
  /** Why a choice is none there; a choice that is not in it is one. */
  readonly refused: Readonly<Partial<Record<KeyHolder, string>>>;
  /** Why it takes no key by its alias, where it takes none. */
  readonly byAlias?: string;
  readonly page: string;
}

/**
 * What the services offer that the choice has methods for.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/service-integration.html
 */
export const ENCRYPTED_SERVICES = {
  bucket: {
    resource: 'an S3 bucket',
    refused: {},
    page: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/serv-side-encryption.html',
  },
  table: {
    resource: 'a DynamoDB table',
    refused: {},
    page: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.howitworks.html',
  },
  queue: {
    resource: 'an SQS queue',
    refused: {},
    page: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html',
  },
  topic: {
    resource: 'an SNS topic',
    refused: { awsOwned: 'server-side encryption of SNS takes a KMS key of the account and has no AWS owned key' },
    page: 'https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html',
  },
  stream: {
    resource: 'a Kinesis stream',
    refused: { awsOwned: 'Kinesis Data Streams encrypts under a KMS key of the account and has no AWS owned key' },
    page: 'https://docs.aws.amazon.com/streams/latest/dev/what-is-sse.html',
  },
  logGroup: {
    resource: 'a log group',
    refused: { awsManaged: 'CloudWatch Logs keeps no AWS managed key' },
    byAlias: 'CloudWatch Logs takes the ARN of a key, and not that of an alias',
    page: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html',
  },
  secret: {
    resource: 'a secret',
    refused: { awsOwned: 'Secrets Manager encrypts under a KMS key of the account and has no AWS owned key' },
    page: 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html',
  },
  fileSystem: {
    resource: 'an EFS file system',
    refused: { awsOwned: 'EFS encrypts under a KMS key of the account and has no AWS owned key' },
    page: 'https://docs.aws.amazon.com/efs/latest/ug/encryption-at-rest.html',
  },
  database: {
    resource: 'an RDS database',
    refused: {
      awsOwned:
        'no property of RDS asks for an AWS owned key; Aurora uses one where nothing is said about encryption at all',
    },
    page: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html',
  },
} as const satisfies Record<string, EncryptedServiceFacts>;

/** A resource that the choice has a method for. */
export type EncryptedResource = keyof typeof ENCRYPTED_SERVICES;

/** @throws when the service does not offer the choice */
export function requireOffered(resource: EncryptedResource, holder: KeyHolder): void {
  const facts: EncryptedServiceFacts = ENCRYPTED_SERVICES[resource];
  const reason = facts.refused[holder];
  if (reason !== undefined) {
    const legal = (['customerManaged', 'awsManaged', 'awsOwned'] as const).filter(
      (one) => facts.refused[one] === undefined,
    );
    throw new Error(
      `EncryptionChoice.${holder} for ${facts.resource}: ${reason}; use ${legal.map((one) => `EncryptionChoice.${one}`).join(' or ')} (${facts.page})`,
    );
  }
}
