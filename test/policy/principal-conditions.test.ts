import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { AccountDelegation, CallerService, EncryptionKey, KeyAccess } from '../../lib';

const IRELAND = { account: '111122223333', region: 'eu-west-1' };
const PARTNER = new iam.AccountPrincipal('444455556666');
const ORGANIZATION = new iam.OrganizationPrincipal('o-abcdefghij');
const TEAM = { StringEquals: { 'aws:PrincipalTag/team': 'orders' } };

function testStack(): Stack {
  return new Stack(new App(), 'Test', { env: IRELAND });
}

function roleIn(stack: Stack): iam.Role {
  return new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() });
}

function statementsOf(stack: Stack, type: string, property: string): Record<string, unknown>[] {
  return Object.values(Template.fromStack(stack).findResources(type)).flatMap(
    ({ Properties }) => Properties[property].Statement,
  );
}

const keyStatements = (stack: Stack) => statementsOf(stack, 'AWS::KMS::Key', 'KeyPolicy').slice(1);

describe('the conditions that a principal brings along', () => {
  test.each([AccountDelegation.FULL, AccountDelegation.ADMINISTRATION])(
    'hold in its IAM policy as in the key policy, with delegation %s',
    (accountDelegation) => {
      const stack = testStack();
      const key = new EncryptionKey(stack, 'Key', { accountDelegation });
      key.grants.decrypt(new iam.PrincipalWithConditions(roleIn(stack), TEAM), {
        encryptionContext: { app: 'orders' },
      });
      const Condition = { StringEquals: { ...TEAM.StringEquals, 'kms:EncryptionContext:app': 'orders' } };
      const both = [...statementsOf(stack, 'AWS::IAM::Policy', 'PolicyDocument'), ...keyStatements(stack)];
      expect(both).toMatchObject([
        { Action: 'kms:Decrypt', Condition },
        { Action: 'kms:Decrypt', Condition },
      ]);
    },
  );

  test('keep principals of one entry of an access list in statements of their own', () => {
    const stack = testStack();
    new EncryptionKey(stack, 'Key', { access: [KeyAccess.decrypt([PARTNER, ORGANIZATION], { viaServices: ['s3'] })] });
    const through = { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' };
    expect(keyStatements(stack)).toMatchObject([
      { Sid: 'Decrypt', Condition: { StringEquals: through } },
      { Sid: 'Decrypt2', Condition: { StringEquals: { ...through, 'aws:PrincipalOrgID': 'o-abcdefghij' } } },
    ]);
  });

  test('keep callers of a service in statements of their own', () => {
    const stack = testStack();
    const key = new EncryptionKey(stack, 'Key');
    key.services.viaService(CallerService.S3, PARTNER, ORGANIZATION);
    expect(keyStatements(stack)).toMatchObject([
      { Condition: { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } } },
      { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } } },
    ]);
    const throughSqs = new kms.ViaServicePrincipal('sqs.eu-west-1.amazonaws.com', PARTNER);
    expect(() => key.services.viaService(CallerService.S3, throughSqs)).toThrow('leave it out of the principal');
  });

  test('are not replaced by other values of a permission', () => {
    const stack = testStack();
    const key = new EncryptionKey(stack, 'Key');
    expect(() => key.grants.decrypt(ORGANIZATION, { organizationId: 'o-zzzzzzzzzz' })).toThrow(
      /Test\/Key: .*aws:PrincipalOrgID "o-abcdefghij", and the permission "o-zzzzzzzzzz".*say it in one place/,
    );
    const throughS3 = new kms.ViaServicePrincipal('s3.eu-west-1.amazonaws.com', PARTNER);
    new EncryptionKey(stack, 'Listed', { access: [KeyAccess.decrypt([throughS3], { viaServices: ['dynamodb'] })] });
    expect(() => Template.fromStack(stack)).toThrow(/access, decrypt: the principal has StringEquals kms:ViaService/);
  });
});
