import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accessMap, readAssembly, whoCan } from '@cdk-keysmith/access';
import {
  App,
  Duration,
  type IPropertyInjector,
  PropertyInjectors,
  RemovalPolicies,
  RemovalPolicy,
  Stack,
} from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { EncryptionKey, KeyDefaults } from '../../lib';
import { promises } from '../promises';

const ADMIN = 'arn:aws:iam::111122223333:role/KeyAdmin';
const AUDITOR = 'arn:aws:iam::111122223333:role/Auditor';

/** An injector of somebody else. */
const DESCRIBED: IPropertyInjector = {
  constructUniqueId: kms.Key.PROPERTY_INJECTION_ID,
  inject: (props) => ({ ...props, description: 'injected' }),
};

/** A construct of somebody else, who did not think of keys. */
class Theirs extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new s3.Bucket(this, 'Bucket', { encryption: s3.BucketEncryption.KMS });
    const key = new kms.Key(this, 'Plain', { alias: 'plain' });
    key.addAlias('second');
    new kms.Key(this, 'Own', {
      enableKeyRotation: false,
      description: 'theirs',
      alias: 'own',
      pendingWindow: Duration.days(7),
      removalPolicy: RemovalPolicy.DESTROY,
      policy: new iam.PolicyDocument({
        statements: [
          new iam.PolicyStatement({
            sid: 'Theirs',
            principals: [new iam.AccountRootPrincipal()],
            actions: ['kms:*'],
            resources: ['*'],
          }),
        ],
      }),
    });
    new kms.Key(this, 'Mac', { keySpec: kms.KeySpec.HMAC_256, keyUsage: kms.KeyUsage.GENERATE_VERIFY_MAC });
  }
}

describe('defaults of an organization', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'key-defaults-'));
  const app = new App({ outdir });
  const defaults = new KeyDefaults(app, 'KeyDefaults', {
    rotationPeriod: Duration.days(180),
    pendingWindow: Duration.days(14),
    description: 'Key of {path}',
    administrators: [new iam.ArnPrincipal(ADMIN)],
    auditors: [new iam.ArnPrincipal(AUDITOR)],
  });
  const stack = new Stack(app, 'Stack');
  new Theirs(stack, 'Theirs');
  new EncryptionKey(stack, 'Ours', { alias: 'ours', removalPolicy: RemovalPolicy.DESTROY });
  app.synth();
  const template = Template.fromStack(stack);
  const keyOf = (description: string) => {
    const [key] = Object.values(template.findResources('AWS::KMS::Key', { Properties: { Description: description } }));
    return key;
  };

  test('reach the key that a bucket makes for itself', () => {
    expect(keyOf('Created by Stack/Theirs/Bucket')?.Properties).toMatchObject({
      EnableKeyRotation: true,
      RotationPeriodInDays: 180,
      PendingWindowInDays: 14,
    });
  });

  test('reach a plain key, with a description', () => {
    expect(keyOf('Key of Stack/Theirs/Plain')).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: { EnableKeyRotation: true, RotationPeriodInDays: 180, PendingWindowInDays: 14 },
    });
  });

  test('leave what the author said, and add to the policy without replacing', () => {
    const key = keyOf('theirs');
    expect(key).toMatchObject({
      DeletionPolicy: 'Delete',
      Properties: { EnableKeyRotation: false, PendingWindowInDays: 7 },
    });
    expect(key?.Properties.RotationPeriodInDays).toBeUndefined();
    expect(key?.Properties.KeyPolicy.Statement.map(({ Sid }: { Sid: string }) => Sid)).toEqual([
      'Theirs',
      'OrganizationKeyAdministrators',
      'OrganizationKeyAuditors',
    ]);
  });

  test('ask no rotation of a key that KMS cannot rotate, and no action that does not suit it', () => {
    const key = keyOf('Key of Stack/Theirs/Mac');
    expect(key?.Properties.EnableKeyRotation).toBeUndefined();
    const admin = key?.Properties.KeyPolicy.Statement.find(
      ({ Sid }: { Sid: string }) => Sid === 'OrganizationKeyAdministrators',
    );
    expect(admin.Principal).toEqual({ AWS: ADMIN });
    expect(admin.Action).toContain('kms:PutKeyPolicy');
    expect(admin.Action).not.toContain('kms:EnableKeyRotation');
  });

  test.each([
    ['alias/plain', 'Retain'],
    ['alias/second', 'Retain'],
    ['alias/own', 'Delete'],
    ['alias/ours', 'Delete'],
  ])('%s goes the way of its key: %s', (AliasName, DeletionPolicy) => {
    template.hasResource('AWS::KMS::Alias', { Properties: { AliasName }, DeletionPolicy });
  });

  test('are reported by construct and property, in code and in a file', () => {
    const report = defaults.report();
    expect(report).toContainEqual({
      path: 'Stack/Theirs/Plain',
      property: 'enableKeyRotation',
      before: 'not set',
      after: 'true',
    });
    expect(report).toContainEqual({
      path: 'Stack/Theirs/Bucket/Key',
      property: 'rotationPeriod',
      before: 'not set',
      after: '180 days',
    });
    expect(report).toContainEqual({
      path: 'Stack/Theirs/Plain/Alias',
      property: 'removalPolicy',
      before: 'not set',
      after: 'retain',
    });
    expect(report.filter(({ path }) => path === 'Stack/Theirs/Own')).toEqual([
      {
        path: 'Stack/Theirs/Own',
        property: 'policy',
        before: 'as written',
        after: 'statement OrganizationKeyAdministrators added',
      },
      {
        path: 'Stack/Theirs/Own',
        property: 'policy',
        before: 'as written',
        after: 'statement OrganizationKeyAuditors added',
      },
    ]);
    expect(report.some(({ path }) => path.startsWith('Stack/Ours'))).toBe(false);
    const file = JSON.parse(readFileSync(join(outdir, 'keysmith-key-defaults.KeyDefaults.json'), 'utf8'));
    expect(file.changes).toEqual(report);
  });

  test('are said at the key in the output of synthesis', () => {
    Annotations.fromStack(stack).hasInfo(
      '/Stack/Theirs/Mac',
      Match.stringLikeRegexp('description: not set → Key of Stack/Theirs/Mac'),
    );
  });
});

