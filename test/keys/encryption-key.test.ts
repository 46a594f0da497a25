import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AccountDelegation, EncryptionKey, type EncryptionKeyProps } from '../../lib';
import { failureOf } from '../failure-of';

const ADMIN = 'arn:aws:iam::111122223333:role/KeyAdmin';

function synthesize(props: EncryptionKeyProps, also: (stack: Stack, key: EncryptionKey) => void = () => {}): Template {
  const stack = new Stack(new App(), 'Test');
  also(stack, new EncryptionKey(stack, 'Key', props));
  return Template.fromStack(stack);
}

function statementsOf(template: Template): Record<string, unknown>[] {
  const [key] = Object.values(template.findResources('AWS::KMS::Key'));
  return key?.Properties.KeyPolicy.Statement;
}

function bySid(template: Template, sid: string): Record<string, unknown> | undefined {
  return statementsOf(template).find((statement) => statement.Sid === sid);
}

/** The text that `cdk synth` would end with. */
function failure(props: EncryptionKeyProps): string {
  const app = new App();
  new EncryptionKey(new Stack(app, 'Test'), 'Key', props);
  return failureOf(app);
}

describe('an EncryptionKey without properties', () => {
  const template = synthesize({});

  test('rotates every 365 days and waits 30 days before its deletion takes effect', () => {
    template.hasResourceProperties('AWS::KMS::Key', {
      EnableKeyRotation: true,
      RotationPeriodInDays: 365,
      PendingWindowInDays: 30,
    });
  });

  test('is symmetric, in one Region, with material of KMS: nothing else is asked for', () => {
    template.hasResourceProperties('AWS::KMS::Key', {
      KeySpec: Match.absent(),
      KeyUsage: Match.absent(),
      MultiRegion: Match.absent(),
      Origin: Match.absent(),
    });
  });

  test('stays when the stack goes', () => {
    template.hasResource('AWS::KMS::Key', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  test('delegates to the IAM policies of its account, and to nobody else', () => {
    expect(statementsOf(template)).toEqual([
      {
        Sid: 'DelegateToIamPoliciesOfAccount',
        Effect: 'Allow',
        Principal: {
          AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, ':root']] },
        },
        Action: 'kms:*',
        Resource: '*',
      },
    ]);
  });

  test('has no alias', () => {
    template.resourceCountIs('AWS::KMS::Alias', 0);
  });
});

