import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { AsymmetricEncryptionKey, EncryptionKey, Envelope, KeyAgreementKey, MacKey, SigningKey } from '../../lib';

const IRELAND = { account: '111122223333', region: 'eu-west-1' };
const ARN = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

function testStack(): Stack {
  return new Stack(new App(), 'Test', { env: IRELAND });
}

function roleIn(stack: Stack): iam.Role {
  return new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() });
}

function policyOf(stack: Stack): Record<string, unknown>[] {
  const [policy] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  return policy?.Properties.PolicyDocument.Statement;
}

describe('a key imported by ARN', () => {
  test('gives permission on exactly this key, in the IAM policy', () => {
    const stack = testStack();
    EncryptionKey.fromKeyArn(stack, 'Key', ARN).grants.decrypt(roleIn(stack), { encryptionContext: { app: 'orders' } });
    expect(policyOf(stack)).toEqual([
      {
        Effect: 'Allow',
        Action: 'kms:Decrypt',
        Resource: ARN,
        Condition: { StringEquals: { 'kms:EncryptionContext:app': 'orders' } },
      },
    ]);
  });

  test('takes a service of its own Region, whatever the stack', () => {
    const stack = testStack();
    const key = EncryptionKey.fromKeyArn(stack, 'Key', ARN.replace('eu-west-1', 'us-east-1'));
    key.grants.decrypt(roleIn(stack), { viaServices: ['s3'] });
    const Condition = { StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } };
    expect(policyOf(stack)).toMatchObject([{ Action: 'kms:Decrypt', Condition }]);
  });

  test('says which statement its key policy needs when IAM policies do not count', () => {
    const stack = testStack();
    const key = EncryptionKey.fromKeyAttributes(stack, 'Key', { keyArn: ARN, delegatesToAccount: false });
    key.grants.decrypt(roleIn(stack));
    Annotations.fromStack(stack).hasWarning('/Test/Key', Match.stringLikeRegexp('the policy says .*kms:Decrypt'));
  });

  test('says so for a role of another account too', () => {
    const stack = testStack();
    const key = EncryptionKey.fromKeyArn(stack, 'Key', ARN.replace('111122223333', '444455556666'));
    key.grants.decrypt(roleIn(stack));
    Annotations.fromStack(stack).hasWarning('/Test/Key', Match.stringLikeRegexp('whoever owns the key'));
    expect(policyOf(stack)).toHaveLength(1);
  });

  test('refuses a grant that could be written nowhere', () => {
    const stack = testStack();
    const key = EncryptionKey.fromKeyArn(stack, 'Key', ARN);
    const conditions = { callerAccounts: ['111122223333'] };
    expect(() => key.grants.decrypt(new iam.ServicePrincipal('sns.amazonaws.com'), conditions)).toThrow(
      'whoever owns the key',
    );
  });

  test('stands where aws-cdk-lib takes a key', () => {
    const stack = testStack();
    const encryptionMasterKey = EncryptionKey.fromKeyArn(stack, 'Key', ARN);
    new sqs.Queue(stack, 'Queue', { encryptionMasterKey }).grantConsumeMessages(roleIn(stack));
    Template.fromStack(stack).hasResourceProperties('AWS::SQS::Queue', { KmsMasterKeyId: ARN });
    expect(JSON.stringify(policyOf(stack))).toContain('kms:Decrypt');
  });

  test.each([
    ['of an alias', ARN.replace(/key\/.*/, 'alias/orders'), 'the ARN of an alias'],
    ['of a bucket', 'arn:aws:s3:::bucket', 'arn:<partition>:kms'],
    ['of another service with a key', 'arn:aws:s3:us-east-1:111122223333:key/abc', 'arn:<partition>:kms'],
  ])('refuses the ARN %s', (_name, arn, message) => {
    expect(() => EncryptionKey.fromKeyArn(testStack(), 'Key', arn)).toThrow(message);
  });

  test.each(['1234abcd-12ab-34cd-56ef-1234567890ab', 'alias/orders', '', undefined])('is not one by %p', (text) => {
    const stack = testStack();
    const what = JSON.stringify(text) ?? 'undefined';
    for (const kind of [AsymmetricEncryptionKey, EncryptionKey, KeyAgreementKey, MacKey, SigningKey]) {
      expect(() => kind.fromKeyArn(stack, 'Key', text as string)).toThrow(
        `Test/Key: keyArn ${what}: the ARN of a key is arn:<partition>:kms:<region>:<account>:key/<key id>`,
      );
    }
  });

  test('each kind keeps the grants of its usage', () => {
    const stack = testStack();
    const role = roleIn(stack);
    AsymmetricEncryptionKey.fromKeyArn(stack, 'A', ARN).grants.getPublicKey(role);
    SigningKey.fromKeyArn(stack, 'S', ARN).grants.sign(role);
    MacKey.fromKeyArn(stack, 'M', ARN).grants.verifyMac(role);
    KeyAgreementKey.fromKeyArn(stack, 'D', ARN).grants.deriveSharedSecret(role);
    const actions = policyOf(stack).flatMap(({ Action }) => Action);
    expect(actions).toEqual([
      'kms:GetPublicKey',
      'kms:Sign',
      'kms:VerifyMac',
      'kms:DeriveSharedSecret',
      'kms:GetPublicKey',
    ]);
    expect(() => SigningKey.fromKeyArn(stack, 'S2', ARN).grantDecrypt(role)).toThrow('no such operation');
  });
});

describe('a key imported by alias', () => {
  test('gives permission on whatever key has the alias', () => {
    const stack = testStack();
    EncryptionKey.fromAliasName(stack, 'Key', 'orders').grants.decrypt(roleIn(stack));
    expect(policyOf(stack)).toEqual([
      expect.objectContaining({
        Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':kms:eu-west-1:111122223333:key/*']] },
        Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/orders' } },
      }),
    ]);
  });

  test('refuses names that no customer managed key can have', () => {
    expect(() => EncryptionKey.fromAliasName(testStack(), 'Key', 'alias/aws/s3')).toThrow('kept for AWS managed keys');
  });

  test('is no key of an envelope', () => {
    const app = new App();
    const stack = new Stack(app, 'Test', { env: IRELAND });
    const key = EncryptionKey.fromAliasName(stack, 'Key', 'orders');
    new Envelope(stack, 'Orders', { key, requiredContext: ['tenant'] });
    expect(() => app.synth()).toThrow('imported by its alias');
  });

  test('that is looked up asks the account', () => {
    const stack = testStack();
    const key = EncryptionKey.fromLookup(stack, 'Key', 'orders');
    expect(key.keyArn).toMatch(/^arn:.*:key\/1234abcd/);
    const asked = stack.node.root.node.children.length;
    expect(asked).toBeGreaterThan(0);
  });
});
