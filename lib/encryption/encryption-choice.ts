import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { key as aKey, having, requireKind } from '../private/shape';
import { AwsManagedKey } from './aws-managed-key';
import { type EncryptedResource, type KeyHolder, requireOffered } from './encrypted-services';
import type {
  BucketEncryptionProps,
  DatabaseEncryptionProps,
  FileSystemEncryptionProps,
  LogGroupEncryptionProps,
  QueueEncryptionProps,
  SecretEncryptionProps,
  StreamEncryptionProps,
  TableEncryptionProps,
  TableV2EncryptionProps,
  TopicEncryptionProps,
} from './encryption-props';
import { requireSuitable } from './suitable-key';

/**
 * How data is encrypted: under a customer managed key, an AWS managed key or an AWS owned key.
 *
 * Its methods give the properties that say so to a construct of aws-cdk-lib, to be spread into its properties:
 * `new s3.Bucket(this, 'Bucket', { ...choice.forBucket() })`. A choice that a service does not offer throws, and says
 * which ones there are.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-mgmt
 */
export class EncryptionChoice {
  /**
   * Under a key of yours: you write its policy, see its use, can take it away. It must be a symmetric encryption key.
   *
   * @param key a symmetric encryption key
   * @throws for an argument of another type
   */
  public static customerManaged(key: kms.IKey): EncryptionChoice {
    requireKind('EncryptionChoice.customerManaged', 'key', key, aKey);
    return new EncryptionChoice('customerManaged', key);
  }

  /**
   * Under the key `alias/aws/<service>` that each service keeps in the account: its use can be seen in CloudTrail, its
   * policy cannot be changed, so no other account can read the data.
   *
   * @param scope a construct of the stack that the encrypted resources are in
   * @throws for an argument of another type
   */
  public static awsManaged(scope: IConstruct): EncryptionChoice {
    requireKind('EncryptionChoice.awsManaged', 'scope', scope, having('a construct', 'node'));
    return new EncryptionChoice('awsManaged', undefined, scope);
  }

  /** Under a key that AWS holds for many accounts: nothing is seen of it, and it costs nothing. */
  public static awsOwned(): EncryptionChoice {
    return new EncryptionChoice('awsOwned');
  }

  private readonly holder: KeyHolder;
  private readonly customerKey?: kms.IKey;
  private readonly scope?: IConstruct;

  private constructor(holder: KeyHolder, key?: kms.IKey, scope?: IConstruct) {
    this.holder = holder;
    this.customerKey = key;
    this.scope = scope;
  }

  /** The choice in words: `customerManaged`, `awsManaged` or `awsOwned`. */
  public get kind(): string {
    return this.holder;
  }

  /**
   * For `s3.Bucket`. What S3 calls SSE-S3 is the AWS owned key.
   *
   * @throws for a key that cannot encrypt the data of AWS services
   */
  public forBucket(): BucketEncryptionProps {
    const encryptionKey = this.keyFor('bucket');
    const { KMS, KMS_MANAGED, S3_MANAGED } = s3.BucketEncryption;
    return { encryption: this.either(KMS, KMS_MANAGED, S3_MANAGED), ...(encryptionKey && { encryptionKey }) };
  }

  /**
   * For `dynamodb.Table`.
   *
   * @throws for a key that cannot encrypt the data of AWS services
   */
  public forTable(): TableEncryptionProps {
    const encryptionKey = this.keyFor('table');
    const { CUSTOMER_MANAGED, AWS_MANAGED, DEFAULT } = dynamodb.TableEncryption;
    return {
      encryption: this.either(CUSTOMER_MANAGED, AWS_MANAGED, DEFAULT),
      ...(encryptionKey && { encryptionKey }),
    };
  }

