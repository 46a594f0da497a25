import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sqs from 'aws-cdk-lib/aws-sqs';

/* Each has the names of the properties of the aws-cdk-lib construct that it is for, so that it can be spread into them. */

/** Properties of an `s3.Bucket`. */
export interface BucketEncryptionProps {
  /** Kind of encryption. */
  readonly encryption: s3.BucketEncryption;
  /**
   * The customer managed key.
   *
   * @default - none
   */
  readonly encryptionKey?: kms.IKey;
}

/** Properties of a `dynamodb.Table`. */
export interface TableEncryptionProps {
  /** Kind of encryption. */
  readonly encryption: dynamodb.TableEncryption;
  /**
   * The customer managed key.
   *
   * @default - none
   */
  readonly encryptionKey?: kms.IKey;
}

/** Properties of a `dynamodb.TableV2`. */
export interface TableV2EncryptionProps {
  /** Kind of encryption, with its keys. */
  readonly encryption: dynamodb.TableEncryptionV2;
}

/** Properties of an `sqs.Queue`. */
export interface QueueEncryptionProps {
  /** Kind of encryption. */
  readonly encryption: sqs.QueueEncryption;
  /**
   * The customer managed key.
   *
   * @default - none
   */
  readonly encryptionMasterKey?: kms.IKey;
}

/** Properties of an `sns.Topic`. */
export interface TopicEncryptionProps {
  /** The key. */
  readonly masterKey: kms.IKey;
}

/** Properties of a `kinesis.Stream`. */
export interface StreamEncryptionProps {
  /** Kind of encryption. */
  readonly encryption: kinesis.StreamEncryption;
  /**
   * The customer managed key.
   *
   * @default - none
   */
  readonly encryptionKey?: kms.IKey;
}

/** Properties of a `logs.LogGroup`. */
export interface LogGroupEncryptionProps {
  /**
   * The customer managed key.
   *
   * @default - an AWS owned key
   */
  readonly encryptionKey?: kms.IKey;
}

/** Properties of a `secretsmanager.Secret`. */
export interface SecretEncryptionProps {
  /**
   * The customer managed key.
   *
   * @default - the AWS managed key of Secrets Manager
   */
  readonly encryptionKey?: kms.IKey;
}

/** Properties of an `efs.FileSystem`. */
export interface FileSystemEncryptionProps {
  /** Whether it is encrypted. */
  readonly encrypted: boolean;
  /**
   * The customer managed key.
   *
   * @default - the AWS managed key of EFS
   */
  readonly kmsKey?: kms.IKey;
}

/** Properties of an `rds.DatabaseInstance` or `rds.DatabaseCluster`. */
export interface DatabaseEncryptionProps {
  /** Whether it is encrypted. */
  readonly storageEncrypted: boolean;
  /**
   * The customer managed key.
   *
   * @default - the AWS managed key of RDS
   */
  readonly storageEncryptionKey?: kms.IKey;
}
