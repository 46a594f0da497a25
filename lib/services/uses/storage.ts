import { allOf, onSource, sourceAccount, sourceArn } from '../facts';
import { kms, page, type SourceShape, universal, uses } from '../service-use';

const BUCKET: SourceShape = { of: 'bucket', arn: ({ partition }, name) => `arn:${partition}:s3:::${name}` };

const TABLE_BUCKET: SourceShape = {
  of: 'table bucket',
  arn: ({ partition, region, account }, name) => `arn:${partition}:s3tables:${region}:${account}:bucket/${name}`,
};

/** S3 in all its kinds, and CloudFront in front of it. */
export const STORAGE_USES = uses({
  bucketNotifications: {
    title: 'S3: event notifications to an encrypted topic or queue',
    call: 'bucketNotifications(bucket)',
    principals: universal('s3'),
    statements: [
      {
        actions: kms('GenerateDataKey', 'Decrypt'),
        conditions: (facts) => allOf(sourceAccount(facts), sourceArn(facts)),
      },
    ],
    source: BUCKET,
    see: page('AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html'),
    trap: 'The ARN of a bucket has no account, so `aws:SourceAccount` belongs to it. The conditions are those of the SNS and SQS guides.',
    automatic: true,
  },
  bucketInventory: {
    title: 'S3: inventory to an encrypted bucket',
    call: 'bucketInventory(sourceBucket)',
    principals: universal('s3'),
    statements: [
      { actions: kms('GenerateDataKey'), conditions: (facts) => allOf(sourceAccount(facts), sourceArn(facts)) },
    ],
    source: { ...BUCKET, of: 'source bucket' },
    see: page('AmazonS3/latest/userguide/configure-inventory.html'),
    trap: 'The source is the bucket that is listed, not the one that takes the lists.',
    automatic: true,
  },
  storageLens: {
    title: 'S3 Storage Lens: metrics export',
    call: 'storageLens(configuration)',
    principals: universal('storage-lens.s3'),
    statements: [
      {
        actions: kms('GenerateDataKey'),
        conditions: (facts) => allOf(sourceAccount(facts), sourceArn(facts, 'StringEquals')),
      },
    ],
    source: {
      of: 'Storage Lens configuration',
      arn: ({ partition, region, account }, name) => `arn:${partition}:s3:${region}:${account}:storage-lens/${name}`,
    },
    see: page('AmazonS3/latest/userguide/storage_lens_encrypt_permissions.html'),
    automatic: true,
  },
  s3Tables: {
    title: 'S3 Tables: maintenance of encrypted tables',
    call: 'tableBucket(tableBucket)',
    principals: universal('maintenance.s3tables'),
    statements: [
      {
        actions: kms('GenerateDataKey', 'Decrypt'),
        conditions: (facts) => onSource('kms:EncryptionContext:aws:s3:arn', facts, 'StringLike', '/*'),
      },
    ],
    source: TABLE_BUCKET,
    see: page('AmazonS3/latest/userguide/s3-tables-kms-permissions.html'),
    trap: 'Without it nothing fails: compaction and expiry of snapshots stop, and queries become slow.',
    automatic: true,
  },
  s3Metadata: {
    title: 'S3 Metadata: encrypted metadata tables',
    call: 'metadataTables(tableBucket)',
    principals: universal('maintenance.s3tables', 'metadata.s3'),
    statements: [
      {
        actions: kms('GenerateDataKey', 'Decrypt'),
        conditions: (facts) => onSource('kms:EncryptionContext:aws:s3:arn', facts, 'StringLike', '/*'),
      },
    ],
    source: TABLE_BUCKET,
    see: page('AmazonS3/latest/userguide/s3-tables-kms-permissions.html'),
    trap: 'The tables are in the bucket `aws-s3` that AWS manages.',
    automatic: false,
  },
  s3Vectors: {
    title: 'S3 Vectors: indexing of an encrypted vector bucket',
    call: 'vectorBucket(vectorBucket)',
    principals: universal('indexing.s3vectors'),
    statements: [
      {
        actions: kms('Decrypt'),
        conditions: (facts) =>
          allOf(sourceArn(facts), sourceAccount(facts), {
            'ForAnyValue:StringEquals': {
              'kms:EncryptionContextKeys': ['aws:s3vectors:arn', 'aws:s3vectors:resource-id'],
            },
          }),
      },
    ],
    source: {
      of: 'vector bucket',
      // The service acts for the bucket and for each index in it, whose ARN begins with that of the bucket.
      arn: ({ partition, region, account }, name) =>
        `arn:${partition}:s3vectors:${region}:${account}:bucket/${name === '*' ? '*' : `${name}*`}`,
    },
    see: page('AmazonS3/latest/userguide/s3-vectors-data-encryption.html'),
    trap: 'An index cannot be created without it: "Insufficient access to perform asynchronous indexing".',
    automatic: true,
  },
  distributionRead: {
    title: 'CloudFront: origin access control that reads an encrypted bucket',
    call: 'distributionRead(distribution)',
    principals: universal('cloudfront'),
    statements: [{ actions: kms('Decrypt'), conditions: (facts) => sourceArn(facts, 'StringEquals') }],
    source: {
      of: 'distribution',
      arn: ({ partition, account }, name) => `arn:${partition}:cloudfront::${account}:distribution/${name}`,
    },
    see: page('AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html'),
    trap: 'What AWS documents has `kms:Encrypt` and `kms:GenerateDataKey*` too, which only a distribution that takes PUT or POST needs.',
    automatic: true,
  },
  distribution: {
    title: 'CloudFront: origin access control that reads and writes an encrypted bucket',
    call: 'distribution(distribution)',
    principals: universal('cloudfront'),
    statements: [
      {
        actions: kms('Decrypt', 'Encrypt', 'GenerateDataKey*'),
        conditions: (facts) => sourceArn(facts, 'StringEquals'),
      },
    ],
    source: {
      of: 'distribution',
      arn: ({ partition, account }, name) => `arn:${partition}:cloudfront::${account}:distribution/${name}`,
    },
    see: page('AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html'),
    trap: 'Distribution, bucket and key would refer to each other in a circle, and the id of a distribution is not known before: the ARN is `distribution/*` of the account unless the distribution is imported by its id.',
    automatic: true,
  },
});
