import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import fc from 'fast-check';
import {
  AccountDelegation,
  AsymmetricEncryptionKey,
  AsymmetricEncryptionKeySpec,
  type CustomerManagedKey,
  type CustomerManagedKeyProps,
  EncryptionKey,
  EncryptionKeyGrants,
  KeyAgreementKey,
  KeyAgreementKeySpec,
  KeyOrigin,
  MacKey,
  MacKeySpec,
  SigningKey,
  SigningKeySpec,
} from '../../lib';
import { KEY_SPECS, type KeySpecFacts, specsFor } from '../../lib/keys/key-specs';
import { failureOf } from '../failure-of';

const IRELAND = { account: '111122223333', region: 'eu-west-1' };
const BEIJING = { account: '111122223333', region: 'cn-north-1' };

/** How each class makes a key of a spec; what TypeScript does not compile, other languages can still pass. */
const CLASSES = {
  AsymmetricEncryptionKey: [AsymmetricEncryptionKey, 'ENCRYPT_DECRYPT', AsymmetricEncryptionKeySpec],
  SigningKey: [SigningKey, 'SIGN_VERIFY', SigningKeySpec],
  MacKey: [MacKey, 'GENERATE_VERIFY_MAC', MacKeySpec],
  KeyAgreementKey: [KeyAgreementKey, 'KEY_AGREEMENT', KeyAgreementKeySpec],
} as const;
type ClassName = keyof typeof CLASSES;

function make(stack: Stack, name: ClassName, props: Record<string, unknown>, id = 'Key'): CustomerManagedKey {
  const Class = CLASSES[name][0] as new (scope: Stack, id: string, props: object) => CustomerManagedKey;
  return new Class(stack, id, props);
}

function failure(name: ClassName, props: Record<string, unknown>, env = IRELAND): string {
  const app = new App();
  make(new Stack(app, 'Test', { env }), name, props);
  return failureOf(app);
}

describe('key specs', () => {
  test.each(Object.keys(CLASSES) as ClassName[])('%s names all those of its usage, and no other', (name) => {
    const [, usage, specs] = CLASSES[name];
    const named = Object.values(specs as Record<string, string>);
    expect([...named].sort()).toEqual(
      specsFor(usage)
        .filter((spec) => spec !== 'SYMMETRIC_DEFAULT')
        .sort(),
    );
  });

  test('every spec of CloudFormation is in the table', () => {
    expect(Object.keys(KEY_SPECS).sort()).toEqual(Object.values(kms.KeySpec).map(String).sort());
  });

  test('each class writes spec and usage, and nothing of rotation', () => {
    const stack = new Stack(new App(), 'Test', { env: BEIJING });
    const wanted = (Object.keys(CLASSES) as ClassName[]).flatMap((name) => {
      const [, usage, specs] = CLASSES[name];
      return Object.values(specs as Record<string, string>).map((keySpec) => {
        make(stack, name, { keySpec }, `${name}${keySpec}`);
        return [keySpec, usage, undefined, undefined];
      });
    });
    const keys = Object.values(Template.fromStack(stack).findResources('AWS::KMS::Key'));
    const written = keys.map(({ Properties }) => [
      Properties.KeySpec,
      Properties.KeyUsage,
      Properties.EnableKeyRotation,
      Properties.RotationPeriodInDays,
    ]);
    expect(written).toHaveLength(24);
    expect(written).toEqual(wanted);
  });

  test('any spec, origin and Region is taken exactly when the table says so', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...(Object.keys(CLASSES) as ClassName[])),
        fc.constantFrom(...Object.keys(KEY_SPECS), 'ML_KEM_768', 'AES_128'),
        fc.constantFrom(KeyOrigin.AWS_KMS, KeyOrigin.EXTERNAL),
        fc.constantFrom(IRELAND, BEIJING),
        (name, keySpec, origin, env) => {
          const facts = (KEY_SPECS as Record<string, KeySpecFacts>)[keySpec];
          const legal =
            facts?.usages.includes(CLASSES[name][1]) &&
            keySpec !== 'SYMMETRIC_DEFAULT' &&
            (facts.importable || origin === KeyOrigin.AWS_KMS) &&
            (!facts.chinaOnly || env === BEIJING);
          const text = failure(name, { keySpec, origin }, env);
          expect(text === '').toBe(legal === true);
          if (!legal) expect(text).toContain(keySpec);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('SM2 outside of China is refused with what there is instead', () => {
    expect(failure('SigningKey', { keySpec: SigningKeySpec.SM2 })).toContain('use one of RSA_2048');
  });
});

describe('an imported or multi-Region key', () => {
  function template(props: CustomerManagedKeyProps): Template {
    const stack = new Stack(new App(), 'Test');
    new EncryptionKey(stack, 'Key', props);
    return Template.fromStack(stack);
  }

  test('with material of one’s own is EXTERNAL, and does not rotate', () => {
    template({ origin: KeyOrigin.EXTERNAL }).hasResourceProperties('AWS::KMS::Key', {
      Origin: 'EXTERNAL',
      EnableKeyRotation: Match.absent(),
      RotationPeriodInDays: Match.absent(),
    });
  });

  test('its administrators may import, replicate and move the primary', () => {
    const key = template({
      origin: KeyOrigin.EXTERNAL,
      multiRegion: true,
      administrators: [new iam.ArnPrincipal('arn:aws:iam::111122223333:role/Admin')],
    });
    key.hasResourceProperties('AWS::KMS::Key', {
      MultiRegion: true,
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Sid: 'KeyAdministrators',
            Action: Match.arrayWith(['kms:ImportKeyMaterial', 'kms:ReplicateKey', 'kms:UpdatePrimaryRegion']),
          }),
        ]),
      },
    });
  });

  test('rotation of imported material is refused', () => {
    const app = new App();
    new EncryptionKey(new Stack(app, 'Test'), 'Key', { origin: KeyOrigin.EXTERNAL, enableKeyRotation: true });
    expect(() => app.synth()).toThrow('rotates no imported material');
  });
});