describe('alias', () => {
  test.each(['orders', 'alias/orders'])('%s becomes alias/orders, retained with the key', (alias) => {
    synthesize({ alias }).hasResource('AWS::KMS::Alias', {
      Properties: { AliasName: 'alias/orders', TargetKeyId: Match.anyValue() },
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
  });

  test('goes together with the key when the key goes', () => {
    const template = synthesize({ alias: 'orders', removalPolicy: RemovalPolicy.DESTROY });
    template.hasResource('AWS::KMS::Alias', { DeletionPolicy: 'Delete' });
    template.hasResource('AWS::KMS::Key', { DeletionPolicy: 'Delete' });
  });

  test('follows the key when its removal policy is said afterwards, and so does a further one', () => {
    const stack = new Stack(new App(), 'Test');
    const key = new EncryptionKey(stack, 'Key', { alias: 'orders' });
    key.applyRemovalPolicy(RemovalPolicy.DESTROY);
    key.addAlias('further');
    const template = Template.fromStack(stack);
    template.allResources('AWS::KMS::Key', { DeletionPolicy: 'Delete' });
    template.resourceCountIs('AWS::KMS::Alias', 2);
    template.allResources('AWS::KMS::Alias', { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
  });

  test('a further one follows the removal policy too', () => {
    const template = synthesize({ alias: 'orders' }, (_stack, key) => key.addAlias('orders-old'));
    template.resourceCountIs('AWS::KMS::Alias', 2);
    template.allResources('AWS::KMS::Alias', { DeletionPolicy: 'Retain' });
  });

  test.each([
    ['alias/aws/orders', 'kept for AWS managed keys'],
    ['order list', 'letters, digits'],
    ['', 'letters, digits'],
    ['x'.repeat(251), 'at most 256 characters'],
  ])('fails for %p, saying what is allowed', (alias, message) => {
    expect(failure({ alias })).toContain(message);
  });

  test('of exactly 256 characters with its prefix is taken', () => {
    expect(failure({ alias: 'x'.repeat(250) })).toBe('');
  });
});

describe('key policy', () => {
  test('administrators administer, and have no action in common with users', () => {
    const template = synthesize({
      administrators: [new iam.ArnPrincipal(ADMIN)],
      users: [new iam.ArnPrincipal('arn:aws:iam::111122223333:role/Clerk')],
    });
    const administration = bySid(template, 'KeyAdministrators')?.Action as string[];
    const use = bySid(template, 'KeyUsers')?.Action as string[];
    expect(administration).toEqual(expect.arrayContaining(['kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion']));
    expect(use).toEqual(expect.arrayContaining(['kms:Decrypt', 'kms:GenerateDataKey']));
    expect(administration.filter((action) => use.includes(action))).toEqual(['kms:DescribeKey']);
    expect([...administration, ...use].filter((action) => action.includes('*'))).toEqual([]);
  });

  test('delegation of administration only leaves use to the key policy', () => {
    const template = synthesize({ accountDelegation: AccountDelegation.ADMINISTRATION });
    const actions = bySid(template, 'DelegateToIamPoliciesOfAccount')?.Action as string[];
    expect(actions).toContain('kms:PutKeyPolicy');
    expect(actions).not.toContain('kms:Decrypt');
  });

  test('without delegation only the named principals stand in it', () => {
    const template = synthesize({
      accountDelegation: AccountDelegation.NONE,
      administrators: [new iam.ArnPrincipal(ADMIN)],
    });
    expect(statementsOf(template).map((statement) => statement.Sid)).toEqual(['KeyAdministrators']);
  });

  test('fails when nobody could change it any more', () => {
    expect(failure({ accountDelegation: AccountDelegation.NONE })).toContain('nobody could change the key policy');
  });

  test.each([
    ['a group', new iam.ArnPrincipal('arn:aws:iam::111122223333:group/Clerks'), 'IAM group'],
    ['everybody', new iam.StarPrincipal(), 'every AWS account'],
    ['everybody, otherwise spelt', new iam.AnyPrincipal(), 'every AWS account'],
    ['a wildcard', new iam.ArnPrincipal('arn:aws:iam::111122223333:role/*'), 'wildcard'],
  ])('fails for %s as a user', (_name, principal, message) => {
    const text = failure({ users: [principal] });
    expect(text).toContain('"KeyUsers"');
    expect(text).toContain(message);
  });
});

describe('limits', () => {
  test.each([
    [{ rotationPeriod: Duration.days(89) }, 'rotationPeriod of 89 days'],
    [{ rotationPeriod: Duration.days(2561) }, 'rotationPeriod of 2561 days'],
    [{ rotationPeriod: Duration.hours(2161) }, 'whole days'],
    [{ pendingWindow: Duration.days(6) }, 'pendingWindow of 6 days'],
    [{ pendingWindow: Duration.days(31) }, 'pendingWindow of 31 days'],
    [{ description: 'x'.repeat(8193) }, 'description of 8193 characters'],
    [{ enableKeyRotation: false, rotationPeriod: Duration.days(90) }, 'enableKeyRotation is false'],
    [{ accountDelegation: 'full' }, 'accountDelegation "full": it is one of FULL, ADMINISTRATION, NONE'],
    [{ accountDelegation: 'toString' }, 'accountDelegation "toString": it is one of'],
    [{ origin: 'AWS_CLOUDHSM' }, 'origin "AWS_CLOUDHSM": it is one of'],
  ] as [EncryptionKeyProps, string][])('fails for %j', (props, message) => {
    expect(failure(props)).toContain(message);
  });

  test.each([
    { rotationPeriod: Duration.days(90) },
    { rotationPeriod: Duration.days(2560) },
    { pendingWindow: Duration.days(7) },
    { description: 'x'.repeat(8192) },
    { enableKeyRotation: false },
  ])('takes %j', (props) => {
    expect(failure(props)).toBe('');
  });

  test('everything that is wrong is said at once, with the construct path', () => {
    const text = failure({
      alias: 'alias/aws/x',
      rotationPeriod: Duration.days(1),
      pendingWindow: Duration.days(1),
      accountDelegation: AccountDelegation.NONE,
    });
    expect(text).toContain('[Test/Key]');
    for (const part of ['alias/aws/', 'rotationPeriod', 'pendingWindow', 'nobody could change the key policy']) {
      expect(text).toContain(part);
    }
  });
});

describe('beside aws-cdk-lib', () => {
  test('the key encrypts a bucket, and a grant on the bucket reaches the key', () => {
    const template = synthesize({}, (stack, key) => {
      const bucket = new s3.Bucket(stack, 'Bucket', { encryptionKey: key });
      bucket.grantRead(new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() }));
    });
    template.hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: Match.objectLike({
        ServerSideEncryptionConfiguration: [
          { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: Match.anyValue() } },
        ],
      }),
    });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({ Action: ['kms:Decrypt', 'kms:DescribeKey'] })]),
      },
    });
    expect(statementsOf(template)).toHaveLength(1);
  });

  test('when use is not delegated, a grant writes the key policy too, so that it takes effect', () => {
    const template = synthesize({ accountDelegation: AccountDelegation.ADMINISTRATION }, (stack, key) => {
      key.grantDecrypt(new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() }));
    });
    expect(statementsOf(template)).toContainEqual({
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Principal: { AWS: { 'Fn::GetAtt': [expect.stringMatching(/^Role/), 'Arn'] } },
      Resource: '*',
    });
  });

  test('a service principal stands in the key policy', () => {
    const template = synthesize({}, (_stack, key) => {
      key.grantEncryptDecrypt(new iam.ServicePrincipal('sns.amazonaws.com'));
    });
    expect(statementsOf(template)).toContainEqual(
      expect.objectContaining({ Principal: { Service: 'sns.amazonaws.com' } }),
    );
  });

  test.each([
    ['grantSign', 'sign'],
    ['grantVerify', 'verify'],
    ['grantSignVerify', 'signAndVerify'],
    ['grantGenerateMac', 'generateMac'],
    ['grantVerifyMac', 'verifyMac'],
  ] as const)('%s throws: the key has no such operation', (method, operation) => {
    const stack = new Stack(new App(), 'Test');
    const key = new EncryptionKey(stack, 'Key');
    expect(() => key[method](new iam.AccountRootPrincipal())).toThrow(`Test/Key: cannot grant ${operation}`);
  });

  test('is an IKey of its stack, by ARN and id', () => {
    const stack = new Stack(new App(), 'Test');
    const key: kms.IKey = new EncryptionKey(stack, 'Key');
    expect(stack.resolve(key.keyArn)).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] });
    expect(stack.resolve(key.keyRef.keyId)).toEqual({ Ref: expect.stringMatching(/^Key/) });
  });
});