  /**
   * For `dynamodb.TableV2`.
   *
   * @param replicaKeyArns ARNs of the keys of its replicas by Region; each Region has a key of its own
   * @throws when keys of replicas are given and the choice is not a customer managed key
   */
  public forTableV2(replicaKeyArns?: Record<string, string>): TableV2EncryptionProps {
    const key = this.keyFor('table');
    if (key !== undefined) {
      return { encryption: dynamodb.TableEncryptionV2.customerManagedKey(key, replicaKeyArns) };
    }
    if (replicaKeyArns !== undefined) {
      throw new Error(
        `EncryptionChoice.${this.holder} for a DynamoDB table: keys of replicas are given, and DynamoDB takes them with a customer managed key only; leave replicaKeyArns out`,
      );
    }
    const { TableEncryptionV2 } = dynamodb;
    return {
      encryption: this.holder === 'awsManaged' ? TableEncryptionV2.awsManagedKey() : TableEncryptionV2.dynamoOwnedKey(),
    };
  }

  /**
   * For `sqs.Queue`. What SQS calls SSE-SQS is the AWS owned key.
   *
   * @throws for a key that cannot encrypt the data of AWS services
   */
  public forQueue(): QueueEncryptionProps {
    const encryptionMasterKey = this.keyFor('queue');
    const { KMS, KMS_MANAGED, SQS_MANAGED } = sqs.QueueEncryption;
    return {
      encryption: this.either(KMS, KMS_MANAGED, SQS_MANAGED),
      ...(encryptionMasterKey && { encryptionMasterKey }),
    };
  }

  /**
   * For `sns.Topic`. Under the AWS managed key no AWS service can publish: what grants it then throws.
   *
   * @throws for an AWS owned key, which SNS has not
   */
  public forTopic(): TopicEncryptionProps {
    return { masterKey: this.keyFor('topic') ?? AwsManagedKey.of(this.scope as IConstruct, 'sns').asKey() };
  }

  /**
   * For `kinesis.Stream`.
   *
   * @throws for an AWS owned key, which Kinesis has not
   */
  public forStream(): StreamEncryptionProps {
    const encryptionKey = this.keyFor('stream');
    const { KMS, MANAGED } = kinesis.StreamEncryption;
    return { encryption: this.either(KMS, MANAGED, MANAGED), ...(encryptionKey && { encryptionKey }) };
  }

  /**
   * For `logs.LogGroup`.
   *
   * @throws for an AWS managed key, which CloudWatch Logs has not, and for a key that was imported by its alias
   */
  public forLogGroup(): LogGroupEncryptionProps {
    const encryptionKey = this.keyFor('logGroup');
    return { ...(encryptionKey && { encryptionKey }) };
  }

  /**
   * For `secretsmanager.Secret`.
   *
   * @throws for an AWS owned key, which Secrets Manager has not
   */
  public forSecret(): SecretEncryptionProps {
    const encryptionKey = this.keyFor('secret');
    return { ...(encryptionKey && { encryptionKey }) };
  }

  /**
   * For `efs.FileSystem`.
   *
   * @throws for an AWS owned key, which EFS has not
   */
  public forFileSystem(): FileSystemEncryptionProps {
    const kmsKey = this.keyFor('fileSystem');
    return { encrypted: true, ...(kmsKey && { kmsKey }) };
  }

  /**
   * For `rds.DatabaseInstance` and `rds.DatabaseCluster`.
   *
   * @throws for an AWS owned key, which no property of RDS asks for
   */
  public forDatabase(): DatabaseEncryptionProps {
    const storageEncryptionKey = this.keyFor('database');
    return { storageEncrypted: true, ...(storageEncryptionKey && { storageEncryptionKey }) };
  }

  private keyFor(resource: EncryptedResource): kms.IKey | undefined {
    requireOffered(resource, this.holder);
    if (this.customerKey !== undefined) {
      requireSuitable(this.customerKey, resource);
    }
    return this.customerKey;
  }

  private either<T>(customerManaged: T, awsManaged: T, awsOwned: T): T {
    return { customerManaged, awsManaged, awsOwned }[this.holder];
  }
}
