/**
 * One key in several Regions
 *
 * What is encrypted in one Region is decrypted in another: the same key material, and in each Region a key policy of its
 * own, with that Region in it. Permissions reach all of them by one call.
 */
import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { AccountDelegation, EncryptionKey, KeyAccess } from 'cdk-keysmith';

export const app = new App();
const stack = new Stack(app, 'Sessions', { env: { account: '111122223333', region: 'eu-west-1' } });
const role = (id: string) => new iam.Role(stack, id, { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });

const support = new iam.Role(stack, 'Support', {
  roleName: 'support',
  assumedBy: new iam.AccountRootPrincipal(),
});
const key = new EncryptionKey(stack, 'Key', {
  alias: 'sessions',
  access: [KeyAccess.decrypt([support], { viaServices: ['dynamodb'] })],
  accountDelegation: AccountDelegation.FULL,
  replicaRegions: ['us-east-1', 'ap-southeast-2'],
});
key.grants.encryptAndDecrypt(role('SessionService'), { encryptionContext: { service: 'sessions' } });
