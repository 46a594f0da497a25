import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  ListKeyRotationsCommand,
  RotateKeyOnDemandCommand,
  SignCommand,
} from '@aws-sdk/client-kms';
import { createLocalKms, type LocalKmsError, openLocalKms } from '@cdk-keysmith/local-kms';
import { Ajv2020 as Ajv } from 'ajv/dist/2020.js';
import { SEED, seedJsonSchema } from '../src/seed/file/seed-shape.ts';
import { problemsOf } from '../src/seed/file/shape.ts';
import { KEY_SPEC_NAMES, KEY_SPECS } from '../src/state/key-specs.ts';
import { administrator, clientAs, failure, keyArnOf, LEDGER } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'local-kms-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function seedOf(content: unknown, ending = 'json'): string {
  const path = join(folder, `seed-${files++}.${ending}`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const ID = '1234abcd-12ab-34cd-56ef-1234567890ab';
const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'pkcs8' });

/** What is wrong with a file, which must be wrong. */
function problems(content: unknown, ending?: string): string {
  const path = seedOf(content, ending);
  let error: LocalKmsError | undefined;
  try {
    createLocalKms({ seed: path });
  } catch (thrown) {
    error = thrown as LocalKmsError;
  }
  expect(error?.code).toBe('INVALID_SEED');
  expect(error?.message).toContain(`the seed file ${path} cannot be used: `);
  return error?.message.split('cannot be used: ')[1] ?? '';
}