test('administrators and auditors can do what they are for with a plain key, and a stranger can do nothing', () => {
  const app = new App();
  new KeyDefaults(app, 'KeyDefaults', {
    administrators: [new iam.ArnPrincipal(ADMIN)],
    auditors: [new iam.ArnPrincipal(AUDITOR)],
  });
  const stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'eu-west-1' } });
  for (const roleName of ['KeyAdmin', 'Auditor', 'Stranger']) {
    new iam.Role(stack, roleName, { roleName, assumedBy: new iam.AccountRootPrincipal() });
  }
  new kms.Key(stack, 'Plain');
  const assembly = readAssembly(app.synth().directory);
  const actions = ['Encrypt', 'Decrypt', 'GenerateDataKey', 'PutKeyPolicy', 'ScheduleKeyDeletion'];
  expect(promises(accessMap(assembly), actions).get('Stack/Plain')).toEqual([
    'account 111122223333 can Encrypt, GenerateDataKey, Decrypt, ScheduleKeyDeletion, PutKeyPolicy',
    'Stack/KeyAdmin can ScheduleKeyDeletion, PutKeyPolicy',
  ]);
  const readers = assembly.keys.flatMap((key) => whoCan(assembly, key, 'kms:GetKeyPolicy'));
  const allowed = readers.filter(({ decision }) => decision.verdict !== 'denied');
  expect(allowed.map(({ grantee, decision }) => `${grantee.name}: ${decision.verdict}`)).toEqual([
    'account 111122223333: allowed',
    'Stack/KeyAdmin: allowed',
    'Stack/Auditor: allowed',
  ]);
});

test('without properties keys rotate and aliases stay; nothing else changes', () => {
  const app = new App();
  const defaults = new KeyDefaults(app, 'Defaults');
  const stack = new Stack(app, 'Stack');
  new kms.Key(stack, 'Key', { alias: 'a' });
  expect(defaults.report().map(({ property }) => property)).toEqual(['enableKeyRotation', 'removalPolicy']);
  Template.fromStack(stack).hasResourceProperties('AWS::KMS::Key', { RotationPeriodInDays: Match.absent() });
});