describe('grants', () => {
  const stack = new Stack(new App(), 'Test', { env: IRELAND });
  const role = new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() });

  test('each kind of key has those of its usage', () => {
    new SigningKey(stack, 'Signing', { keySpec: SigningKeySpec.ML_DSA_65 }).grants.sign(role);
    new MacKey(stack, 'Mac').grants.generateAndVerifyMac(role);
    new KeyAgreementKey(stack, 'Agreement').grants.deriveSharedSecret(role);
    new AsymmetricEncryptionKey(stack, 'Asymmetric').grants.encrypt(role);
    new EncryptionKey(stack, 'Encryption').grants.generateDataKeys(role, {
      encryptionContext: { app: 'orders' },
      requiredContext: ['tenant'],
      viaServices: ['s3'],
    });
    const [policy] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    const statements = policy?.Properties.PolicyDocument.Statement as Record<string, unknown>[];
    expect(statements.map(({ Action }) => Action)).toEqual([
      'kms:Sign',
      ['kms:GenerateMac', 'kms:VerifyMac'],
      ['kms:DeriveSharedSecret', 'kms:GetPublicKey'],
      ['kms:Encrypt', 'kms:GetPublicKey', 'kms:ReEncryptTo'],
      ['kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext'],
    ]);
    expect(statements.at(-1)?.Condition).toEqual({
      StringEquals: { 'kms:EncryptionContext:app': 'orders', 'kms:ViaService': 's3.eu-west-1.amazonaws.com' },
      Null: { 'kms:EncryptionContext:tenant': 'false' },
    });
    for (const { Resource } of statements) expect(Resource).toEqual({ 'Fn::GetAtt': [expect.any(String), 'Arn'] });
  });

  test.each([
    ['kms:Sign', 'does not suit a symmetric key with usage ENCRYPT_DECRYPT'],
    ['kms:Decrpyt', 'is no action that a key policy can give'],
    ['s3:GetObject', 'is not an action of KMS'],
  ])('%s on an encryption key throws', (action, reason) => {
    const key = new EncryptionKey(stack, `Refuses${action.replace(':', '')}`);
    expect(() => key.grant(role, action)).toThrow(reason);
  });

  test('a role of another account gets the key’s own ARN on its side, and stands in the key policy', () => {
    const app = new App();
    const ours = new Stack(app, 'Ours', { env: IRELAND });
    const theirs = new Stack(app, 'Theirs', { env: { ...IRELAND, account: '444455556666' } });
    const key = new EncryptionKey(ours, 'Key');
    key.grants.decrypt(
      new iam.Role(theirs, 'Reader', { roleName: 'reader', assumedBy: new iam.AccountRootPrincipal() }),
    );
    const assembly = app.synth();
    expect(JSON.stringify(assembly.getStackByName('Theirs').template)).toContain('Fn::GetStackOutput');
    Template.fromStack(ours).hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: { Statement: Match.arrayWith([Match.objectLike({ Action: 'kms:Decrypt' })]) },
    });
  });

  test('a role that takes no permission stands in the key policy instead', () => {
    const app = new App();
    const own = new Stack(app, 'Own', { env: IRELAND });
    const arn = 'arn:aws:iam::111122223333:role/Immutable';
    new EncryptionKey(own, 'Key').grants.decrypt(iam.Role.fromRoleArn(own, 'Role', arn, { mutable: false }));
    Template.fromStack(own).hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: { Statement: Match.arrayWith([Match.objectLike({ Action: 'kms:Decrypt', Principal: { AWS: arn } })]) },
    });
  });

  test('a group takes an IAM policy where those count, and is refused where they do not', () => {
    const group = new iam.Group(stack, 'Group');
    const delegating = new EncryptionKey(stack, 'Delegating');
    expect(delegating.grants.decrypt(group).success).toBe(true);
    const key = new EncryptionKey(stack, 'NotDelegating', { accountDelegation: AccountDelegation.ADMINISTRATION });
    expect(() => key.grants.decrypt(group)).toThrow('a group cannot stand in a key policy');
  });

  test('a service principal without conditions is warned about', () => {
    const app = new App();
    const own = new Stack(app, 'Own', { env: IRELAND });
    new EncryptionKey(own, 'Key').grants.decrypt(new iam.ServicePrincipal('sns.amazonaws.com'));
    Annotations.fromStack(own).hasWarning('/Own/Key', Match.stringLikeRegexp('in any account'));
  });

  test('a key of another library is no key of these grants', () => {
    const other = new kms.Key(stack, 'Other');
    expect(() => new EncryptionKeyGrants(other).decrypt(role)).toThrow('no key of cdk-keysmith');
  });
});
