import { type AccessMap, accessMap, checkAssembly, readAssembly } from '@cdk-keysmith/access';
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import {
  AsymmetricEncryptionKeyGenerations,
  EncryptionKey,
  EncryptionKeyGenerations,
  Envelope,
  KeyAccess,
  KeyAgreementKeyGenerations,
  KeyOrigin,
  MacKey,
  MacKeyGenerations,
  SigningKey,
  SigningKeyGenerations,
  type SigningKeyGenerationsProps,
  SigningKeySpec,
} from '../../lib';
import { failureOf } from '../failure-of';

const IRELAND = { account: '111122223333', region: 'eu-west-1' };
const ECC = { keySpec: SigningKeySpec.ECC_NIST_P256 };

const principal = (scope: Stack, id: string) => new iam.Role(scope, id, { assumedBy: new iam.AccountRootPrincipal() });

function handlerIn(stack: Stack, id: string): lambda.Function {
  return new lambda.Function(stack, id, {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => {};'),
  });
}

/* One app for all kinds: three generations each, of which the first is retired and the second current. */
const app = new App();
const stack = new Stack(app, 'Kinds', { env: IRELAND });
const [maker, checker, auditor, insider] = ['Maker', 'Checker', 'Auditor', 'Insider'].map((id) => principal(stack, id));
const three = {
  generations: [{ id: '1', retired: true }, { id: '2' }, { id: '3' }],
  current: '2',
};
const signing = new SigningKeyGenerations(stack, 'Sign', {
  ...three,
  alias: 'release',
  keyProps: { ...ECC, access: [KeyAccess.signAndVerify([insider])] },
});
const mac = new MacKeyGenerations(stack, 'Mac', three);
const agreement = new KeyAgreementKeyGenerations(stack, 'Agree', three);
const asymmetric = new AsymmetricEncryptionKeyGenerations(stack, 'Asymmetric', three);
const encryption = new EncryptionKeyGenerations(stack, 'Encrypt', {
  ...three,
  alsoActive: ['3'],
  keyProps: { origin: KeyOrigin.EXTERNAL, users: [insider] },
});
signing.grants.sign(maker);
signing.grants.verify(checker);
signing.grants.audit(auditor);
mac.grants.generateMac(maker);
mac.grants.verifyMac(checker);
agreement.grants.deriveSharedSecret(checker);
agreement.grants.getPublicKey(maker);
asymmetric.grants.encrypt(maker);
asymmetric.grants.decrypt(checker);
encryption.grants.generateDataKeys(maker);
encryption.grants.decrypt(checker);
signing.addOutputs();
const { directory } = app.synth();
const template = Template.fromStack(stack);
const assembly = readAssembly(directory);

/** The generations on which a principal may do something, by the first action that says it. */
function mayOn(map: AccessMap, name: string, grantee: string, action: string): string[] {
  return map.keys
    .filter(({ key }) => key.constructPath.startsWith(`Kinds/${name}/`))
    .filter(({ rows }) =>
      rows
        .find((row) => row.grantee.name.includes(grantee))
        ?.cells.some((cell) => cell.action === `kms:${action}` && cell.decision.verdict === 'allowed'),
    )
    .map(({ key }) => key.constructPath.replace(/.*Generation/, ''));
}

describe('permissions span the generations', () => {
  const map = accessMap(assembly);

  test('and are understood in full', () => {
    expect(map.unknowns).toEqual([]);
  });

  test.each([
    ['Sign', 'Maker', 'Sign', ['2']],
    ['Sign', 'Maker', 'Verify', []],
    ['Sign', 'Checker', 'Verify', ['2', '3']],
    ['Sign', 'Checker', 'Sign', []],
    ['Mac', 'Maker', 'GenerateMac', ['2']],
    ['Mac', 'Checker', 'VerifyMac', ['2', '3']],
    ['Agree', 'Checker', 'DeriveSharedSecret', ['2', '3']],
    ['Asymmetric', 'Maker', 'Encrypt', ['2']],
    ['Asymmetric', 'Checker', 'Decrypt', ['2', '3']],
    // The third is active besides.
    ['Encrypt', 'Maker', 'GenerateDataKey', ['2', '3']],
    ['Encrypt', 'Checker', 'Decrypt', ['2', '3']],
    ['Encrypt', 'Checker', 'Encrypt', []],
  ])('%s: %s may %s on %j', (name, grantee, action, generations) => {
    expect(mayOn(map, name, grantee, action)).toEqual(generations);
  });

  test('in the key policy, too, what is not active makes nothing new', () => {
    const uses = (prefix: string, sids: RegExp) =>
      Object.entries(template.findResources('AWS::KMS::Key'))
        .filter(([id]) => id.startsWith(prefix))
        .map(([, { Properties }]) =>
          Properties.KeyPolicy.Statement.map(({ Sid }: { Sid: string }) => Sid).filter((sid: string) => sids.test(sid)),
        );
    expect(uses('Sign', /Verify|Sign/)).toEqual([['Verify'], ['SignAndVerify'], ['Verify']]);
    expect(uses('Encrypt', /Decrypt|KeyUsers/)).toEqual([['Decrypt'], ['KeyUsers'], ['KeyUsers']]);
  });
});

