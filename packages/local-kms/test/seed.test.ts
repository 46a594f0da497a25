import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createLocalKms, LocalKmsError } from '@cdk-keysmith/local-kms';
import { stableKeyId, stableName } from '../src/seed/ids.ts';
import { keyArnOf, LEDGER, raw } from './support.ts';

describe('the keys of an app', () => {
  test('have the same ARNs at every start, and other ones in another account or Region', () => {
    const arns = (options = {}) =>
      createLocalKms({ app: LEDGER, ...options })
        .keys()
        .map(({ arn }) => arn);
    expect(arns()).toEqual(arns());
    expect(arns({ region: 'eu-west-1' }).filter((arn) => arns().includes(arn))).toEqual([
      keyArnOf(createLocalKms({ app: LEDGER }), 'Archive/Key'),
    ]);
    expect(arns({ account: '123456789012' }).join()).toContain(':123456789012:key/');
  });

  test('are where, what and how their stacks say', () => {
    const kms = createLocalKms({ app: LEDGER });
    expect(
      kms
        .keys()
        .map(({ constructPath, account, keySpec, keyState }) => [constructPath, account, keySpec, keyState])
        .sort(),
    ).toEqual([
      ['Archive/Key', '444455556666', 'SYMMETRIC_DEFAULT', 'Enabled'],
      ['Ledger/Key', '111122223333', 'SYMMETRIC_DEFAULT', 'Enabled'],
      ['Ledger/PartnerKey', '111122223333', 'SYMMETRIC_DEFAULT', 'Enabled'],
      ['Ledger/SigningKey', '111122223333', 'ECC_NIST_P256', 'Enabled'],
    ]);
    expect(keyArnOf(kms, 'Ledger/Key')).toMatch(
      /key\/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(keyArnOf(kms, 'Ledger/PartnerKey')).toMatch(/key\/mrk-[0-9a-f]{32}$/);
    expect(kms.aliases()).toEqual([
      {
        name: 'alias/ledger',
        arn: 'arn:aws:kms:us-east-1:111122223333:alias/ledger',
        keyArn: keyArnOf(kms, 'Ledger/Key'),
      },
    ]);
  });

  test('sign, and are rotated as the app declares it', async () => {
    const app = mkdtempSync(join(tmpdir(), 'local-kms-'));
    try {
      cpSync(LEDGER, app, { recursive: true });
      const template = join(app, 'Ledger.template.json');
      const declared = { EnableKeyRotation: true, RotationPeriodInDays: 100 };
      const json = JSON.parse(readFileSync(template, 'utf8'));
      for (const { Type, Properties } of Object.values<{ Type: string; Properties: { KeySpec?: string } }>(
        json.Resources,
      )) {
        if (Type === 'AWS::KMS::Key' && Properties.KeySpec === undefined) Object.assign(Properties, declared);
      }
      writeFileSync(template, JSON.stringify(json));
      const kms = createLocalKms({ app });
      const status = await raw(kms, 'GetKeyRotationStatus', { KeyId: keyArnOf(kms, 'Ledger/Key') });
      expect(status.body).toMatchObject({ KeyRotationEnabled: true, RotationPeriodInDays: 100 });
      const KeyId = keyArnOf(kms, 'Ledger/SigningKey');
      const signed = await raw(kms, 'Sign', { KeyId, Message: 'AAAA', SigningAlgorithm: 'ECDSA_SHA_256' });
      expect([signed.status, signed.body['KeyId']]).toEqual([200, KeyId]);
    } finally {
      rmSync(app, { recursive: true });
    }
  });

  test('have ids in which no two places meet', () => {
    const place = { account: '111122223333', region: 'us-east-1', stack: 'a', logicalId: 'bc' };
    expect(stableKeyId(place, false)).not.toBe(stableKeyId({ ...place, stack: 'ab', logicalId: 'c' }, false));
  });
});

describe('names of resources', () => {
  test('are the stack and the logical id, cut to 64 characters without meeting another', () => {
    expect(stableName('Orders', 'Writer1234')).toBe('Orders-Writer1234');
    expect(stableName('Stage/Orders', 'Writer')).toBe('Stage-Orders-Writer');
    const [one, other] = [stableName('S'.repeat(60), 'FirstLogicalId'), stableName('S'.repeat(60), 'OtherLogicalId')];
    expect([one.length, other.length]).toEqual([64, 64]);
    expect(one).not.toBe(other);
  });
});

describe('principals', () => {
  const kms = createLocalKms({ app: LEDGER });
  const keyIdOf = (name: string) => kms.environmentFor(name)['AWS_ACCESS_KEY_ID'];

  test('are listed with the names that people use', () => {
    expect(kms.principals().map(({ name, type }) => `${type} ${name}`)).toEqual([
      'function Ledger/Writer',
      'role Ledger/Writer/ServiceRole',
      'role Ledger/Reader',
      'role Ledger/Bounded',
      'user Ledger/Operator',
      'role Archive/Reader',
    ]);
    expect(kms.principals()[0]).toMatchObject({
      arn: 'arn:aws:iam::111122223333:role/Ledger-WriterRole',
      names: ['Ledger/Writer', 'WriterFunction', 'Ledger-WriterFunction'],
    });
  });

  test.each([
    'Ledger/Writer',
    'Ledger/Writer/Resource',
    'Writer',
    'WriterFunction',
    'Ledger-WriterFunction',
    'Ledger/Writer/ServiceRole',
    'ServiceRole',
    'WriterRole',
    'ledger-reader',
    'operator',
    'arn:aws:iam::111122223333:role/ledger-reader',
  ])('are found as %s', (name) => {
    expect(keyIdOf(name)).toMatch(/^A(SIA|KIA)[A-Z2-7]{16}$/);
  });

  test('that nobody knows are answered with those that are near, and those that there are', () => {
    expect(() => kms.credentialsFor('Writter')).toThrow(
      new LocalKmsError(
        'UNKNOWN_PRINCIPAL',
        'no principal is called "Writter"; did you mean Ledger/Writer? the app has Ledger/Writer, Ledger/Writer/ServiceRole, Ledger/Reader, Ledger/Bounded, Ledger/Operator, Archive/Reader',
      ),
    );
    expect(() => kms.clientConfig('__proto__')).toThrow(expect.objectContaining({ code: 'UNKNOWN_PRINCIPAL' }));
    expect(() => createLocalKms().credentialsFor('Writer')).toThrow(/the app has none$/);
  });

  test('that several are called are not chosen from', () => {
    expect(() => kms.credentialsFor('Reader')).toThrow(
      expect.objectContaining({
        code: 'AMBIGUOUS_PRINCIPAL',
        message: 'principal "Reader" is ambiguous: say one of Ledger/Reader, Archive/Reader',
      }),
    );
  });
});

describe('a function', () => {
  test('has its environment with everything in its place, and what is not known is left out and told', () => {
    const kms = createLocalKms({ app: LEDGER });
    const environment = kms.environmentFor('Writer');
    expect(environment).toMatchObject({
      KEY_ARN: keyArnOf(kms, 'Ledger/Key'),
      TABLE_NAME: 'Ledger-Table',
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_SESSION_TOKEN: expect.any(String),
    });
    expect(environment).not.toHaveProperty('PARTNER');
    // Without a socket there is no address to give.
    expect(environment).not.toHaveProperty('AWS_ENDPOINT_URL_KMS');
    expect(kms.problems).toEqual([expect.stringContaining('function Ledger/Writer has no variable PARTNER here')]);
  });

  test('is described', () => {
    expect(createLocalKms({ app: LEDGER }).functionNamed('Writer')).toMatchObject({
      name: 'Ledger-WriterFunction',
      roleArn: 'arn:aws:iam::111122223333:role/Ledger-WriterRole',
      handler: 'index.handler',
      runtime: 'nodejs24.x',
      codeAssetPath: undefined,
      account: '111122223333',
      region: 'us-east-1',
    });
    expect(() => createLocalKms({ app: LEDGER }).functionNamed('Reader')).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_FUNCTION' }),
    );
  });
});

const assemblies = resolve(
  process.env['KEYSMITH_VECTORS'] ?? resolve(__dirname, '../../../../shared/vectors'),
  'cdk-assemblies',
);
const published = existsSync(assemblies)
  ? readdirSync(assemblies, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
  : [];

(published.length > 0 ? describe : describe.skip)('published apps', () => {
  test.each(published.length > 0 ? published : ['none'])(
    '%s gives keys, and everybody in it can ask for credentials',
    (name) => {
      const kms = createLocalKms({ app: resolve(assemblies, name) });
      expect(kms.keys().length).toBeGreaterThan(0);
      for (const principal of kms.principals()) {
        if (principal.arn === undefined) continue;
        expect(kms.credentialsFor(principal.name).accessKeyId).toMatch(/^A/);
      }
    },
  );
});
