import { createLocalKms } from '@cdk-keysmith/local-kms';
import { raw } from './support.ts';

const ARN = 'arn:aws:kms:us-east-1:111122223333';
const ROOT = 'arn:aws:iam::111122223333:root';

function setUp() {
  const kms = createLocalKms();
  const ask = async (operation: string, body: object = {}) => (await raw(kms, operation, body)).body;
  const newKey = async (input: object = {}) =>
    ((await ask('CreateKey', input))['KeyMetadata'] as { KeyId: string; Arn: string }).KeyId;
  return { kms, ask, newKey };
}

describe('aliases', () => {
  test('move to another key, with their date of creation, and are deleted', async () => {
    const { kms, ask, newKey } = setUp();
    const [one, other] = [await newKey(), await newKey()];
    await ask('CreateAlias', { AliasName: 'alias/moving', TargetKeyId: one });
    expect(await ask('UpdateAlias', { AliasName: 'alias/moving', TargetKeyId: other })).toEqual({});
    const { KeyId } = (await ask('DescribeKey', { KeyId: 'alias/moving' }))['KeyMetadata'] as { KeyId: string };
    expect(KeyId).toBe(other);
    expect((await ask('ListAliases', { KeyId: one }))['Aliases']).toEqual([]);
    expect(kms.events.find(({ eventName }) => eventName === 'UpdateAlias')?.resources.map(({ type }) => type)).toEqual([
      'AWS::KMS::Key',
      'AWS::KMS::Key',
      'AWS::KMS::Alias',
    ]);
    expect(await ask('DeleteAlias', { AliasName: 'alias/moving' })).toEqual({});
    expect(await ask('DeleteAlias', { AliasName: 'alias/moving' })).toEqual({
      __type: 'NotFoundException',
      message: `Alias ${ARN}:alias/moving is not found.`,
    });
  });

  test('do not move to a key of another type or usage', async () => {
    const { ask, newKey } = setUp();
    const signing = await newKey({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
    const agreeing = await newKey({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' });
    const AliasName = 'alias/staying';
    await ask('CreateAlias', { AliasName, TargetKeyId: signing });
    for (const TargetKeyId of [await newKey(), agreeing]) {
      expect((await ask('UpdateAlias', { AliasName, TargetKeyId }))['__type']).toBe('ValidationException');
    }
  });

  test.each(['UpdateAlias', 'DeleteAlias'])(
    '%s takes names of aliases only, and no reserved ones',
    async (operation) => {
      const { ask, newKey } = setUp();
      const TargetKeyId = await newKey();
      const withName = async (AliasName: string) => (await ask(operation, { AliasName, TargetKeyId }))['__type'];
      expect(await withName('moving')).toBe('ValidationException');
      expect(await withName('alias/aws/s3')).toBe('NotAuthorizedException');
    },
  );
});

describe('tags', () => {
  const tag = (TagKey: string, TagValue: string) => ({ TagKey, TagValue });

  test('keep their place when they change; new ones follow; those that are taken off are gone', async () => {
    const { ask, newKey } = setUp();
    const KeyId = await newKey({ Tags: [tag('tag1', 'a'), tag('tag2', 'b'), tag('tag3', 'c')] });
    expect(await ask('TagResource', { KeyId, Tags: [tag('tag4', 'd'), tag('tag2', 'new')] })).toEqual({});
    const Tags = [tag('tag1', 'a'), tag('tag2', 'new'), tag('tag3', 'c'), tag('tag4', 'd')];
    expect(await ask('ListResourceTags', { KeyId })).toEqual({ Tags, Truncated: false });
    expect(await ask('UntagResource', { KeyId, TagKeys: ['tag1', 'tag3', 'absent'] })).toEqual({});
    expect((await ask('ListResourceTags', { KeyId }))['Tags']).toEqual([tag('tag2', 'new'), tag('tag4', 'd')]);
  });

  test('are 50 at most, each once, and none of AWS', async () => {
    const { ask, newKey } = setUp();
    const many = (from: number, count: number) => Array.from({ length: count }, (_, i) => tag(`k${from + i}`, 'v'));
    const KeyId = await newKey({ Tags: many(0, 50) });
    expect(await ask('TagResource', { KeyId, Tags: many(0, 50) })).toEqual({});
    for (const [Tags, message] of [
      [many(50, 1), 'Too many tags'],
      [[tag('a', 'b'), tag('a', 'c')], 'Duplicate tag keys'],
      [[tag('AWS:a', 'b')], 'Tags beginning with aws: are reserved'],
    ]) {
      expect(await ask('TagResource', { KeyId, Tags })).toEqual({ __type: 'TagException', message });
    }
  });

  test('come in pages of at most 50, which end exactly', async () => {
    const { ask, newKey } = setUp();
    const Tags = Array.from({ length: 6 }, (_, i) => tag(`k${9 - i}`, 'v'));
    const KeyId = await newKey({ Tags });
    const first = await ask('ListResourceTags', { KeyId, Limit: 3 });
    expect(first).toEqual({ NextMarker: expect.any(String), Tags: Tags.slice(0, 3), Truncated: true });
    const second = await ask('ListResourceTags', { KeyId, Limit: 3, Marker: first['NextMarker'] });
    expect(second).toEqual({ Tags: Tags.slice(3), Truncated: false });
    expect((await ask('ListResourceTags', { KeyId, Limit: 51 }))['__type']).toBe('ValidationException');
    const other = await newKey();
    const foreign = await ask('ListResourceTags', { KeyId: other, Marker: first['NextMarker'] });
    expect(foreign).toEqual({ __type: 'InvalidMarkerException' });
  });

  test('decide by aws:ResourceTag and aws:TagKeys', async () => {
    const { kms, ask, newKey } = setUp();
    const KeyId = await newKey({ Tags: [tag('open', 'yes')] });
    const deny = (Action: string, Condition: object) => ({
      Effect: 'Deny',
      Principal: '*',
      Action,
      Resource: '*',
      Condition,
    });
    const Policy = JSON.stringify({
      Statement: [
        { Effect: 'Allow', Principal: { AWS: ROOT }, Action: 'kms:*', Resource: '*' },
        deny('kms:UntagResource', { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'open' } }),
        deny('kms:Encrypt', { StringNotEquals: { 'aws:ResourceTag/open': 'yes' } }),
      ],
    });
    expect(await ask('PutKeyPolicy', { KeyId, Policy })).toEqual({});
    expect((await ask('UntagResource', { KeyId, TagKeys: ['open'] }))['__type']).toBe('AccessDeniedException');
    expect((await ask('UntagResource', { KeyId, TagKeys: ['other'] }))['__type']).toBeUndefined();
    expect((await ask('Encrypt', { KeyId, Plaintext: 'AAAA' }))['__type']).toBeUndefined();
    await ask('TagResource', { KeyId, Tags: [tag('open', 'no')] });
    expect((await ask('Encrypt', { KeyId, Plaintext: 'AAAA' }))['__type']).toBe('AccessDeniedException');
    expect(kms.events.at(-1)?.decision?.verdict).toBe('denied');
  });
});

describe('key policies', () => {
  const policy = (principal: string) =>
    JSON.stringify({
      Statement: [{ Effect: 'Allow', Principal: { AWS: principal }, Action: 'kms:*', Resource: '*' }],
    });

  test('are read as they were put, and have one name', async () => {
    const { ask, newKey } = setUp();
    const KeyId = await newKey();
    await ask('PutKeyPolicy', { KeyId, PolicyName: 'default', Policy: policy(ROOT) });
    expect(await ask('GetKeyPolicy', { KeyId })).toEqual({ Policy: policy(ROOT), PolicyName: 'default' });
    expect(await ask('ListKeyPolicies', { KeyId })).toEqual({ PolicyNames: ['default'], Truncated: false });
    const other = await ask('PutKeyPolicy', { KeyId, PolicyName: 'other', Policy: policy(ROOT) });
    expect(other['__type']).toBe('NotFoundException');
  });

  test('do not lock out whoever puts them, unless that is asked for', async () => {
    const { ask, newKey } = setUp();
    const KeyId = await newKey();
    const Policy = policy('arn:aws:iam::444455556666:root');
    expect(await ask('PutKeyPolicy', { KeyId, Policy })).toEqual({
      __type: 'MalformedPolicyDocumentException',
      message: 'The new key policy will not allow you to update the key policy in the future.',
    });
    expect(await ask('PutKeyPolicy', { KeyId, Policy, BypassPolicyLockoutSafetyCheck: true })).toEqual({});
    expect((await ask('DescribeKey', { KeyId }))['__type']).toBe('AccessDeniedException');
  });

  test.each([
    ['{', 'MalformedPolicyDocumentException'],
    ['{"Statement":[{"Effect":"Perhaps"}]}', 'MalformedPolicyDocumentException'],
    [`{"Id":"${'x'.repeat(32_768)}"}`, 'LimitExceededException'],
  ])('that are none are refused %#', async (Policy, name) => {
    const { ask, newKey } = setUp();
    expect((await ask('PutKeyPolicy', { KeyId: await newKey(), Policy }))['__type']).toBe(name);
  });
});

test('a description changes, to none as well', async () => {
  const { ask, newKey } = setUp();
  const KeyId = await newKey({ Description: 'before' });
  for (const Description of ['after', '']) {
    await ask('UpdateKeyDescription', { KeyId, Description });
    expect((await ask('DescribeKey', { KeyId }))['KeyMetadata']).toMatchObject({ Description });
  }
  expect((await ask('UpdateKeyDescription', { KeyId, Description: 'x'.repeat(8193) }))['__type']).toBe(
    'ValidationException',
  );
});

describe('custom key stores: an account that has none', () => {
  const CustomKeyStoreId = 'cks-1234567890abcdef0';

  test('lists none', async () => {
    const { ask } = setUp();
    expect(await ask('DescribeCustomKeyStores')).toEqual({ CustomKeyStores: [], Truncated: false });
  });

  test.each([
    ['ConnectCustomKeyStore', { CustomKeyStoreId }],
    ['DisconnectCustomKeyStore', { CustomKeyStoreId }],
    ['DeleteCustomKeyStore', { CustomKeyStoreId }],
    ['UpdateCustomKeyStore', { CustomKeyStoreId, NewCustomKeyStoreName: 'new' }],
    ['DescribeCustomKeyStores', { CustomKeyStoreId }],
    ['DescribeCustomKeyStores', { CustomKeyStoreName: 'store' }],
    ['GenerateRandom', { NumberOfBytes: 1, CustomKeyStoreId }],
    ['CreateKey', { Origin: 'AWS_CLOUDHSM', CustomKeyStoreId }],
  ])('%s finds none %#', async (operation, body) => {
    expect(await setUp().ask(operation, body)).toEqual({ __type: 'CustomKeyStoreNotFoundException' });
  });

  const proxy = {
    CustomKeyStoreType: 'EXTERNAL_KEY_STORE',
    XksProxyUriEndpoint: 'https://proxy.example.com',
    XksProxyUriPath: '/kms/xks/v1',
    XksProxyAuthenticationCredential: { AccessKeyId: 'A'.repeat(20), RawSecretAccessKey: 's'.repeat(43) },
  };
  const cluster = { CloudHsmClusterId: 'cluster-abcdefghijk', TrustAnchorCertificate: 'certificate' };
  test.each([
    [{ ...cluster, KeyStorePassword: 'a secret 1' }, 'CloudHsmClusterNotFoundException'],
    [cluster, 'ValidationException'],
    [{ ...proxy, XksProxyConnectivity: 'PUBLIC_ENDPOINT' }, 'XksProxyUriUnreachableException'],
    [{ ...proxy, XksProxyConnectivity: 'VPC_ENDPOINT_SERVICE' }, 'XksProxyVpcEndpointServiceNotFoundException'],
    [proxy, 'ValidationException'],
  ])('makes none %#', async (body, name) => {
    const answer = await setUp().ask('CreateCustomKeyStore', { CustomKeyStoreName: 'store', ...body });
    expect(answer['__type']).toBe(name);
  });

  test('shows no secret of a key store, neither in an event nor in an error', async () => {
    const { kms, ask } = setUp();
    const secrets = ['hunter', 'secret that is far too long for the password of a key store'];
    for (const KeyStorePassword of secrets) {
      await ask('UpdateCustomKeyStore', {
        CustomKeyStoreId,
        KeyStorePassword,
        ...proxy,
        CustomKeyStoreType: undefined,
      });
      expect(JSON.stringify(kms.events)).not.toContain(KeyStorePassword);
    }
    expect(JSON.stringify(kms.events)).not.toContain('s'.repeat(43));
    expect(JSON.stringify(kms.events)).not.toContain('A'.repeat(20));
  });
});
