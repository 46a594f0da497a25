import { App, Aws, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { type AccessConditions, AsymmetricEncryptionKey, EncryptionKey, KeyAccess, MacKey } from '../../lib';

const IRELAND = { account: '111122223333', region: 'eu-west-1' };
const CLERK = new iam.ArnPrincipal('arn:aws:iam::111122223333:role/Clerk');
const CONTEXT = { encryptionContext: { app: 'orders' } };

function testStack(): Stack {
  return new Stack(new App(), 'Test', { env: IRELAND });
}

function granted(actions: string[], conditions: AccessConditions): Record<string, unknown>[] {
  const stack = testStack();
  const role = new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() });
  new EncryptionKey(stack, 'Key').grants.actions(role, actions, conditions);
  const [policy] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  return policy?.Properties.PolicyDocument.Statement;
}

describe('a condition on the encryption context', () => {
  test('holds for an action whatever its spelling, and for a pattern of such actions', () => {
    const actions = ['kms:decrypt', 'kms:ReEncrypt*', 'kms:DescribeKey'];
    expect(granted(actions, CONTEXT)).toMatchObject([
      {
        Action: ['kms:decrypt', 'kms:ReEncrypt*'],
        Condition: { StringEquals: { 'kms:EncryptionContext:app': 'orders' } },
      },
      { Action: 'kms:DescribeKey' },
    ]);
  });

  test('is refused for a pattern that has other actions as well, which it would leave without any condition', () => {
    expect(() => granted(['kms:Decrypt', 'kms:*'], CONTEXT)).toThrow(/Test\/Key: .*kms:\* with .*name the actions one/);
  });

  test('is refused for a value that is no text', () => {
    const encryptionContext = { app: undefined } as unknown as Record<string, string>;
    expect(() => granted(['kms:Decrypt'], { encryptionContext })).toThrow('encryptionContext.app is undefined');
  });

  test('is refused where no request carries one, for access lists as for grants', () => {
    expect(() => granted(['kms:DescribeKey'], CONTEXT)).toThrow('none of these requests carries an encryption context');
    const stack = testStack();
    new EncryptionKey(stack, 'Key', { access: [KeyAccess.administer([CLERK], CONTEXT)] });
    expect(() => Template.fromStack(stack)).toThrow('none of these requests carries an encryption context');
  });

  test('is refused for keys that take none', () => {
    const stack = testStack();
    const asymmetric = new AsymmetricEncryptionKey(stack, 'Asymmetric');
    expect(() => asymmetric.grants.decrypt(CLERK, CONTEXT)).toThrow('Test/Asymmetric: cannot grant to');
    expect(() => new MacKey(stack, 'Mac').grants.generateMac(CLERK, CONTEXT)).toThrow('only symmetric encryption keys');
  });

  test('is refused for names that differ in case alone, which would never match together', () => {
    const both = { encryptionContext: { App: 'a', app: 'b' } };
    expect(() => granted(['kms:Decrypt'], both)).toThrow('"app" twice but for upper and lower case');
  });

  test('takes a value that is known at deployment only, and escapes what is around it', () => {
    const encryptionContext = { app: `${Aws.STACK_NAME} of $\{aws:username}` };
    const value = { 'Fn::Join': ['', [{ Ref: 'AWS::StackName' }, ` of $\{$}{aws:username}`]] };
    expect(granted(['kms:Decrypt'], { encryptionContext })).toMatchObject([
      { Condition: { StringEquals: { 'kms:EncryptionContext:app': value } } },
    ]);
  });
});

describe('a condition', () => {
  test.each([
    ['viaServices', { viaServices: [] }],
    ['callerAccounts', { callerAccounts: [] }],
    ['vpcEndpoints', { vpcEndpoints: [] }],
  ])('of an empty list (%s) is refused and does not allow everything', (name, conditions) => {
    expect(() => granted(['kms:Decrypt'], conditions)).toThrow(`${name} has at least one member`);
    const stack = testStack();
    new EncryptionKey(stack, 'Key', { access: [KeyAccess.decrypt([CLERK], conditions)] });
    expect(() => Template.fromStack(stack)).toThrow(`${name} has at least one member`);
  });

  test('of an id that is none is refused for a grant as for an access list', () => {
    expect(() => granted(['kms:Decrypt'], { callerAccounts: ['4444'], organizationId: 'acme' })).toThrow(
      /"o-" and 10 to 32 .*callerAccounts "4444": an account id has 12 digits/,
    );
  });

  test('comes with an action', () => {
    expect(() => granted([], CONTEXT)).toThrow('no action is named');
  });
});
