import { App, Duration, Size, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AccountDelegation, EncryptionKey, Envelope, type EnvelopeProps } from '../../lib';
import { failureOf } from '../failure-of';

type Declaration = Omit<EnvelopeProps, 'key'>;

const ORDERS: Declaration = { envelopeName: 'Orders', context: { service: 'orders' }, requiredContext: ['tenant'] };

function handlerIn(stack: Stack, id: string): lambda.Function {
  return new lambda.Function(stack, id, {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => {};'),
  });
}

function declare(props: Declaration = ORDERS, accountDelegation?: AccountDelegation) {
  const app = new App();
  const stack = new Stack(app, 'Test');
  const key = new EncryptionKey(stack, 'Key', { accountDelegation });
  const envelope = new Envelope(stack, 'Envelope', { ...props, key });
  return { app, stack, key, envelope, handler: handlerIn(stack, 'Handler') };
}

/** The environment value of a function, with a documentation ARN in the place of the key's. */
function contractValueIn(template: Template, variable = 'KEYSMITH_ENVELOPE_Orders'): Record<string, unknown> {
  const handlers = Object.values(template.findResources('AWS::Lambda::Function'));
  const parts: unknown[] = handlers[0].Properties.Environment.Variables[variable]['Fn::Join'][1];
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : 'the-key-arn')).join(''));
}

const CONDITIONS = {
  StringEquals: { 'kms:EncryptionContext:service': 'orders' },
  Null: { 'kms:EncryptionContext:tenant': 'false' },
};

describe('a grant', () => {
  test.each([
    ['grantEncrypt', 'kms:GenerateDataKey'],
    ['grantDecrypt', 'kms:Decrypt'],
    ['grantEncryptDecrypt', ['kms:Decrypt', 'kms:GenerateDataKey']],
  ] as const)('%s gives exactly %j on exactly this key under the context', (method, action) => {
    const { stack, envelope, handler } = declare();
    envelope[method](handler);
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: action,
            Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] },
            Condition: CONDITIONS,
          },
        ],
      },
    });
  });

  test.each([
    ['grantEncrypt', 'encrypt', ['the-key-arn'], []],
    ['grantDecrypt', 'decrypt', [], ['the-key-arn']],
    ['grantEncryptDecrypt', 'both', ['the-key-arn'], ['the-key-arn']],
  ] as const)('%s gives the function the value of the contract', (method, direction, wrapKeys, unwrapKeys) => {
    const { stack, envelope, handler } = declare();
    envelope[method](handler);
    expect(contractValueIn(Template.fromStack(stack))).toEqual({
      version: 1,
      direction,
      wrapKeys,
      unwrapKeys,
      context: { service: 'orders' },
      requiredContext: ['tenant'],
      cache: { maxAgeSeconds: 300, maxMessages: 10000, maxBytes: 1073741824 },
    });
  });

  test('of both directions one after the other is one value for both', () => {
    const { stack, envelope, handler } = declare();
    envelope.grantEncrypt(handler);
    envelope.grantDecrypt(handler);
    expect(contractValueIn(Template.fromStack(stack))).toMatchObject({ direction: 'both' });
  });

  test('stands in the key policy as well, under the same conditions, when use is not delegated', () => {
    const { stack, envelope, handler } = declare(ORDERS, AccountDelegation.ADMINISTRATION);
    envelope.grantDecrypt(handler);
    Template.fromStack(stack).hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          {
            Effect: 'Allow',
            Action: 'kms:Decrypt',
            Principal: { AWS: { 'Fn::GetAtt': [Match.stringLikeRegexp('^HandlerServiceRole'), 'Arn'] } },
            Resource: '*',
            Condition: CONDITIONS,
          },
        ]),
      },
    });
  });

  test('works across stacks', () => {
    const { app, envelope } = declare();
    const other = new Stack(app, 'Other');
    envelope.grantDecrypt(handlerIn(other, 'Handler'));
    app.synth();
    Template.fromStack(other).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: [Match.objectLike({ Action: 'kms:Decrypt', Resource: Match.not('*') })] },
    });
  });

  test('of a second envelope of the same name to one function throws instead of losing the first', () => {
    const { stack, key, envelope, handler } = declare();
    const second = new Envelope(stack, 'Second', { ...ORDERS, key });
    envelope.grantDecrypt(handler);
    expect(() => second.grantDecrypt(handler)).toThrow(
      /Test\/Second: Test\/Handler already has the envelope Test\/Envelope/,
    );
  });
});

// biome-ignore lint/suspicious/noTemplateCurlyInString: IAM's notation
const VARIABLE = 'a${aws:username}b';
// biome-ignore lint/suspicious/noTemplateCurlyInString: IAM's notation
const ESCAPED = 'a${$}{aws:username}b';

