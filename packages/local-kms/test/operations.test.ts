import * as sdk from '@aws-sdk/client-kms';
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  GetKeyPolicyCommand,
  ListKeysCommand,
  paginateListAliases,
  paginateListKeys,
} from '@aws-sdk/client-kms';
import { OPERATIONS } from '@cdk-keysmith/access';
import { createLocalKms } from '@cdk-keysmith/local-kms';
import { OPERATION_TABLE } from '../src/operations/table.ts';
import { administrator, failure, newKey, raw } from './support.ts';

const ACCOUNT = 'arn:aws:kms:us-east-1:111122223333';
const NO_KEY = '5d5f9b5e-0f7c-4d6b-8a53-1c7a5a4f8a10';

describe('the operation table', () => {
  const commands = Object.keys(sdk)
    .filter((name) => /^[A-Z]\w+Command$/.test(name))
    .map((name) => name.replace(/Command$/, ''));

  test('has exactly the commands of the SDK', () => {
    expect([...OPERATION_TABLE.keys()].sort()).toEqual(commands.sort());
  });

  test('asks for the permissions that the authorization engine has for the operation', () => {
    for (const [name, { permissions }] of OPERATION_TABLE) {
      const asked = permissions.filter(({ when }) => when === undefined).map(({ action }) => action);
      expect([name, [...new Set(asked)]]).toEqual([name, OPERATIONS.get(name)?.actions]);
    }
  });

  test('knows no other operation', async () => {
    const kms = createLocalKms();
    expect((await raw(kms, 'toString', {})).body).toEqual({ __type: 'UnknownOperationException' });
    expect(kms.events.at(-1)?.explanation).toBe('KMS has no operation of this name');
  });
});

describe('a request that is not what the operation takes', () => {
  const member = (rule: string) => `failed to satisfy constraint: ${rule}`;
  test.each([
    [
      'Encrypt',
      { Plaintext: 'AAAA' },
      `1 validation error detected: Value null at 'keyId' ${member('Member must not be null')}`,
    ],
    [
      'Encrypt',
      { KeyId: null, Plaintext: 'AAAA' },
      `1 validation error detected: Value null at 'keyId' ${member('Member must not be null')}`,
    ],
    [
      'DescribeKey',
      { KeyId: '' },
      `1 validation error detected: Value '' at 'keyId' ${member('Member must have length greater than or equal to 1')}`,
    ],
    [
      'Encrypt',
      { KeyId: 'a', Plaintext: '' },
      `1 validation error detected: Value at 'plaintext' ${member('Member must have length greater than or equal to 1')}`,
    ],
    [
      'Decrypt',
      { CiphertextBlob: 'A'.repeat(8196) },
      `1 validation error detected: Value at 'ciphertextBlob' ${member('Member must have length less than or equal to 6144')}`,
    ],
    ['Decrypt', {}, `1 validation error detected: Value null at 'ciphertextBlob' ${member('Member must not be null')}`],
    [
      'ListKeys',
      { Limit: 0 },
      `1 validation error detected: Value '0' at 'limit' ${member('Member must have value greater than or equal to 1')}`,
    ],
    [
      'ListKeys',
      { Limit: 1001 },
      `1 validation error detected: Value '1001' at 'limit' ${member('Member must have value less than or equal to 1000')}`,
    ],
    [
      'ListAliases',
      { Limit: 101 },
      `1 validation error detected: Value '101' at 'limit' ${member('Member must have value less than or equal to 100')}`,
    ],
    [
      'GenerateDataKey',
      { KeyId: 'a', KeySpec: 'AES_192' },
      `1 validation error detected: Value 'AES_192' at 'keySpec' ${member('Member must satisfy enum value set: [AES_256, AES_128]')}`,
    ],
    [
      'ScheduleKeyDeletion',
      { KeyId: 'a', PendingWindowInDays: 6 },
      `1 validation error detected: Value '6' at 'pendingWindowInDays' ${member('Member must have value greater than or equal to 7')}`,
    ],
    [
      'GenerateDataKey',
      { KeySpec: 'X', NumberOfBytes: 1025 },
      `3 validation errors detected: Value null at 'keyId' ${member('Member must not be null')}; Value '1025' at 'numberOfBytes' ${member('Member must have value less than or equal to 1024')}; Value 'X' at 'keySpec' ${member('Member must satisfy enum value set: [AES_256, AES_128]')}`,
    ],
    [
      'CreateKey',
      { KeySpec: 'RSA_2048' },
      'You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.',
    ],
    [
      'CreateKey',
      { KeySpec: 'HMAC_256', KeyUsage: 'SIGN_VERIFY' },
      'KeyUsage SIGN_VERIFY is not compatible with KeySpec HMAC_256',
    ],
  ])('%s %j is a ValidationException that says which rule', async (operation, body, message) => {
    const answer = await raw(createLocalKms(), operation, body);
    expect([answer.status, answer.body]).toEqual([400, { __type: 'ValidationException', message }]);
  });

  test.each([
    ['Encrypt', 'not JSON'],
    ['Encrypt', '[]'],
    ['Encrypt', { KeyId: 1 }],
    ['Encrypt', { KeyId: 'a', Plaintext: 'no base64!' }],
    ['Encrypt', { KeyId: 'a', Plaintext: 'AAAA', EncryptionContext: { a: 1 } }],
    ['Encrypt', { KeyId: 'a', Plaintext: 'AAAA', EncryptionContext: 'a' }],
    ['ListKeys', { Limit: '10' }],
    ['ListKeys', { Limit: 1.5 }],
    ['CreateKey', { MultiRegion: 'true' }],
    ['CreateKey', { Tags: {} }],
  ])('%s %j is a SerializationException', async (operation, body) => {
    const answer = await raw(createLocalKms(), operation, body);
    expect([answer.status, answer.body]).toEqual([400, { __type: 'SerializationException' }]);
  });

  test('never repeats a plaintext', async () => {
    const kms = createLocalKms();
    const secret = Buffer.alloc(4097, 'secret').toString('base64');
    const answer = await raw(kms, 'Encrypt', { KeyId: 'a', Plaintext: secret });
    expect(JSON.stringify([answer.body, kms.events])).not.toContain(secret.slice(0, 40));
  });

  test('may have members that nobody knows', async () => {
    expect((await raw(createLocalKms(), 'ListKeys', { Future: { member: true } })).status).toBe(200);
  });
});

