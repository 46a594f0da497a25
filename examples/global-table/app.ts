/**
 * A DynamoDB global table
 *
 * A table with a replica in another Region, each under a key of its Region. DynamoDB encrypts anew where it replicates to,
 * so the keys have nothing in common: what is in one Region stays readable without the other.
 */
import { App, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { AccountDelegation, CallerService, EncryptionKey } from 'cdk-keysmith';

const ACCOUNT = '111122223333';

export const app = new App();

/** Only DynamoDB may use the key, for whoever IAM policies of the account let use it, and the table. */
function tableKey(region: string): EncryptionKey {
  const stack = new Stack(app, `Key-${region}`, { env: { account: ACCOUNT, region } });
  const key = new EncryptionKey(stack, 'Key', {
    alias: 'baskets',
    accountDelegation: AccountDelegation.ADMINISTRATION,
  });
  key.services.viaService(CallerService.DYNAMODB);
  return key;
}

const home = tableKey('eu-west-1');
const away = tableKey('us-east-1');

const stack = new Stack(app, 'Table', { env: { account: ACCOUNT, region: 'eu-west-1' } });
new dynamodb.TableV2(stack, 'Baskets', {
  partitionKey: { name: 'customer', type: dynamodb.AttributeType.STRING },
  replicas: [{ region: 'us-east-1' }],
  encryption: dynamodb.TableEncryptionV2.customerManagedKey(home, { 'us-east-1': away.keyArn }),
  pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
});