test('an injector that is there already runs as well', () => {
  const app = new App();
  PropertyInjectors.of(app).add(DESCRIBED);
  new KeyDefaults(app, 'Defaults', { description: 'ours' });
  const stack = new Stack(app, 'Stack');
  new kms.Key(stack, 'Key');
  Template.fromStack(stack).hasResourceProperties('AWS::KMS::Key', {
    Description: 'injected',
    EnableKeyRotation: true,
  });
});

test.each<[string, (app: App, stack: Stack) => void]>([
  ['one of a nearer scope', (_app, stack) => PropertyInjectors.of(stack).add(DESCRIBED)],
  ['a later one of the same scope', (app) => PropertyInjectors.of(app).add(DESCRIBED)],
  ['defaults of a nearer scope', (_app, stack) => new KeyDefaults(stack, 'Nearer', { description: 'injected' })],
])('an injector that takes the place of the defaults is warned of: %s', (_name, inject) => {
  const app = new App();
  new KeyDefaults(app, 'Defaults', { pendingWindow: Duration.days(9) });
  const stack = new Stack(app, 'Stack');
  new kms.Key(stack, 'Reached');
  inject(app, stack);
  new kms.Key(stack, 'Key');
  const annotations = Annotations.fromStack(stack);
  annotations.hasWarning('/Stack/Key', Match.stringLikeRegexp('took the place of the one of KeyDefaults'));
  expect(annotations.findWarning('/Stack/Reached', Match.stringLikeRegexp('took the place'))).toEqual([]);
});

test.each<[string, (key: kms.Key, stack: Stack) => void]>([
  ['by its author', (key) => key.applyRemovalPolicy(RemovalPolicy.RETAIN)],
  [
    'by an aspect for keys alone',
    (_key, stack) => RemovalPolicies.of(stack).retain({ applyToResourceTypes: ['AWS::KMS::Key'] }),
  ],
])('an alias follows its key that is kept after all, %s', (_name, keep) => {
  const app = new App();
  const defaults = new KeyDefaults(app, 'Defaults', { removalPolicy: RemovalPolicy.DESTROY });
  const stack = new Stack(app, 'Stack');
  keep(new kms.Key(stack, 'Key', { alias: 'a' }), stack);
  const said = new kms.Key(stack, 'Said').addAlias('said');
  said.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  app.synth();
  const template = Template.fromStack(stack);
  template.hasResource('AWS::KMS::Key', { DeletionPolicy: 'Retain' });
  template.hasResource('AWS::KMS::Alias', { Properties: { AliasName: 'alias/a' }, DeletionPolicy: 'Retain' });
  // What the author said of an alias afterwards stays.
  template.hasResource('AWS::KMS::Alias', {
    Properties: { AliasName: 'alias/said' },
    DeletionPolicy: 'RetainExceptOnCreate',
  });
  expect(defaults.report().filter(({ path }) => path === 'Stack/Key/Alias')).toEqual([
    { path: 'Stack/Key/Alias', property: 'removalPolicy', before: 'not set', after: 'retain' },
  ]);
});

test('defaults whose paths differ in the place of a hyphen have a file each', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'key-defaults-'));
  const app = new App({ outdir });
  const stacks = ['a', 'a-b'].map((id) => new Stack(app, id));
  for (const [index, id] of ['b-c', 'c'].entries()) {
    new KeyDefaults(stacks[index], id);
    new kms.Key(stacks[index], 'Key');
  }
  new KeyDefaults(new Stack(app, 'n'.repeat(200)), 'm'.repeat(200));
  app.synth();
  const files = readdirSync(outdir).filter((name) => name.startsWith('keysmith-key-defaults.'));
  const paths = files.map((name) => JSON.parse(readFileSync(join(outdir, name), 'utf8')).changes[0]?.path);
  expect(paths.sort()).toEqual(['a-b/Key', 'a/Key', undefined]);
});

test('a key that was there before is warned of, and what is out of range is reported', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  new kms.Key(stack, 'Early');
  new KeyDefaults(app, 'Defaults');
  Annotations.fromStack(stack).hasWarning('/Stack/Early', Match.stringLikeRegexp('made before KeyDefaults'));

  const other = new App();
  new KeyDefaults(other, 'Defaults', { rotationPeriod: Duration.days(30), pendingWindow: Duration.days(31) });
  expect(() => other.synth()).toThrow(/rotationPeriod of 30 days[\s\S]*pendingWindow of 31 days/);
});
