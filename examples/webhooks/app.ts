/**
 * Signed webhooks
 *
 * One function makes the code of each message, another verifies it, and neither can do the other's part. The secret
 * never leaves KMS, so there is none to leak or to hand over.
 */
import { App, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AccountDelegation, MacKey, MacKeySpec } from 'cdk-keysmith';

export const app = new App();
const stack = new Stack(app, 'Webhooks', { env: { account: '111122223333', region: 'eu-west-1' } });

const key = new MacKey(stack, 'Key', {
  alias: 'webhooks',
  keySpec: MacKeySpec.HMAC_256,
  accountDelegation: AccountDelegation.ADMINISTRATION,
});

const CODE: Readonly<Record<string, string>> = {
  Sender: `const { KMSClient, GenerateMacCommand } = require('@aws-sdk/client-kms');
const kms = new KMSClient();
exports.handler = async ({ body }) => {
  const input = { KeyId: process.env.KEY, MacAlgorithm: 'HMAC_SHA_256', Message: Buffer.from(body) };
  const { Mac } = await kms.send(new GenerateMacCommand(input));
  return { body, signature: Buffer.from(Mac).toString('base64') };
};`,
  Receiver: `const { KMSClient, VerifyMacCommand } = require('@aws-sdk/client-kms');
const kms = new KMSClient();
exports.handler = async ({ body, signature }) => {
  const input = { KeyId: process.env.KEY, MacAlgorithm: 'HMAC_SHA_256', Message: Buffer.from(body) };
  // A code that is not right is an exception, so that nobody forgets to look at the answer.
  await kms.send(new VerifyMacCommand({ ...input, Mac: Buffer.from(signature, 'base64') }));
};`,
};

const handler = (id: string) =>
  new lambda.Function(stack, id, {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline(CODE[id] ?? ''),
    environment: { KEY: key.keyArn },
  });

key.grants.generateMac(handler('Sender'));
key.grants.verifyMac(handler('Receiver'));
