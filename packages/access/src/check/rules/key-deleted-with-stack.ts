import { DELEGATION, key } from '../example.ts';
import type { Rule } from '../rule.ts';

export const keyDeletedWithStack: Rule = {
  id: 'key-deleted-with-stack',
  severity: 'warning',
  title: 'Key that encrypts data and is deleted with its stack',
  why: 'When the stack goes, or the resource leaves the template, KMS schedules the deletion of the key. What is encrypted under it outlives the stack, and cannot be read any more.',
  trap: 'Deletion is the default of CloudFormation; the CDK retains keys unless told otherwise. Keys that sign or authenticate are left alone, and so are replica keys, whose primary key keeps the material.',
  fix: 'Set DeletionPolicy to Retain (RemovalPolicy.RETAIN in the CDK).',
  page: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html',
  bad: { resources: { Key: key([DELEGATION], {}, { DeletionPolicy: 'Delete' }) } },
  good: { resources: { Key: key() } },
  check: ({ keys }) =>
    keys
      .filter(({ deletionPolicy, keyUsage, replicaOf }) => {
        return deletionPolicy === 'Delete' && keyUsage === 'ENCRYPT_DECRYPT' && replicaOf === undefined;
      })
      .map((at) => ({ at, message: 'the key is deleted with its stack, and what it encrypted is lost' })),
};
