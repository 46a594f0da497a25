import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { OrdersStack } from '../bin/orders-stack';
import {
  AccountDelegation,
  AsymmetricEncryptionKey,
  EncryptionKey,
  Envelope,
  KeyAccess,
  KeyAgreementKey,
  KeyOrigin,
  MacKey,
  SigningKey,
  SigningKeySpec,
} from '../lib';

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
    multiRegion: true,
    tags: { team: 'orders' },
    access: [KeyAccess.decrypt([new iam.AccountPrincipal('444455556666')], { requiredContext: ['tenant'] })],
  });
  new EncryptionKey(stack, 'Imported', { origin: KeyOrigin.EXTERNAL });
  new AsymmetricEncryptionKey(stack, 'Asymmetric');
  new MacKey(stack, 'Mac');
  new KeyAgreementKey(stack, 'Agreement');
  for (const keySpec of Object.values(SigningKeySpec)) {
    if (keySpec !== SigningKeySpec.SM2) new SigningKey(stack, `Signing${keySpec}`, { keySpec });
  }
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
