import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { OrdersStack } from '../bin/orders-stack';
import { AccountDelegation, EncryptionKey, Envelope } from '../lib';

/* The one file that runs aws-cdk-lib's own validation of templates, as strict as it goes: an offline cfn-lint. */

const { context } = require(join(__dirname, '..', 'cdk.json'));

beforeAll(() => {
  delete process.env.CDK_VALIDATION;
});
afterAll(() => {
  process.env.CDK_VALIDATION = 'false';
});

function strictApp(): App {
  return new App({
    context: {
      ...context,
      '@aws-cdk/core:validateAgainstDefaultRules': true,
      '@aws-cdk/core:strictCfnValidateErrors': true,
    },
  });
}

test('every construct synthesizes a template that CloudFormation would take', () => {
  const app = strictApp();
  const stack = new Stack(app, 'Everything');
  new EncryptionKey(stack, 'Plain');
  const key = new EncryptionKey(stack, 'Full', {
    alias: 'full',
    description: 'Everything that can be said',
    accountDelegation: AccountDelegation.ADMINISTRATION,
    rotationPeriod: Duration.days(90),
    pendingWindow: Duration.days(7),
  });
  const handler = new lambda.Function(stack, 'Handler', {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => {};'),
  });
  new Envelope(stack, 'Orders', { key, requiredContext: ['tenant'] }).grantEncryptDecrypt(handler);
  expect(() => app.synth()).not.toThrow();
});

test('the example application synthesizes', () => {
  const app = strictApp();
  new OrdersStack(app, 'Orders');
  expect(() => app.synth()).not.toThrow();
});

test('the validation is on: a template that CloudFormation would refuse fails here', () => {
  const app = strictApp();
  const key = new EncryptionKey(new Stack(app, 'Bad'), 'Key');
  (key.node.defaultChild as import('aws-cdk-lib').CfnResource).addPropertyOverride('PendingWindowInDays', 3);
  expect(() => app.synth()).toThrow();
});