describe('the template', () => {
  test('disables what is retired, and nothing else', () => {
    const keys = Object.entries(template.findResources('AWS::KMS::Key'));
    expect(keys).toHaveLength(15);
    for (const [id, { Properties, DeletionPolicy }] of keys) {
      expect([id, Properties.Enabled]).toEqual([id, /Generation1/.test(id) ? false : undefined]);
      expect(DeletionPolicy).toBe('Retain');
    }
    expect(checkAssembly(assembly).filter(({ ruleId }) => ruleId !== 'key-disabled')).toEqual([]);
  });

  test('leads the alias to the current one, and puts out the ARNs of all', () => {
    template.hasResourceProperties('AWS::KMS::Alias', {
      AliasName: 'alias/release',
      TargetKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^SignGeneration2'), 'Arn'] },
    });
    const outputs = Object.keys(template.findOutputs('*'));
    expect(outputs.map((id) => id.replace(/[0-9A-F]{8}$/, ''))).toEqual([
      'SignCurrentKeyArn',
      'SignKeyArn1',
      'SignKeyArn2',
      'SignKeyArn3',
      'SignAliasName',
    ]);
    expect([signing.currentId, signing.aliasName, signing.keyArns.length, signing.kept.length]).toEqual([
      '2',
      'alias/release',
      2,
      1,
    ]);
    expect(() => signing.generation('9')).toThrow('Kinds/Sign: there is no generation "9"; there are 1, 2, 3');
    expect(signing.generation('2')).toBe(signing.current);
  });
});

describe('a change', () => {
  type Resources = Record<string, { Type: string; Properties: Record<string, unknown> }>;
  const synth = (props: Partial<SigningKeyGenerationsProps>): Resources => {
    const own = new Stack(new App(), 'Own');
    const made = new SigningKeyGenerations(own, 'Keys', {
      alias: 'release',
      keyProps: ECC,
      generations: [{ id: '1' }, { id: '2' }],
      ...props,
    });
    made.grants.sign(new iam.Role(own, 'Signer', { assumedBy: new iam.AccountRootPrincipal() }));
    return Template.fromStack(own).toJSON().Resources;
  };
  const before = synth({});

  test('that adds a generation adds a key, and changes nothing about the others', () => {
    const after = synth({ generations: [{ id: '1' }, { id: '2' }, { id: '3' }], current: '2' });
    const added = Object.keys(after).filter((id) => !(id in before));
    expect(added).toEqual([expect.stringMatching(/^KeysGeneration3/)]);
    expect(Object.fromEntries(Object.entries(after).filter(([id]) => id in before))).toEqual(before);
  });

  test('of the current one, forth and back, keeps all logical ids and changes alias and permissions alone', () => {
    const back = synth({ current: '1' });
    expect(Object.keys(back)).toEqual(Object.keys(before));
    const changed = Object.keys(back).filter((id) => JSON.stringify(back[id]) !== JSON.stringify(before[id]));
    expect(changed.map((id) => back[id]?.Type).sort()).toEqual(['AWS::IAM::Policy', 'AWS::KMS::Alias']);
    expect(synth({ current: '2' })).toEqual(before);
  });

  test('that retires a generation changes that key alone', () => {
    const after = synth({ generations: [{ id: '1', retired: true }, { id: '2' }] });
    const changed = Object.keys(after).filter((id) => JSON.stringify(after[id]) !== JSON.stringify(before[id]));
    expect(changed).toEqual([expect.stringMatching(/^KeysGeneration1/)]);
  });
});