describe('keys', () => {
  test('are described alike by id, ARN, alias name and alias ARN', async () => {
    const client = administrator(createLocalKms());
    const { id, arn } = await newKey(client);
    await client.send(new CreateAliasCommand({ AliasName: 'alias/one', TargetKeyId: arn }));
    for (const KeyId of [id, arn, 'alias/one', `${ACCOUNT}:alias/one`]) {
      expect((await client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.Arn).toBe(arn);
    }
  });

  test.each([
    [NO_KEY, 'NotFoundException', `Key '${ACCOUNT}:key/${NO_KEY}' does not exist`],
    [`${ACCOUNT}:key/${NO_KEY}`, 'NotFoundException', `Key '${ACCOUNT}:key/${NO_KEY}' does not exist`],
    ['no-uuid', 'NotFoundException', "Invalid keyId 'no-uuid'"],
    [NO_KEY.replaceAll('-', ''), 'NotFoundException', `Invalid keyId '${NO_KEY.replaceAll('-', '')}'`],
    ['mrk-1234', 'NotFoundException', "Invalid keyId 'mrk-1234'"],
    [`arn:aws:kms:eu-west-1:111122223333:key/${NO_KEY}`, 'NotFoundException', 'Invalid arn eu-west-1'],
    ['alias/none', 'NotFoundException', `Alias ${ACCOUNT}:alias/none is not found.`],
    [`${ACCOUNT}:alias/none`, 'NotFoundException', `Alias ${ACCOUNT}:alias/none is not found.`],
    ['arn:aws:s3:::bucket', 'InvalidArnException', undefined],
    [`arn:aws-cn:kms:us-east-1:111122223333:key/${NO_KEY}`, 'InvalidArnException', undefined],
    ['__proto__', 'NotFoundException', "Invalid keyId '__proto__'"],
  ])('called %s do not exist: %s', async (KeyId, exception, message) => {
    const { status, body } = await raw(createLocalKms(), 'DescribeKey', { KeyId });
    expect([status, body]).toEqual([400, { __type: exception, ...(message !== undefined && { message }) }]);
  });

  test('have a default policy that delegates to the account, or the one they were made with', async () => {
    const client = administrator(createLocalKms());
    const { arn } = await newKey(client);
    const { Policy, PolicyName } = await client.send(new GetKeyPolicyCommand({ KeyId: arn }));
    expect(PolicyName).toBe('default');
    expect(JSON.parse(Policy ?? '')).toEqual({
      Version: '2012-10-17',
      Id: 'key-default-1',
      Statement: [
        {
          Sid: 'Enable IAM User Permissions',
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::111122223333:root' },
          Action: 'kms:*',
          Resource: '*',
        },
      ],
    });
    const own = JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'kms:*', Resource: '*' },
    });
    const { KeyMetadata } = await client.send(new CreateKeyCommand({ Policy: own }));
    expect((await client.send(new GetKeyPolicyCommand({ KeyId: KeyMetadata?.KeyId }))).Policy).toBe(own);
  });

  test.each([
    ['{}', 'MalformedPolicyDocumentException'],
    ['no JSON', 'MalformedPolicyDocumentException'],
    ['{"Version":"2012-10-17","Statement":[]}', 'MalformedPolicyDocumentException'],
    [`{"Version":"2012-10-17","Statement":[],"Id":"${'x'.repeat(33000)}"}`, 'LimitExceededException'],
  ])('cannot be made with the policy %.40s', async (Policy, exception) => {
    const { body } = await raw(createLocalKms(), 'CreateKey', { Policy });
    expect(body['__type']).toBe(exception);
  });

  test('cannot be made with a policy that locks its maker out, unless that is asked for', async () => {
    const client = administrator(createLocalKms());
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'kms:DescribeKey', Resource: '*' }],
    });
    expect(await failure(client.send(new CreateKeyCommand({ Policy })))).toMatchObject({
      name: 'MalformedPolicyDocumentException',
      message: 'The new key policy will not allow you to update the key policy in the future.',
    });
    await expect(
      client.send(new CreateKeyCommand({ Policy, BypassPolicyLockoutSafetyCheck: true })),
    ).resolves.toBeDefined();
  });

  test('of a multi-Region kind have an mrk- id and say that they are the primary', async () => {
    const client = administrator(createLocalKms());
    const { KeyMetadata } = await client.send(new CreateKeyCommand({ MultiRegion: true }));
    expect(KeyMetadata?.KeyId).toMatch(/^mrk-[0-9a-f]{32}$/);
    expect(KeyMetadata?.MultiRegionConfiguration).toEqual({
      MultiRegionKeyType: 'PRIMARY',
      PrimaryKey: { Arn: KeyMetadata?.Arn, Region: 'us-east-1' },
      ReplicaKeys: [],
    });
  });

  test.each([
    [{ KeySpec: 'SM2', KeyUsage: 'SIGN_VERIFY' }, 'UnsupportedOperationException'],
    [{ KeySpec: 'ML_DSA_44', KeyUsage: 'SIGN_VERIFY', Origin: 'EXTERNAL' }, 'UnsupportedOperationException'],
    [{ Origin: 'AWS_CLOUDHSM', CustomKeyStoreId: 'cks-1' }, 'CustomKeyStoreNotFoundException'],
    [
      {
        Tags: [
          { TagKey: 'a', TagValue: '' },
          { TagKey: 'a', TagValue: '' },
        ],
      },
      'TagException',
    ],
    [{ Tags: [{ TagKey: 'AWS:x', TagValue: '' }] }, 'TagException'],
  ] as const)('cannot be made as %j', async (input, exception) => {
    expect((await raw(createLocalKms(), 'CreateKey', input)).body['__type']).toBe(exception);
  });

  test('of two accounts and two Regions know nothing of each other', async () => {
    const kms = createLocalKms();
    const here = administrator(kms);
    await newKey(here);
    for (const other of [administrator(kms, '444455556666'), administrator(kms, undefined, { region: 'eu-west-1' })]) {
      expect((await other.send(new ListKeysCommand({}))).Keys).toEqual([]);
      const { arn } = await newKey(other);
      expect((await other.send(new ListKeysCommand({}))).Keys?.map(({ KeyArn }) => KeyArn)).toEqual([arn]);
    }
    expect((await here.send(new ListKeysCommand({}))).Keys).toHaveLength(1);
    expect(kms.keys()).toHaveLength(3);
  });
});

