// The packages in Jest as `cdk init` sets it up: tests become CommonJS, and nothing below node_modules is transformed.

import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { CommandFailed, ROOT, tool } from '../../lib/work.mjs';

/** The guide's test, of a reader's first day. */
const PAGE = 'docs/guide/envelope/testing.md';
const IN_PAGE = /```js\n\/\/ test\/orders\.test\.ts\n(.*?)```/s;

/** What else the packages promise that load in this way. */
const MORE = `
import { SignCommand } from '@aws-sdk/client-kms';
import { EnvelopeError, envelope } from '@cdk-keysmith/envelope';
import { sqsHandler } from '@cdk-keysmith/envelope/sqs';
import { createLocalKms } from '@cdk-keysmith/local-kms';
import { App, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { EncryptionKey, Envelope, SigningKey, SigningKeySpec } from 'cdk-keysmith';

const app = new App();
const stack = new Stack(app, 'Orders');
const writer = new lambda.Function(stack, 'Writer', {
  runtime: lambda.Runtime.NODEJS_24_X,
  handler: 'index.handler',
  code: lambda.Code.fromInline('exports.handler = async () => {};'),
});
const key = new EncryptionKey(stack, 'Key');
new Envelope(stack, 'Orders', { key, requiredContext: ['tenant'] }).grantEncryptDecrypt(writer);
const signing = new SigningKey(stack, 'Signing', { alias: 'signing', keySpec: SigningKeySpec.ML_DSA_65 });
signing.grants.sign(writer);
const kms = createLocalKms({ app: app.synth().directory });
afterAll(() => kms.close());

test('modules of one package share what it remembers, and its classes', async () => {
  const box = envelope('Orders', { env: kms.environmentFor('Writer'), kms: await kms.client({ as: 'Writer' }) });
  const read = [];
  const handler = sqsHandler(box, {
    pick: ({ body }) => ({ message: body, context: { tenant: 'a' } }),
    format: 'text',
    handle: async (plaintext) => void read.push(plaintext),
  });
  const message = await box.encrypt('text', { tenant: 'a' });
  const body = Buffer.from(message).toString('base64');
  expect(await handler({ Records: [{ messageId: '1', body }] })).toEqual({ batchItemFailures: [] });
  expect(read).toEqual(['text']);
  await expect(box.decrypt(message, { tenant: 'b' })).rejects.toBeInstanceOf(EnvelopeError);
});

test('algorithms come from packages without CommonJS', async () => {
  const client = await kms.client({ as: 'Writer' });
  const request = { KeyId: 'alias/signing', Message: new Uint8Array(1), SigningAlgorithm: 'ML_DSA_SHAKE_256' };
  expect((await client.send(new SignCommand(request))).Signature).toHaveLength(3309);
});
`;

function files() {
  const test = IN_PAGE.exec(readFileSync(join(ROOT, PAGE), 'utf8'))?.[1];
  if (test === undefined) throw new Error(`${PAGE} has no test for Jest any more`);
  const swc = JSON.stringify(createRequire(import.meta.url).resolve('@swc/jest'));
  return {
    'jest.config.js': `module.exports = { testEnvironment: 'node', transform: { '\\\\.ts$': ${swc} } };\n`,
    'orders.test.ts': test,
    'more.test.ts': MORE,
  };
}

/** The problems of a consumer's folder, in which the packages are installed. */
export async function runsInJest(consumer) {
  for (const [name, text] of Object.entries(files())) writeFileSync(join(consumer, name), text);
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