describe('a seed file', () => {
  test('fixes ids, policies, states and principals, in YAML', async () => {
    const seed = seedOf(
      `
version: 1
account: '444455556666'
region: eu-west-1
keys:
  - keyId: ${ID}
    name: Orders
    description: of orders
    aliases: [alias/orders]
    tags: { team: books }
    creationDate: 2026-01-31T12:00:00Z
    rotationPeriodInDays: 100
    keyPolicy:
      Version: '2012-10-17'
      Statement:
        - { Sid: All, Effect: Allow, Principal: { AWS: 'arn:aws:iam::444455556666:root' }, Action: 'kms:*', Resource: '*' }
  - keyId: mrk-1234abcd12ab34cd56ef1234567890ab
    account: '111122223333'
    replicas: [{ region: us-east-1, aliases: [alias/far] }]
  - { keyId: 2234abcd-12ab-34cd-56ef-1234567890ab, origin: EXTERNAL }
  - { keyId: 3234abcd-12ab-34cd-56ef-1234567890ab, keyState: Disabled }
  - { keyId: 4234abcd-12ab-34cd-56ef-1234567890ab, keyState: PendingDeletion, pendingWindowInDays: 7 }
principals:
  - name: OrdersReader
    policies:
      - { Version: '2012-10-17', Statement: [{ Effect: Allow, Action: 'kms:Decrypt', Resource: '*' }] }
  - { name: jane, type: user, path: /people/ }
`,
      'yaml',
    );
    const kms = createLocalKms({ seed });
    expect(kms.problems).toEqual([]);
    expect(kms.keys().map(({ arn, keyState }) => `${arn} ${keyState}`)).toEqual([
      'arn:aws:kms:eu-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab Enabled',
      `arn:aws:kms:eu-west-1:444455556666:key/${ID} Enabled`,
      'arn:aws:kms:eu-west-1:444455556666:key/2234abcd-12ab-34cd-56ef-1234567890ab PendingImport',
      'arn:aws:kms:eu-west-1:444455556666:key/3234abcd-12ab-34cd-56ef-1234567890ab Disabled',
      'arn:aws:kms:eu-west-1:444455556666:key/4234abcd-12ab-34cd-56ef-1234567890ab PendingDeletion',
      'arn:aws:kms:us-east-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab Enabled',
    ]);
    expect(kms.aliases().map(({ arn }) => arn)).toEqual([
      'arn:aws:kms:eu-west-1:444455556666:alias/orders',
      'arn:aws:kms:us-east-1:111122223333:alias/far',
    ]);
    expect(kms.principals().map(({ name, arn }) => [name, arn])).toEqual([
      ['OrdersReader', 'arn:aws:iam::444455556666:role/OrdersReader'],
      ['jane', 'arn:aws:iam::444455556666:user/people/jane'],
    ]);
    const KeyId = 'alias/orders';
    const reader = clientAs(kms, 'OrdersReader');
    const { KeyMetadata } = await administrator(kms, '444455556666', { region: 'eu-west-1' }).send(
      new DescribeKeyCommand({ KeyId }),
    );
    expect(KeyMetadata).toMatchObject({ Description: 'of orders', CreationDate: new Date('2026-01-31T12:00:00Z') });
    expect(await failure(reader.send(new EncryptCommand({ KeyId, Plaintext: Buffer.of(1) })))).toMatchObject({
      name: 'AccessDeniedException',
    });
    expect(kms.lastDenial()?.reasons.join()).toMatch(/"All".*key policy of Orders/);
    expect(kms.update()).toEqual([]);
  });

  test('fixes material, so that another run decrypts what one encrypted, before and after a rotation', async () => {
    const [first, second] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
    const key = (...material: object[]) => ({ version: 1, keys: [{ keyId: ID, material }] });
    const [before, after] = [
      createLocalKms({ seed: seedOf(key({ base64: first })) }),
      createLocalKms({ seed: seedOf(key({ base64: first }, { base64: second, rotatedAt: '2026-02-01T00:00:00Z' })) }),
    ];
    const encrypt = new EncryptCommand({ KeyId: ID, Plaintext: Buffer.of(7), EncryptionContext: { a: 'b' } });
    const { CiphertextBlob } = await administrator(before).send(encrypt);
    const decrypt = new DecryptCommand({ CiphertextBlob, EncryptionContext: { a: 'b' } });
    expect((await administrator(after).send(decrypt)).Plaintext).toEqual(Uint8Array.of(7));
    const { CiphertextBlob: newer } = await administrator(after).send(encrypt);
    expect(
      await failure(
        administrator(before).send(new DecryptCommand({ CiphertextBlob: newer, EncryptionContext: { a: 'b' } })),
      ),
    ).toMatchObject({ name: 'InvalidCiphertextException' });
    const { Rotations } = await administrator(after).send(new ListKeyRotationsCommand({ KeyId: ID }));
    expect(Rotations).toMatchObject([{ RotationDate: new Date('2026-02-01T00:00:00Z'), RotationType: 'ON_DEMAND' }]);
    after.reset();
    expect((await administrator(after).send(decrypt)).Plaintext).toEqual(Uint8Array.of(7));
  });

  test('changes no material of a key that is there, nor its past, and says so by file, key and what to do', async () => {
    const [first, second] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
    const rotatedAt = '2026-02-01T00:00:00Z';
    const content = (more: object) => ({ version: 1, keys: [{ keyId: ID, name: 'Orders', ...more }] });
    const seed = seedOf(content({ material: [{ base64: first }] }));
    const kms = createLocalKms({ seed });
    const admin = administrator(kms);
    const told = (more: object): readonly string[] => {
      writeFileSync(seed, JSON.stringify(content(more)));
      kms.update();
      return kms.problems;
    };
    const { CiphertextBlob } = await admin.send(new EncryptCommand({ KeyId: ID, Plaintext: Buffer.from('kept') }));
    await admin.send(new RotateKeyOnDemandCommand({ KeyId: ID }));
    // Rotations of calls come after what the file says; to say nothing of the material is to leave it.
    expect(told({ material: [{ base64: first }], description: 'new' })).toEqual([]);
    expect(told({ description: 'newer' })).toEqual([]);
    const wrong = (what: string) => [
      `key Orders was not changed: ${seed} says another ${what} than the key has, which stays as it was made; say what the file said before, give the new key another keyId, or begin anew, by reset() or without the folder of the state`,
    ];
    expect(told({ material: [{ base64: second }], description: 'newest' })).toEqual(wrong('material'));
    expect(told({ material: [{ base64: first }, { base64: second, rotatedAt }] })).toEqual(wrong('material'));
    expect(told({ keySpec: 'HMAC_256', material: [{ base64: second }] })).toEqual(wrong('KeySpec and KeyUsage'));
    expect(told({ creationDate: rotatedAt, keyState: 'PendingDeletion' })).toEqual(wrong('creationDate and keyState'));
    const { KeyMetadata } = await admin.send(new DescribeKeyCommand({ KeyId: ID }));
    expect(KeyMetadata).toMatchObject({ Description: 'newer', KeyState: 'Enabled' });
    await admin.send(new DecryptCommand({ CiphertextBlob }));
    expect(told({ material: [{ base64: second }, { base64: first, rotatedAt }] })).toEqual(wrong('material'));
    kms.reset();
    expect(kms.problems).toEqual([]);
    expect(told({ material: [{ base64: second }, { base64: first, rotatedAt: '2026-03-01T00:00:00Z' }] })).toEqual(
      wrong('date of rotation'),
    );
    const elsewhere = createLocalKms({ seed: seedOf(content({ material: [{ base64: second }] })) });
    const sealed = await admin.send(new EncryptCommand({ KeyId: ID, Plaintext: Buffer.from('x') }));
    expect((await failure(administrator(elsewhere).send(new DecryptCommand(sealed)))).name).toBe(
      'InvalidCiphertextException',
    );
  });

  test('with other material than what a state keeps is told of at the start', async () => {
    const content = () => ({
      version: 1,
      keys: [{ keyId: ID, material: [{ base64: randomBytes(32).toString('base64') }] }],
    });
    const [seed, state] = [seedOf(content()), join(folder, 'state')];
    await (await openLocalKms({ seed, state })).close();
    const same = await openLocalKms({ seed, state });
    expect(same.problems).toEqual([]);
    await same.close();
    writeFileSync(seed, JSON.stringify(content()));
    const changed = await openLocalKms({ seed, state });
    expect(changed.problems).toEqual([expect.stringContaining(`${seed} says another material than the key has`)]);
    await changed.close();
  });

  test('fixes the material of every key spec, as bytes or as a private key', () => {
    const lengths: Record<string, number> = {
      SYMMETRIC_DEFAULT: 32,
      HMAC_224: 28,
      HMAC_256: 32,
      HMAC_384: 48,
      HMAC_512: 64,
    };
    const curves: Record<string, string> = {
      ECC_NIST_P256: 'P-256',
      ECC_NIST_P384: 'P-384',
      ECC_NIST_P521: 'P-521',
      ECC_SECG_P256K1: 'secp256k1',
    };
    const der = (key: ReturnType<typeof generateKeyPairSync>['privateKey']) =>
      (key as unknown as { export(options: object): Buffer })
        .export({ format: 'der', type: 'pkcs8' })
        .toString('base64');
    const materialFor = (spec: string) => {
      const curve = curves[spec];
      if (curve !== undefined)
        return { pkcs8: der(generateKeyPairSync('ec', { namedCurve: curve }).privateKey as never) };
      if (spec === 'ECC_NIST_EDWARDS25519') return { pkcs8: der(generateKeyPairSync('ed25519').privateKey as never) };
      const bytes = lengths[spec] ?? (spec.startsWith('ML_KEM') ? 64 : 32);
      return { base64: randomBytes(bytes).toString('base64') };
    };
    // RSA keys take long to make.
    const specs = KEY_SPEC_NAMES.filter((spec) => spec !== 'SM2' && !spec.startsWith('RSA'));
    const keys = specs.map((keySpec, index) => ({
      keyId: `${String(index).padStart(8, '0')}-12ab-34cd-56ef-1234567890ab`,
      keySpec,
      keyUsage: KEY_SPECS[keySpec].usages[0],
      material: [materialFor(keySpec)],
    }));
    const kms = createLocalKms({ seed: seedOf({ version: 1, keys }) });
    expect([kms.keys().length, kms.problems]).toEqual([specs.length, []]);
  });

  test('stands beside an app, signs with a key in PEM, and is imported material where the origin says so', async () => {
    const keys = [
      { keyId: ID, keySpec: 'ECC_NIST_P256', keyUsage: 'SIGN_VERIFY', origin: 'EXTERNAL', material: [{ pkcs8: pem }] },
    ];
    const kms = createLocalKms({ app: LEDGER, seed: seedOf({ version: 1, keys }) });
    expect(keyArnOf(kms, 'Ledger/Key')).toMatch(/^arn/);
    const request = { KeyId: ID, Message: Buffer.of(1), SigningAlgorithm: 'ECDSA_SHA_256' } as const;
    await administrator(kms).send(new SignCommand(request));
    const { KeyMetadata } = await administrator(kms).send(new DescribeKeyCommand({ KeyId: ID }));
    expect(KeyMetadata).toMatchObject({ Origin: 'EXTERNAL', ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' });
  });

  test('that was changed is applied like an app', async () => {
    const seed = seedOf({ version: 1, keys: [{ keyId: ID, name: 'Orders' }] });
    const kms = createLocalKms({ seed });
    writeFileSync(seed, JSON.stringify({ version: 1, keys: [{ keyId: ID, name: 'Orders', aliases: ['alias/a'] }] }));
    expect(kms.update()).toMatchObject([{ kind: 'alias', name: 'alias/a', change: 'added' }]);
    writeFileSync(seed, JSON.stringify({ version: 1 }));
    expect(kms.update().map(({ kind, change }) => `${kind} ${change}`)).toEqual(['alias removed', 'key removed']);
    writeFileSync(seed, '{');
    expect(() => kms.update()).toThrow(expect.objectContaining({ code: 'INVALID_SEED' }));
  });
});

describe('a seed file that cannot be used', () => {
  const key = (more: object) => ({ version: 1, keys: [{ keyId: ID, ...more }] });

  test('is told with all that is wrong, each with its path', () => {
    expect(
      problems({
        version: 2,
        account: 111122223333,
        keys: [{ keyId: 'x', tags: [], extra: 1 }],
        principals: [{}],
      }).split('; '),
    ).toEqual([
      'version must be a whole number from 1 to 1, not 2',
      'account must be text, not a number',
      'put it in quotes',
      'keys[0].extra is no member',
      expect.stringMatching(/^there are keyId, name, /),
      'keys[0].keyId must be a UUID in small letters, or mrk- and 32 hexadecimal digits, not "x"',
      'keys[0].tags must be an object, not a list',
      'principals[0].name is missing',
    ]);
  });

  test.each<[string, object, RegExp]>([
    [
      'a usage of another spec',
      key({ keyUsage: 'SIGN_VERIFY' }),
      /keys\[0\]\.keyUsage SIGN_VERIFY is not one of SYMMETRIC/,
    ],
    ['no usage where there are two', key({ keySpec: 'RSA_2048' }), /keys\[0\]\.keyUsage is missing: RSA_2048 has/],
    ['a spec of other Regions', key({ keySpec: 'SM2', keyUsage: 'SIGN_VERIFY' }), /SM2 is not to be had in us-east-1/],
    [
      'material that is too short',
      key({ material: [{ base64: 'AAAA' }] }),
      /material\[0\] must have 32 bytes .* has 3/,
    ],
    ['bytes for a private key', key({ keySpec: 'HMAC_256', material: [{ pkcs8: pem }] }), /must have base64, 32 bytes/],
    [
      'a private key of another curve',
      key({ keySpec: 'ECC_NIST_P384', keyUsage: 'SIGN_VERIFY', material: [{ pkcs8: pem }] }),
      /material\[0\] has a private key that is not of spec ECC_NIST_P384/,
    ],
    [
      'a malformed policy',
      key({ keyPolicy: { Statement: [{ Effect: 'Maybe' }] } }),
      /keys\[0\]\.keyPolicy is malformed: .*Effect/,
    ],
    ['a thirteenth month', key({ creationDate: '2026-13-01T00:00:00Z' }), /creationDate is a date that there is not/],
    [
      'replicas of a single-Region key',
      key({ replicas: [{ region: 'eu-west-1' }] }),
      /replicas are of a multi-Region key/,
    ],
    ['a reserved alias', key({ aliases: ['alias/aws/s3'] }), /aliases\[0\] must be a name such as alias\/orders/],
    ['a state that cannot be', key({ keyState: 'PendingImport' }), /PendingImport is for a key of origin EXTERNAL/],
    ['a key twice', { version: 1, keys: [{ keyId: ID }, { keyId: ID }] }, /key arn:\S+ is there twice/],
  ])('has %s', (_what, content, message) => {
    expect(problems(content)).toMatch(message);
  });

  test('is not there, is no YAML, or stands for too much', () => {
    expect(() => createLocalKms({ seed: join(folder, 'none.yaml') })).toThrow(/there is no such file/);
    expect(problems('version: [', 'yaml')).toMatch(/^line 1, column \d+ is not YAML \(/);
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
      .split('')
      .map((name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdefgh'[index]}`).join()}]`)
      .join('\n')}`;
    expect(problems(bomb, 'yaml')).toMatch(/^its aliases do not fit/);
  });

  test('tells nothing of material in any problem', () => {
    const secret = 'c2VjcmV0IG1hdGVyaWFsIG9mIGEga2V5';
    for (const content of [
      key({ material: [{ base64: secret }] }),
      key({ material: [{ base64: `${secret}!` }] }),
      key({ material: [{ pkcs8: secret }] }),
      key({
        keySpec: 'RSA_2048',
        keyUsage: 'SIGN_VERIFY',
        material: [{ pkcs8: `-----BEGIN PRIVATE KEY-----\n${secret}` }],
      }),
      `keys: [{ material: [{ base64: "${secret}`,
      `version: 1\nversion: *${secret}\n`,
    ]) {
      expect(problems(content, 'yaml')).not.toContain(secret);
    }
  });
});

describe('the JSON Schema of seed files', () => {
  const validate = new Ajv({ strict: true, allErrors: true }).compile(seedJsonSchema());

  test.each<[string, unknown]>([
    ['nothing', {}],
    ['a version', { version: 1 }],
    ['another version', { version: 2 }],
    [
      'a whole key',
      { version: 1, keys: [{ keyId: ID, keySpec: 'HMAC_256', tags: { a: '' }, material: [{ base64: 'AAAA' }] }] },
    ],
    ['a key without an id', { version: 1, keys: [{}] }],
    ['an unknown spec', { version: 1, keys: [{ keyId: ID, keySpec: 'X' }] }],
    ['an unknown member', { version: 1, keys: [{ keyId: ID, x: 1 }] }],
    ['a tag that is a number', { version: 1, keys: [{ keyId: ID, tags: { a: 1 } }] }],
    ['an account that is a number', { version: 1, account: 111122223333 }],
    ['a date of a day', { version: 1, keys: [{ keyId: ID, creationDate: '2026-01-31' }] }],
    ['a window of a year', { version: 1, keys: [{ keyId: ID, pendingWindowInDays: 365 }] }],
    ['half a day', { version: 1, keys: [{ keyId: ID, pendingWindowInDays: 7.5 }] }],
    ['a policy of text', { version: 1, keys: [{ keyId: ID, keyPolicy: '{}' }] }],
    ['a user', { version: 1, principals: [{ name: 'jane', type: 'user', policies: [{}] }] }],
    ['a list', []],
    ['null', null],
  ])('says of %s what the reader says', (_what, value) => {
    expect(validate(value)).toBe(problemsOf(SEED, value, '').length === 0);
  });
});