describe('aliases', () => {
  test.each([
    ['ledger', 'ValidationException'],
    ['alias/', 'ValidationException'],
    ['alias/with space', 'ValidationException'],
    ['alias/aws/s3', 'NotAuthorizedException'],
  ])('cannot be called %s', async (AliasName, exception) => {
    const kms = createLocalKms();
    const { id } = await newKey(administrator(kms));
    expect((await raw(kms, 'CreateAlias', { AliasName, TargetKeyId: id })).body['__type']).toBe(exception);
  });

  test('exist once', async () => {
    const client = administrator(createLocalKms());
    const { id } = await newKey(client);
    const create = () => client.send(new CreateAliasCommand({ AliasName: 'alias/a', TargetKeyId: id }));
    await create();
    expect(await failure(create())).toMatchObject({
      name: 'AlreadyExistsException',
      message: `An alias with the name ${ACCOUNT}:alias/a already exists`,
    });
  });

  test('cannot name a key for an operation that takes none, and are at most 50 for a key', async () => {
    const client = administrator(createLocalKms());
    const { id } = await newKey(client);
    for (let i = 0; i < 50; i++)
      await client.send(new CreateAliasCommand({ AliasName: `alias/${i}`, TargetKeyId: id }));
    const one = client.send(new CreateAliasCommand({ AliasName: 'alias/50', TargetKeyId: id }));
    expect((await failure(one)).name).toBe('LimitExceededException');
    expect(await failure(client.send(new DisableKeyCommand({ KeyId: 'alias/1' })))).toMatchObject({
      name: 'InvalidArnException',
      message: 'Key Aliases are not supported for this operation.',
    });
  });
});