describe('a constant', () => {
  test('that looks like a policy variable is compared as text', () => {
    const { stack, envelope, handler } = declare({ ...ORDERS, context: { service: VARIABLE } });
    envelope.grantEncrypt(handler);
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [{ Condition: { StringEquals: { 'kms:EncryptionContext:service': ESCAPED } } }].map((statement) =>
          Match.objectLike(statement),
        ),
      },
    });
  });
});

describe('a declaration', () => {
  test('takes its limits', () => {
    const { stack, envelope, handler } = declare({
      ...ORDERS,
      cache: { maxAge: Duration.seconds(0), maxMessages: 1, maxBytes: Size.kibibytes(1) },
    });
    envelope.grantEncrypt(handler);
    expect(contractValueIn(Template.fromStack(stack))).toMatchObject({
      cache: { maxAgeSeconds: 0, maxMessages: 1, maxBytes: 1024 },
    });
  });

  test('is named after its construct id when it has no name', () => {
    const { envelope } = declare({ requiredContext: ['tenant'] });
    expect(envelope.variableName).toBe('KEYSMITH_ENVELOPE_Envelope');
  });

  test.each([
    ['a bad name', { ...ORDERS, envelopeName: 'my-orders' }, 'envelopeName "my-orders"'],
    ['no context at all', { envelopeName: 'Orders' }, 'without encryption context'],
    ['a reserved name', { context: { 'aws-crypto-public-key': 'x' } }, 'is reserved'],
    ['a name that KMS sets itself', { requiredContext: ['aws:s3:arn'] }, 'is reserved'],
    [
      'a name that JavaScript keeps',
      { context: JSON.parse('{"__proto__":"x"}') },
      '"__proto__" of the encryption context would be lost',
    ],
    ['an empty name', { requiredContext: [''] }, 'is empty'],
    ['an empty value', { context: { service: '' } }, 'context.service: the value is empty'],
    ['no value', { context: { service: undefined } }, 'context.service is undefined: an encryption context has texts'],
    ['a number as value', { context: { service: 1 } }, 'context.service is 1: an encryption context has texts only'],
    ['a name that IAM cannot express', { requiredContext: ['tenant id'] }, 'visible ASCII'],
    ['a name both constant and required', { context: { tenant: 'a' }, requiredContext: ['tenant'] }, 'the same to IAM'],
    ['names that differ by case', { requiredContext: ['tenant', 'Tenant'] }, 'the same to IAM'],
    ['too old data keys', { ...ORDERS, cache: { maxAge: Duration.days(2) } }, 'cache.maxAge of 172800 seconds'],
    ['no messages', { ...ORDERS, cache: { maxMessages: 0 } }, 'cache.maxMessages of 0'],
    ['no bytes', { ...ORDERS, cache: { maxBytes: Size.bytes(0) } }, 'cache.maxBytes of 0'],
  ] as [string, Declaration, string][])('fails for %s', (_name, props, message) => {
    const { app, envelope, handler } = declare(props);
    envelope.grantEncrypt(handler);
    expect(() => app.synth()).toThrow(message);
  });

  test('says everything that is wrong at once, with the construct path', () => {
    const { app } = declare({ envelopeName: '1', context: { x: '' }, requiredContext: ['aws-crypto-a'] });
    expect(() => app.synth()).toThrow(/\[Test\/Envelope\] envelopeName[\s\S]*aws-crypto-a[\s\S]*context\.x/);
  });
});

describe('the environment of a function', () => {
  function withEnvelopes(count: number): string {
    const { app, stack, key, handler } = declare();
    for (let at = 0; at < count; at++) {
      const context = { service: 'orders', purpose: 'x'.repeat(200) };
      new Envelope(stack, `Number${at}`, { key, context }).grantEncrypt(handler);
    }
    return failureOf(app);
  }

  test('takes several envelopes', () => {
    expect(withEnvelopes(7)).toBe('');
  });

  test('of more than Lambda takes is refused with what is largest in it', () => {
    const text = withEnvelopes(9);
    expect(text).toMatch(/the environment of Test\/Handler has at least 4\d{3} bytes and Lambda takes 4096/);
    expect(text).toMatch(/the largest are KEYSMITH_ENVELOPE_Number\d \(\d+\)/);
  });

  test('counts what others put there', () => {
    const { app, envelope, handler } = declare();
    envelope.grantEncrypt(handler);
    handler.addEnvironment('OTHER', 'x'.repeat(4096));
    expect(() => app.synth()).toThrow('OTHER (4101)');
  });
});
