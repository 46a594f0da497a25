import { App, Aws, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import {
  AccountDelegation,
  EncryptionKey,
  type EncryptionKeyProps,
  KeyAccess,
  MacKey,
  SigningKey,
  SigningKeySpec,
} from '../../lib';
import { failureOf } from '../failure-of';

const IRELAND = { account: '111122223333', region: 'eu-west-1' };
const CLERK = new iam.ArnPrincipal('arn:aws:iam::111122223333:role/Clerk');
const PARTNER = new iam.AccountPrincipal('444455556666');

function statements(access: KeyAccess[], also: Partial<EncryptionKeyProps> = {}): Record<string, unknown>[] {
  const stack = new Stack(new App(), 'Test', { env: IRELAND });
  new EncryptionKey(stack, 'Key', { access, ...also });
  const [key] = Object.values(Template.fromStack(stack).findResources('AWS::KMS::Key'));
  return ((key?.Properties.KeyPolicy.Statement ?? []) as Record<string, unknown>[]).slice(1);
}

function failure(make: (stack: Stack) => void): string {
  const app = new App();
  make(new Stack(app, 'Test', { env: IRELAND }));
  return failureOf(app);
}

const own = (statement: iam.PolicyStatementProps): iam.PolicyDocument =>
  new iam.PolicyDocument({ statements: [new iam.PolicyStatement({ resources: ['*'], ...statement })] });

describe('an access list', () => {
  test('is one statement for each entry, without wildcards, with names of their own', () => {
    const written = statements([KeyAccess.decrypt([CLERK]), KeyAccess.decrypt([PARTNER]), KeyAccess.audit([CLERK])]);
    expect(written.map(({ Sid }) => Sid)).toEqual(['Decrypt', 'Decrypt2', 'KeyAuditors']);
    expect(JSON.stringify(written.map(({ Action }) => Action))).not.toContain('*');
  });

  test('binds the encryption context where there is one, and gives the rest without', () => {
    const [bound, rest] = statements([
      KeyAccess.encryptAndDecrypt([CLERK], { encryptionContext: { app: 'orders' }, requiredContext: ['tenant'] }),
    ]);
    expect(bound).toMatchObject({
      Sid: 'KeyUsers',
      Condition: {
        StringEquals: { 'kms:EncryptionContext:app': 'orders' },
        Null: { 'kms:EncryptionContext:tenant': 'false' },
      },
    });
    expect(rest).toMatchObject({ Sid: 'KeyUsersWithoutContext', Action: 'kms:DescribeKey' });
    expect(rest?.Condition).toBeUndefined();
  });

  test('has every condition at once, for the Region of the key', () => {
    const stack = new Stack(new App(), 'Endpoints', { env: IRELAND });
    const endpoint = ec2.InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(stack, 'Endpoint', {
      port: 443,
      vpcEndpointId: 'vpce-0123456789abcdef0',
    });
    const [statement] = statements([
      KeyAccess.decrypt([PARTNER], {
        viaServices: ['s3', 'dynamodb'],
        callerAccounts: ['444455556666'],
        organizationId: 'o-a1b2c3d4e5',
        multiFactorAuth: true,
        vpcEndpoints: [endpoint],
      }),
    ]);
    expect(statement?.Condition).toEqual({
      StringEquals: {
        'kms:ViaService': ['s3.eu-west-1.amazonaws.com', 'dynamodb.eu-west-1.amazonaws.com'],
        'kms:CallerAccount': '444455556666',
        'aws:PrincipalOrgID': 'o-a1b2c3d4e5',
        'aws:SourceVpce': 'vpce-0123456789abcdef0',
      },
      Bool: { 'aws:MultiFactorAuthPresent': 'true' },
    });
  });

  test('takes an organization, whose principal is everybody in it', () => {
    const [statement] = statements([KeyAccess.decrypt([new iam.OrganizationPrincipal('o-a1b2c3d4e5')])]);
    expect(statement).toMatchObject({
      Principal: { AWS: '*' },
      Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
    });
  });

  test.each([
    ['signing with an encryption key', [KeyAccess.sign([CLERK])], 'no such operation'],
    ['the public key of a symmetric key', [KeyAccess.getPublicKey([CLERK])], 'has no public key'],
    ['nobody', [KeyAccess.decrypt([])], 'no principal is named'],
    ['an account id that is none', [KeyAccess.decrypt([CLERK], { callerAccounts: ['4444'] })], '12 digits'],
    ['an organization id that is none', [KeyAccess.decrypt([CLERK], { organizationId: 'acme' })], '"o-" and 10 to 32'],
    ['no service', [KeyAccess.decrypt([CLERK], { viaServices: [] })], 'at least one member'],
  ])('is refused for %s', (_name, access, message) => {
    expect(failure((stack) => new EncryptionKey(stack, 'Key', { access }))).toContain(message);
  });

  test('is refused for a group, and for a context on a key that takes none', () => {
    const text = failure((stack) => {
      const group = new iam.Group(stack, 'Group') as unknown as iam.IPrincipal;
      new EncryptionKey(stack, 'Key', { access: [KeyAccess.decrypt([group])] });
      const encryptionContext = { app: 'orders' };
      new MacKey(stack, 'Mac', { access: [KeyAccess.generateMac([CLERK], { encryptionContext })] });
    });
    expect(text).toContain('an IAM group cannot be a principal');
    expect(text).toContain('only symmetric encryption keys take an encryption context');
  });
});

describe('statements of one’s own', () => {
  test('are added, and replace nothing', () => {
    const written = statements([KeyAccess.audit([CLERK])], {
      policy: own({ sid: 'Ours', actions: ['kms:DescribeKey'], principals: [PARTNER] }),
    });
    expect(written.map(({ Sid }) => Sid)).toEqual(['KeyAuditors', 'Ours']);
  });

  test.each([
    ['a misspelt action', { actions: ['kms:Decrpyt'] }, 'is no action that a key policy can give'],
    ['an action of another usage', { actions: ['kms:Sign'] }, 'does not suit a symmetric key'],
    ['an action of another service', { actions: ['s3:GetObject'] }, 'is not an action of KMS'],
    ['another resource', { actions: ['kms:Decrypt'], resources: ['arn:aws:s3:::bucket'] }, 'would never match'],
    [
      'a context condition on DescribeKey',
      { actions: ['kms:DescribeKey'], conditions: { StringEquals: { 'kms:EncryptionContext:app': 'x' } } },
      'never holds',
    ],
    ['characters that KMS does not take', { sid: 'Ключ', actions: ['kms:Decrypt'] }, 'U+0020 to U+00FF'],
    ['everybody', { actions: ['kms:Decrypt'], principals: [new iam.StarPrincipal()] }, 'every AWS account'],
  ] as [string, iam.PolicyStatementProps, string][])('are refused for %s', (_name, statement, message) => {
    const text = failure((stack) => {
      new EncryptionKey(stack, 'Key', { policy: own({ principals: [CLERK], ...statement }) });
    });
    expect(text).toContain(message);
  });

  test('that come after the key are not lost without a word', () => {
    const text = failure((stack) => {
      const policy = own({ actions: ['kms:DescribeKey'], principals: [PARTNER] });
      new EncryptionKey(stack, 'Key', { policy });
      policy.addStatements(new iam.PolicyStatement({ actions: ['kms:Decrypt'], principals: [PARTNER] }));
    });
    expect(text).toContain('so they would be lost; add them before the key is made');
  });

  test('may deny what the key cannot do, and may not deny what does not exist', () => {
    const deny = (action: string) =>
      failure((stack) => {
        const policy = own({ effect: iam.Effect.DENY, actions: [action], principals: [CLERK] });
        new SigningKey(stack, 'Key', { keySpec: SigningKeySpec.ECC_NIST_P256, policy });
      });
    expect(deny('kms:Decrypt')).toBe('');
    expect(deny('kms:Decrpyt')).toContain('is no action');
  });

  test('over 32 KB are refused with their size', () => {
    const principals = Array.from(
      { length: 1000 },
      (_, i) => new iam.ArnPrincipal(`arn:aws:iam::111122223333:role/R${i}`),
    );
    const text = failure((stack) => new EncryptionKey(stack, 'Key', { users: principals }));
    expect(text).toMatch(/key policy of at least \d{5} bytes: KMS takes at most 32768/);
  });
});

describe('a principal', () => {
  const everybody = [new iam.StarPrincipal()];
  const actions = ['kms:Decrypt'];

  test.each([
    ['everybody but an organization', { StringNotEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } }],
    ['everybody without an organization', { StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-abcdefghij' } }],
    ['everybody with an ARN', { Null: { 'aws:PrincipalArn': 'false' } }],
    ['everybody, whatever the ARN', { ArnLike: { 'aws:PrincipalArn': ['arn:aws:iam::111122223333:role/A', '*'] } }],
  ])('that is %s lets every account in', (_name, conditions) => {
    const policy = own({ actions, principals: everybody, conditions });
    expect(failure((stack) => new EncryptionKey(stack, 'Key', { policy }))).toContain('let every AWS account in');
  });

  test.each([
    ['that S3 alone knows', new iam.CanonicalUserPrincipal('1234abcd'), 'only S3 knows canonical users'],
    ['of an account that is none', new iam.ArnPrincipal('arn:aws:iam::4444:root'), 'has not 12 digits'],
    [
      'with a wildcard beside a token',
      new iam.ArnPrincipal(`arn:${Aws.PARTITION}:iam::111122223333:role/*`),
      'has a wildcard, which KMS refuses',
    ],
  ])('%s is refused', (_name, principal, message) => {
    expect(failure((stack) => new EncryptionKey(stack, 'Key').grants.decrypt(principal))).toContain(message);
  });
});

describe('a lockout', () => {
  const locked: EncryptionKeyProps = { accountDelegation: AccountDelegation.NONE, users: [CLERK] };

  test('is refused: KMS would refuse it too', () => {
    expect(failure((stack) => new EncryptionKey(stack, 'Key', locked))).toContain('nobody could change the key policy');
  });

  test('by a Deny for everybody is one as well', () => {
    const policy = own({ effect: iam.Effect.DENY, actions: ['kms:Put*'], principals: [new iam.StarPrincipal()] });
    expect(failure((stack) => new EncryptionKey(stack, 'Key', { policy }))).toContain('nobody could change');
  });

  test('is none when NotAction leaves the change of the policy to somebody', () => {
    const policy = own({ notActions: ['kms:Decrypt'], principals: [CLERK] });
    expect(failure((stack) => new EncryptionKey(stack, 'Key', { ...locked, policy }))).toBe('');
    const deny = own({ effect: iam.Effect.DENY, notActions: ['kms:Decrypt'], principals: [new iam.StarPrincipal()] });
    expect(failure((stack) => new EncryptionKey(stack, 'Key', { policy: deny }))).toContain('nobody could change');
  });

  test('is possible on demand, and loud', () => {
    const stack = new Stack(new App(), 'Test', { env: IRELAND });
    new EncryptionKey(stack, 'Key', { ...locked, bypassPolicyLockoutSafetyCheck: true });
    Annotations.fromStack(stack).hasWarning('/Test/Key', Match.stringLikeRegexp('only AWS Support'));
    Template.fromStack(stack).hasResourceProperties('AWS::KMS::Key', { BypassPolicyLockoutSafetyCheck: true });
  });
});

describe('tags and outputs', () => {
  test('are written', () => {
    const stack = new Stack(new App(), 'Test', { env: IRELAND });
    new EncryptionKey(stack, 'Key', { alias: 'orders', tags: { team: 'orders' } }).addOutputs();
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::KMS::Key', { Tags: [{ Key: 'team', Value: 'orders' }] });
    expect(Object.keys(template.findOutputs('*')).map((name) => name.replace(/^Key/, '').replace(/.{8}$/, ''))).toEqual(
      ['KeyArn', 'KeyId', 'AliasName'],
    );
  });

  test('tags that KMS refuses are refused', () => {
    const tags = { 'aws:team': 'x', ['n'.repeat(129)]: 'v'.repeat(257) };
    const text = failure((stack) => new EncryptionKey(stack, 'Key', { tags }));
    expect(text).toContain('kept for AWS');
    expect(text).toContain('1 to 128 characters');
    expect(text).toContain('at most 256 characters');
  });
});
