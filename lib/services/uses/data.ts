import { Token } from 'aws-cdk-lib';
import { allOf, onSource, type ServiceFacts, sourceAccount, sourceArn } from '../facts';
import { kms, page, universal, uses } from '../service-use';

/** Data bases, queries and mail. */
export const DATA_USES = uses({
  globalTableReplication: {
    title: 'DynamoDB: multi-account global table',
    call: 'globalTableReplication(...tables)',
    principals: universal('replication.dynamodb'),
    statements: [
      {
        actions: kms('Decrypt', 'ReEncrypt*', 'GenerateDataKey*', 'DescribeKey'),
        conditions: (facts) => allOf(sourceAccount(facts), sourceArn(facts, 'StringEquals')),
      },
    ],
    source: {
      of: 'table',
      arn: ({ partition, region, account }, name) => `arn:${partition}:dynamodb:${region}:${account}:table/${name}`,
    },
    see: page('amazondynamodb/latest/developerguide/globaltables_MA_security.html'),
    trap: 'Every replica is a source, those in other accounts too: give their accounts and ARNs with `addToResourcePolicy`. A global table of one account needs no statement of this kind.',
    automatic: false,
  },
  dsql: {
    title: 'Aurora DSQL: cluster',
    call: 'dsqlCluster(cluster)',
    principals: universal('dsql'),
    statements: [
      {
        actions: kms('Decrypt', 'GenerateDataKey', 'Encrypt', 'ReEncryptFrom', 'ReEncryptTo'),
        conditions: (facts) =>
          allOf(
            onSource('kms:EncryptionContext:aws:dsql:ClusterId', clusterIds(facts), 'StringLike'),
            onSource('aws:SourceArn', facts, 'StringLike'),
          ),
      },
      { actions: kms('DescribeKey'), conditions: (facts) => onSource('aws:SourceArn', facts, 'StringLike') },
    ],
    source: {
      of: 'cluster',
      arn: ({ partition, region, account }, name) => `arn:${partition}:dsql:${region}:${account}:cluster/${name}`,
    },
    see: page('aurora-dsql/latest/userguide/data-encryption.html'),
    trap: 'The id of a cluster is not known before it exists, and the cluster needs the key: the statement has all clusters of the account and Region.',
    automatic: true,
  },
  athenaManagedResults: {
    title: 'Athena: managed query results',
    call: 'athenaManagedResults(workgroup)',
    principals: universal('encryption.athena'),
    statements: [
      {
        actions: kms('Decrypt', 'GenerateDataKey'),
        conditions: (facts) =>
          allOf(onSource('kms:EncryptionContext:aws:athena:arn', facts), sourceArn(facts), sourceAccount(facts)),
      },
      { actions: kms('DescribeKey'), conditions: (facts) => allOf(sourceArn(facts), sourceAccount(facts)) },
    ],
    source: {
      of: 'workgroup',
      arn: ({ partition, region, account }, name) => `arn:${partition}:athena:${region}:${account}:workgroup/${name}`,
    },
    see: page('athena/latest/ug/encrypting-managed-results.html'),
    trap: 'The page has `kms:DescribeKey` under the encryption context condition, where it would have no effect; here it has a statement of its own.',
    automatic: true,
  },
  sesMail: {
    title: 'SES: received mail, encrypted before it is stored',
    call: 'sesMail()',
    principals: universal('ses'),
    statements: [
      {
        actions: kms('Encrypt', 'GenerateDataKey*'),
        conditions: ({ account }) => ({
          Null: {
            'kms:EncryptionContext:aws:ses:rule-name': 'false',
            'kms:EncryptionContext:aws:ses:message-id': 'false',
          },
          StringEquals: { 'kms:EncryptionContext:aws:ses:source-account': account },
        }),
      },
    ],
    see: page('kms/latest/developerguide/services-ses.html'),
    trap: 'The mail is encrypted on the client side: whoever reads it calls `kms:Decrypt` with the same encryption context.',
    automatic: true,
  },
});

/** The encryption context of DSQL has the id of the cluster, with which its ARN ends. */
function clusterIds(facts: ServiceFacts): ServiceFacts {
  const idOf = (arn: string) => (Token.isUnresolved(arn.split('/').at(-1)) ? '*' : (arn.split('/').at(-1) ?? '*'));
  return { ...facts, sources: facts.sources.map(({ arn, exact }) => ({ arn: idOf(arn), exact })) };
}
