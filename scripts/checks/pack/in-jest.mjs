// The packages in Jest as `cdk init` sets it up: tests are CommonJS, and nothing below node_modules is transformed.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFailed, tool } from '../../lib/work.mjs';

const FILES = {
  'jest.config.js': `module.exports = { testEnvironment: 'node', roots: ['<rootDir>'], transform: {} };`,
  'orders.test.js': `
const { EncryptCommand, SignCommand } = require('@aws-sdk/client-kms');
const { EnvelopeError, envelope } = require('@cdk-keysmith/envelope');
const { sqsHandler } = require('@cdk-keysmith/envelope/sqs');
const { createLocalKms } = require('@cdk-keysmith/local-kms');
const { matchers } = require('@cdk-keysmith/local-kms/matchers');
const { App, Stack } = require('aws-cdk-lib');
const lambda = require('aws-cdk-lib/aws-lambda');
const { EncryptionKey, Envelope, SigningKey, SigningKeySpec } = require('cdk-keysmith');

expect.extend(matchers);

const app = new App();
const stack = new Stack(app, 'Orders');
const key = new EncryptionKey(stack, 'Key', { alias: 'orders' });
const writer = new lambda.Function(stack, 'Writer', {
  runtime: lambda.Runtime.NODEJS_24_X,
  handler: 'index.handler',
  code: lambda.Code.fromInline('exports.handler = async () => {};'),
});
new Envelope(stack, 'Orders', { key, requiredContext: ['tenant'] }).grantEncryptDecrypt(writer);
const signing = new SigningKey(stack, 'Signing', { alias: 'signing', keySpec: SigningKeySpec.ML_DSA_65 });
signing.grants.sign(writer);
const kms = createLocalKms({ app: app.synth().directory });
afterAll(() => kms.close());

test('a handler seals and opens, and what it may not do is denied with the reason', async () => {
  const client = await kms.client({ as: 'Writer' });
  const box = envelope('Orders', { env: kms.environmentFor('Writer'), kms: client });
  const message = await box.encrypt('text', { tenant: 'a' });
  expect(await box.decrypt(message, { tenant: 'a' }, 'text')).toBe('text');
  await expect(box.decrypt(message, { tenant: 'b' })).rejects.toBeInstanceOf(EnvelopeError);
  const request = { KeyId: 'alias/orders', Plaintext: new Uint8Array(1) };
  await expect(client.send(new EncryptCommand(request))).toBeDeniedBecause(/no identity policy/);
});

test('modules of one package share what it remembers', async () => {
  const box = envelope('Orders', { env: kms.environmentFor('Writer'), kms: await kms.client({ as: 'Writer' }) });
  const read = [];
  const handler = sqsHandler(box, {
    pick: ({ body }) => ({ message: body, context: { tenant: 'a' } }),
    format: 'text',
    handle: async (plaintext) => void read.push(plaintext),
  });
  const body = Buffer.from(await box.encrypt('text', { tenant: 'a' })).toString('base64');
  expect(await handler({ Records: [{ messageId: '1', body }] })).toEqual({ batchItemFailures: [] });
  expect(read).toEqual(['text']);
});

test('algorithms that come from packages without CommonJS', async () => {
  const client = await kms.client({ as: 'Writer' });
  const request = { KeyId: 'alias/signing', Message: new Uint8Array(1), SigningAlgorithm: 'ML_DSA_SHAKE_256' };
  expect((await client.send(new SignCommand(request))).Signature).toHaveLength(3309);
});
`,
};

/** The problems of a consumer's folder, in which the packages are installed. */
export async function runsInJest(consumer) {
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(consumer, name), `${text.trim()}\n`);
  try {
    await tool('jest/bin/jest.js', ['--ci', '--rootDir', consumer], {
      quiet: true,
      cwd: consumer,
      // What aws-cdk-lib finds in the template is no part of this.
      env: { CDK_VALIDATION: 'false' },
    });
    return [];
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    return [`in Jest: ${error.output}`];
  }
}
