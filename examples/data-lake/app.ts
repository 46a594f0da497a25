/**
 * Data lake
 *
 * Objects in S3, the catalog and jobs of Glue, query results of Athena. Analysts read through the services and cannot
 * call KMS themselves; jobs read and write.
 */
import { App, Stack } from 'aws-cdk-lib';
import * as athena from 'aws-cdk-lib/aws-athena';
import * as glue from 'aws-cdk-lib/aws-glue';
import * as iam from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AccountDelegation, EncryptionKey, KeyAccess } from 'cdk-keysmith';

export const app = new App();
const stack = new Stack(app, 'Lake', { env: { account: '111122223333', region: 'eu-west-1' } });
const analyst = new iam.Role(stack, 'Analyst', { assumedBy: new iam.AccountRootPrincipal() });
const job = new iam.Role(stack, 'Job', { assumedBy: new iam.ServicePrincipal('glue.amazonaws.com') });

const key = new EncryptionKey(stack, 'Key', {
  alias: 'lake',
  accountDelegation: AccountDelegation.ADMINISTRATION,
  access: [
    KeyAccess.encryptAndDecrypt([job], { viaServices: ['s3', 'glue'] }),
    KeyAccess.decrypt([analyst], { viaServices: ['s3', 'glue'] }),
  ],
});
// Query results have a key of their own: analysts write them too.
const resultKey = new EncryptionKey(stack, 'ResultKey', {
  alias: 'lake/results',
  accountDelegation: AccountDelegation.ADMINISTRATION,
  access: [KeyAccess.encryptAndDecrypt([analyst], { viaServices: ['s3', 'athena'] })],
});
key.services.logGroup(LogGroup.fromLogGroupName(stack, 'JobLogs', '/aws-glue/jobs/*'));

const bucket = (id: string, encryptionKey: EncryptionKey) =>
  new s3.Bucket(stack, id, { encryptionKey, bucketKeyEnabled: true, enforceSSL: true, versioned: true });
bucket('Objects', key);
const results = bucket('Results', resultKey);

new glue.CfnDataCatalogEncryptionSettings(stack, 'Catalog', {
  catalogId: stack.account,
  dataCatalogEncryptionSettings: {
    encryptionAtRest: { catalogEncryptionMode: 'SSE-KMS', sseAwsKmsKeyId: key.keyArn },
    connectionPasswordEncryption: { returnConnectionPasswordEncrypted: true, kmsKeyId: key.keyArn },
  },
});
new glue.CfnSecurityConfiguration(stack, 'Jobs', {
  name: 'lake',
  encryptionConfiguration: {
    cloudWatchEncryption: { cloudWatchEncryptionMode: 'SSE-KMS', kmsKeyArn: key.keyArn },
    s3Encryptions: [{ s3EncryptionMode: 'SSE-KMS', kmsKeyArn: key.keyArn }],
  },
});
new athena.CfnWorkGroup(stack, 'Queries', {
  name: 'lake',
  workGroupConfiguration: {
    enforceWorkGroupConfiguration: true,
    resultConfiguration: {
      outputLocation: results.s3UrlForObject('queries/'),
      encryptionConfiguration: { encryptionOption: 'SSE_KMS', kmsKey: resultKey.keyArn },
    },
  },
});