describe('a declaration', () => {
  function failure(props: (own: Stack) => Partial<SigningKeyGenerationsProps>): string {
    const own = new App();
    const place = new Stack(own, 'Own', { env: IRELAND });
    new SigningKeyGenerations(place, 'Keys', {
      keyProps: ECC,
      generations: [{ id: '1' }, { id: '2' }],
      ...props(place),
    });
    return failureOf(own);
  }
  const existing = (key: unknown) => ({ generations: [{ id: '0', key: key as SigningKey }, { id: '1' }] });
  const keyArn = (region: string) => `arn:aws:kms:${region}:111122223333:key/${'a'.repeat(36)}`;

  test('takes keys that are there already, and another spec of the same type and usage', () => {
    const imported = (own: Stack) => SigningKey.fromKeyArn(own, 'Old', keyArn('eu-west-1'));
    const ml = { id: '2', keyProps: { keySpec: SigningKeySpec.ML_DSA_65 } };
    expect(failure((own) => ({ generations: [{ id: '0', key: imported(own) }, { id: '1' }, ml], alias: 'x' }))).toBe(
      '',
    );
    expect(failure((own) => existing(new SigningKey(own, 'Own', ECC)))).toBe('');
  });

  test.each<[string, (own: Stack) => Partial<SigningKeyGenerationsProps>]>([
    ['current "9": there is no such generation; there are 1, 2', () => ({ current: '9' })],
    ['alsoActive "9": there is no such generation', () => ({ alsoActive: ['9'] })],
    ['which is the current generation', () => ({ alsoActive: ['2'] })],
    ['generation "a b": an id has', () => ({ generations: [{ id: 'a b' }] })],
    ['generation "1" is declared twice', () => ({ generations: [{ id: '1' }, { id: '1' }] })],
    ['a key that signs or encrypts is never retired', () => ({ generations: [{ id: '1', retired: true }] })],
    [
      'generation "1" is retired and still active',
      () => ({ generations: [{ id: '1', retired: true }, { id: '2' }], alsoActive: ['1'] }),
    ],
    [
      'generation "2" is retired and the older "1" is not',
      () => ({ generations: [{ id: '1' }, { id: '2', retired: true }, { id: '3' }] }),
    ],
    ['is active and disabled', () => ({ keyProps: { ...ECC, enabled: false } })],
    ['alias in keyProps', () => ({ keyProps: { ...ECC, alias: 'x' } })],
    ['alias "a b"', () => ({ alias: 'a b' })],
    ['an alias moves between keys of the same type and usage only', (own) => existing(new MacKey(own, 'M'))],
    ['it is a symmetric key with usage ENCRYPT_DECRYPT', (own) => existing(new EncryptionKey(own, 'E'))],
    ['it is imported by its alias', (own) => existing(SigningKey.fromAliasName(own, 'A', 'a'))],
    ['and Region us-east-1', (own) => existing(SigningKey.fromKeyArn(own, 'F', keyArn('us-east-1')))],
    [
      'so its keyProps would do nothing',
      (own) => ({ generations: [{ id: '0', key: new SigningKey(own, 'S', ECC), keyProps: ECC }] }),
    ],
  ])('fails with "%s"', (text, props) => {
    expect(failure(props)).toContain(text);
  });

  test('without any generation throws', () => {
    expect(() => failure(() => ({ generations: [] }))).toThrow('Own/Keys: generations: there is none');
  });
});

describe('an envelope', () => {
  const contract = (grant: 'grantEncrypt' | 'grantDecrypt' | 'grantEncryptDecrypt', current = '2') => {
    const own = new Stack(new App(), 'Own');
    const generations = new EncryptionKeyGenerations(own, 'Keys', {
      ...three,
      current,
      alsoActive: current === '2' ? [] : ['2'],
    });
    const envelope = new Envelope(own, 'Orders', { generations, requiredContext: ['tenant'] });
    envelope[grant](handlerIn(own, 'Handler'));
    const made = Template.fromStack(own);
    const [handler] = Object.values(made.findResources('AWS::Lambda::Function'));
    const parts: unknown[] = handler?.Properties.Environment.Variables.KEYSMITH_ENVELOPE_Orders['Fn::Join'][1];
    const text = parts.map((one) => (typeof one === 'string' ? one : arnOf(one))).join('');
    const { wrapKeys, unwrapKeys } = JSON.parse(text);
    const [policy] = Object.values(made.findResources('AWS::IAM::Policy'));
    const statements = policy?.Properties.PolicyDocument.Statement as { Action: unknown; Resource: unknown }[];
    const may = statements.map(({ Action, Resource }) => [arnOf(Resource), Action]);
    return { wrapKeys, unwrapKeys, may };
  };
  const arnOf = (value: unknown) => /Generation(\d)/.exec(JSON.stringify(value))?.[1];

  test('seals under the current one, and opens what any has sealed that is not retired', () => {
    expect(contract('grantEncryptDecrypt')).toEqual({
      wrapKeys: ['2'],
      unwrapKeys: ['2', '3'],
      may: [
        ['2', ['kms:Decrypt', 'kms:GenerateDataKey']],
        ['3', 'kms:Decrypt'],
      ],
    });
    expect(contract('grantEncrypt')).toEqual({ wrapKeys: ['2'], unwrapKeys: [], may: [['2', 'kms:GenerateDataKey']] });
    expect(contract('grantDecrypt')).toEqual({
      wrapKeys: [],
      unwrapKeys: ['2', '3'],
      may: [
        ['2', 'kms:Decrypt'],
        ['3', 'kms:Decrypt'],
      ],
    });
  });

  test('while the current one moves, the former one may still seal', () => {
    expect(contract('grantEncrypt', '3')).toMatchObject({
      wrapKeys: ['3'],
      may: [
        ['3', 'kms:GenerateDataKey'],
        ['2', 'kms:GenerateDataKey'],
      ],
    });
  });

  test('takes a key or generations', () => {
    const own = new Stack(new App(), 'Own');
    const generations = new EncryptionKeyGenerations(own, 'Keys', three);
    const message = 'give exactly one of key and generations';
    expect(() => new Envelope(own, 'None', { requiredContext: ['tenant'] })).toThrow(message);
    expect(() => new Envelope(own, 'Both', { generations, key: generations.current })).toThrow(message);
  });
});
