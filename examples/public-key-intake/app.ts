/**
 * Intake under a public key
 *
 * Senders without AWS credentials encrypt with the public key; one function alone can decrypt. Whoever fetches and publishes
 * the public key cannot.
 */
import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AccountDelegation, AsymmetricEncryptionKey, AsymmetricEncryptionKeySpec, KeyAccess } from 'cdk-keysmith';

export const app = new App();
const stack = new Stack(app, 'Intake', { env: { account: '111122223333', region: 'eu-west-1' } });

const publisher = new iam.Role(stack, 'Publisher', { assumedBy: new iam.AccountRootPrincipal() });
const key = new AsymmetricEncryptionKey(stack, 'Key', {
  alias: 'intake',
  keySpec: AsymmetricEncryptionKeySpec.RSA_4096,
  accountDelegation: AccountDelegation.ADMINISTRATION,
  access: [KeyAccess.getPublicKey([publisher])],
});

const opener = new lambda.Function(stack, 'Opener', {
  runtime: lambda.Runtime.NODEJS_24_X,
  handler: 'index.handler',
  code: lambda.Code.fromInline(`const { KMSClient, DecryptCommand } = require('@aws-sdk/client-kms');
const kms = new KMSClient();
exports.handler = async ({ sealed }) => {
  const input = { KeyId: process.env.KEY, EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' };
  const { Plaintext } = await kms.send(new DecryptCommand({ ...input, CiphertextBlob: Buffer.from(sealed, 'base64') }));
  return { bytes: Plaintext.length };
};`),
  environment: { KEY: key.keyArn },
});
key.grants.decrypt(opener);