describe('pages', () => {
  test('give every key and alias once, at the sizes asked for, also while others come and go', async () => {
    const client = administrator(createLocalKms());
    const made = [];
    for (let i = 0; i < 25; i++) made.push((await newKey(client)).arn);
    const seen: (string | undefined)[] = [];
    const sizes: number[] = [];
    for await (const page of paginateListKeys({ client, pageSize: 10 }, {})) {
      sizes.push(page.Keys?.length ?? 0);
      seen.push(...(page.Keys ?? []).map(({ KeyArn }) => KeyArn));
      expect(page.Truncated).toBe(page.NextMarker !== undefined);
    }
    expect(sizes).toEqual([10, 10, 5]);
    expect(seen.sort()).toEqual(made.sort());
  });

  test('of one key list its aliases only', async () => {
    const client = administrator(createLocalKms());
    const [one, other] = [await newKey(client), await newKey(client)];
    for (const name of ['c', 'a', 'b']) {
      await client.send(new CreateAliasCommand({ AliasName: `alias/${name}`, TargetKeyId: one.id }));
    }
    await client.send(new CreateAliasCommand({ AliasName: 'alias/other', TargetKeyId: other.id }));
    const names: (string | undefined)[] = [];
    for await (const page of paginateListAliases({ client, pageSize: 1 }, { KeyId: one.arn })) {
      names.push(...(page.Aliases ?? []).map(({ AliasName }) => AliasName));
    }
    expect(names).toEqual(['alias/a', 'alias/b', 'alias/c']);
  });

  test('refuse a marker that is not one of this list', async () => {
    const kms = createLocalKms();
    const client = administrator(kms);
    await newKey(client);
    await newKey(client);
    const { NextMarker } = await client.send(new ListKeysCommand({ Limit: 1 }));
    const INVALID = { __type: 'InvalidMarkerException' };
    for (const Marker of ['x', 'AAAAAAAAAAAAAAAA', `${NextMarker}A`]) {
      expect((await raw(kms, 'ListKeys', { Marker })).body).toEqual(INVALID);
    }
    expect((await raw(kms, 'ListAliases', { Marker: NextMarker })).body).toEqual(INVALID);
  });
});
