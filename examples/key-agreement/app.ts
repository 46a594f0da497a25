/**
 * Shared secrets with a counterpart
 *
 * Both sides derive the same secret from their own private key and the other's public key. The private key stays in KMS;
 * the counterpart reads the public one from its own account.
 */
import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AccountDelegation, KeyAccess, KeyAgreementKey, KeyAgreementKeySpec } from 'cdk-keysmith';

export const app = new App();
const stack = new Stack(app, 'Exchange', { env: { account: '111122223333', region: 'eu-west-1' } });

const key = new KeyAgreementKey(stack, 'Key', {
  alias: 'exchange',
  keySpec: KeyAgreementKeySpec.ECC_NIST_P384,
  accountDelegation: AccountDelegation.ADMINISTRATION,
  access: [KeyAccess.getPublicKey([new iam.AccountPrincipal('444455556666')])],
});

const session = new lambda.Function(stack, 'Session', {
  runtime: lambda.Runtime.NODEJS_24_X,
  handler: 'index.handler',
  code: lambda.Code.fromInline(`const { hkdfSync } = require('node:crypto');
const { KMSClient, DeriveSharedSecretCommand } = require('@aws-sdk/client-kms');
const kms = new KMSClient();
exports.handler = async ({ theirPublicKey, salt }) => {
  const { SharedSecret } = await kms.send(new DeriveSharedSecretCommand({
    KeyId: process.env.KEY, KeyAgreementAlgorithm: 'ECDH', PublicKey: Buffer.from(theirPublicKey, 'base64'),
  }));
  // The secret itself is no key: each purpose derives one of its own.
  const key = hkdfSync('sha384', SharedSecret, Buffer.from(salt, 'base64'), 'session', 32);
  SharedSecret.fill(0);
  return use(key);
};
function use(key) { new Uint8Array(key).fill(0); }`),
  environment: { KEY: key.keyArn },
});
key.grants.deriveSharedSecret(session);
