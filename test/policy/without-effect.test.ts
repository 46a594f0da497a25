import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AccountDelegation, EncryptionKey, GrantOperation, GrantPrincipal, KmsGrant } from '../../lib';

type Declare = (key: EncryptionKey, role: iam.Role, stack: Stack) => void;

/** What synthesis says of IAM policies that do nothing. */
function warnings(accountDelegation: AccountDelegation, declare: Declare): string[] {
  const app = new App();
  const stack = new Stack(app, 'Keys');
  const administrator = new iam.Role(stack, 'Administrator', { assumedBy: new iam.AccountRootPrincipal() });
  const key = new EncryptionKey(stack, 'Key', { accountDelegation, administrators: [administrator] });
  declare(key, new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() }), stack);
  app.synth();
  return Annotations.fromStack(stack)
    .findWarning('/Keys/Key', Match.stringLikeRegexp('does not let IAM policies do so'))
    .map(({ entry }) => String(entry.data));
}

const byHand = (key: kms.IKey, ...actions: string[]) => new iam.PolicyStatement({ actions, resources: [key.keyArn] });

test.each<[string, Declare]>([
  ['KeyGrants.fromKey of aws-cdk-lib', (key, role) => kms.KeyGrants.fromKey(key).decrypt(role)],
  ['a statement by hand', (key, role) => role.addToPolicy(byHand(key, 'kms:Decrypt'))],
])('%s is told of, where the key policy does not delegate use', (_name, declare) => {
  for (const delegation of [AccountDelegation.ADMINISTRATION, AccountDelegation.NONE]) {
    const [text, ...others] = warnings(delegation, declare);
    expect(others).toEqual([]);
    expect(text).toContain('Keys/Role/DefaultPolicy gives Keys/Role/Resource the use of this key');
  }
  expect(warnings(AccountDelegation.FULL, declare)).toEqual([]);
});

test('a policy within a role, and one of another stack, are told of as well', () => {
  const texts = warnings(AccountDelegation.ADMINISTRATION, (key, _role, stack) => {
    const document = new iam.PolicyDocument({ statements: [byHand(key, 'kms:Encrypt')] });
    new iam.Role(stack, 'Inline', { assumedBy: new iam.AccountRootPrincipal(), inlinePolicies: { use: document } });
    const other = new Stack(stack.node.root as App, 'Other');
    new iam.ManagedPolicy(other, 'Managed', {
      statements: [byHand(key, 'kms:Decrypt')],
      roles: [new iam.Role(other, 'Reader', { assumedBy: new iam.AccountRootPrincipal() })],
    });
  });
  expect(texts.join()).toContain('Keys/Inline gives Keys/Inline/Resource');
  expect(texts.join()).toContain('Other/Managed gives Other/Reader/Resource');
});

test.each<[string, Declare]>([
  ['the grants of the key', (key, role) => key.grants.decrypt(role)],
  ['a grant of a bucket', (key, role, stack) => new s3.Bucket(stack, 'B', { encryptionKey: key }).grantRead(role)],
  [
    'the permission of a KMS grant',
    (key, role, stack) =>
      new KmsGrant(stack, 'G', { key, grantee: GrantPrincipal.of(role), operations: [GrantOperation.DECRYPT] }),
  ],
  [
    'use that the key policy leaves to the account',
    (key, role) => {
      key.addToResourcePolicy(
        new iam.PolicyStatement({
          principals: [new iam.AccountRootPrincipal()],
          actions: ['kms:Decrypt'],
          resources: ['*'],
        }),
      );
      role.addToPolicy(byHand(key, 'kms:Decrypt'));
    },
  ],
])('%s is not', (_name, declare) => {
  expect(warnings(AccountDelegation.ADMINISTRATION, declare)).toEqual([]);
});

test('administration is, where nothing is delegated', () => {
  const administer: Declare = (key, role) => role.addToPolicy(byHand(key, 'kms:PutKeyPolicy'));
  expect(warnings(AccountDelegation.ADMINISTRATION, administer)).toEqual([]);
  expect(warnings(AccountDelegation.NONE, administer)).toHaveLength(1);
});
