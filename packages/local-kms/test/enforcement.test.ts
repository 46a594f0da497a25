import {
  CreateAliasCommand,
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GetKeyPolicyCommand,
  ListAliasesCommand,
  ListKeysCommand,
  ReEncryptCommand,
} from '@aws-sdk/client-kms';
import { createLocalKms, type LocalKmsEvent } from '@cdk-keysmith/local-kms';
import { administrator, clientAs, failure, keyArnOf, LEDGER, raw } from './support.ts';

const WRITER = 'arn:aws:sts::111122223333:assumed-role/Ledger-WriterRole/Ledger-WriterFunction';
const READER = 'arn:aws:sts::111122223333:assumed-role/ledger-reader/local-kms';
const OWN = { service: 'ledger', tenant: 'a' };

function denied(who: string, action: string, resource: string, why: string) {
  return {
    name: 'AccessDeniedException',
    message: `User: ${who} is not authorized to perform: ${action} on resource: ${resource} ${why}`,
  };
}

describe('policies of the app', () => {
  test('let a function do what it was granted, under the encryption context that it was granted for', async () => {
    const kms = createLocalKms({ app: LEDGER });
    const key = keyArnOf(kms, 'Ledger/Key');
    const generate = (EncryptionContext: Record<string, string>) =>
      clientAs(kms, 'Writer').send(new GenerateDataKeyCommand({ KeyId: key, KeySpec: 'AES_256', EncryptionContext }));
    await expect(generate(OWN)).resolves.toMatchObject({ KeyId: key });
    const refusal = denied(
      WRITER,
      'kms:GenerateDataKey',
      key,
      'because no identity-based policy allows the kms:GenerateDataKey action',
    );
    for (const context of [
      {},
      { service: 'ledger' },
      { service: 'other', tenant: 'a' },
      { Service: 'ledger ', tenant: '' },
    ]) {
      expect(await failure(generate(context as Record<string, string>))).toMatchObject(refusal);
    }
  });

  test('deny a function what it was not granted, and say in the event what is missing', async () => {
    const kms = createLocalKms({ app: LEDGER });
    const key = keyArnOf(kms, 'Ledger/Key');
    const { CiphertextBlob } = await clientAs(kms, 'Writer').send(
      new GenerateDataKeyCommand({ KeyId: key, KeySpec: 'AES_256', EncryptionContext: OWN }),
    );
    const decrypt = new DecryptCommand({ CiphertextBlob, EncryptionContext: OWN });
    expect(await failure(clientAs(kms, 'Writer').send(decrypt))).toMatchObject({ name: 'AccessDeniedException' });
    expect(kms.events.at(-1)?.decision).toMatchObject({
      verdict: 'denied',
      reasons: expect.arrayContaining([expect.stringContaining('no identity policy of Ledger/Writer/ServiceRole')]),
    });
    await expect(clientAs(kms, 'Ledger/Reader').send(decrypt)).resolves.toBeDefined();
  });

  test('that deny explicitly win over every permission', async () => {
    const kms = createLocalKms({ app: LEDGER });
    const admin = administrator(kms);
    const key = keyArnOf(kms, 'Ledger/Key');
    const { CiphertextBlob } = await admin.send(new EncryptCommand({ KeyId: key, Plaintext: Buffer.from('x') }));
    expect(await failure(admin.send(new ReEncryptCommand({ CiphertextBlob, DestinationKeyId: key })))).toMatchObject(
      denied(
        'arn:aws:iam::111122223333:root',
        'kms:ReEncryptFrom',
        key,
        'with an explicit deny in a resource-based policy',
      ),
    );
    const { KeyMetadata } = await admin.send(new CreateKeyCommand({}));
    const elsewhere = new ReEncryptCommand({ CiphertextBlob, DestinationKeyId: KeyMetadata?.Arn });
    await expect(admin.send(elsewhere)).resolves.toBeDefined();
  });

  test('of a key decide about the administrator too', async () => {
    const kms = createLocalKms({ app: LEDGER });
    const key = keyArnOf(kms, 'Ledger/PartnerKey');
    expect(await failure(administrator(kms).send(new DisableKeyCommand({ KeyId: key })))).toMatchObject({
      name: 'AccessDeniedException',
    });
    const free = keyArnOf(kms, 'Ledger/Key');
    await expect(administrator(kms).send(new DisableKeyCommand({ KeyId: free }))).resolves.toBeDefined();
  });

  test('of a permissions boundary limit what a role was granted', async () => {
    const kms = createLocalKms({ app: LEDGER });
    const key = keyArnOf(kms, 'Ledger/Key');
    const bounded = clientAs(kms, 'Bounded');
    const { CiphertextBlob } = await bounded.send(new EncryptCommand({ KeyId: key, Plaintext: Buffer.from('x') }));
    const error = await failure(bounded.send(new DecryptCommand({ CiphertextBlob })));
    expect(error.message).toMatch(/because no permissions boundary allows the kms:Decrypt action$/);
  });

  test('with a part that only deployment knows deny, and the event says that this is not known', async () => {
    const kms = createLocalKms({ app: LEDGER });
    const key = keyArnOf(kms, 'Ledger/PartnerKey');
    const error = await failure(clientAs(kms, 'Ledger/Reader').send(new GetKeyPolicyCommand({ KeyId: key })));
    expect(error.name).toBe('AccessDeniedException');
    const encrypt = new EncryptCommand({
      KeyId: key,
      Plaintext: Buffer.from('x'),
      EncryptionContext: { partner: '123456789012' },
    });
    expect((await failure(clientAs(kms, 'Writer').send(encrypt))).name).toBe('AccessDeniedException');
    expect(kms.events.at(-1)?.decision?.verdict).toBe('unknown');
    expect(kms.events.at(-1)?.decision?.reasons.join()).toMatch(/Partner/);
  });

  test('are asked about alias and key when an alias is made', async () => {
    const kms = createLocalKms({ app: LEDGER });
    const alias = new CreateAliasCommand({ AliasName: 'alias/new', TargetKeyId: keyArnOf(kms, 'Ledger/Key') });
    const error = await failure(clientAs(kms, 'Ledger/Reader').send(alias));
    expect(error.message).toContain('kms:CreateAlias on resource: arn:aws:kms:us-east-1:111122223333:alias/new');
    await expect(administrator(kms).send(alias)).resolves.toBeDefined();
  });

  test('of the caller alone decide where no key is concerned', async () => {
    const kms = createLocalKms({ app: LEDGER });
    expect(await failure(clientAs(kms, 'Ledger/Reader').send(new ListKeysCommand({})))).toMatchObject(
      denied(READER, 'kms:ListKeys', '*', 'because no identity-based policy allows the kms:ListKeys action'),
    );
    expect((await failure(clientAs(kms, 'Bounded').send(new CreateKeyCommand({})))).message).toMatch(
      /permissions boundary/,
    );
  });
});

describe('another account', () => {
  test('may do what the key policy delegates to it and the operation allows across accounts', async () => {
    const kms = createLocalKms({ app: LEDGER });
    const key = keyArnOf(kms, 'Archive/Key');
    expect(key).toMatch(/:444455556666:/);
    const reader = clientAs(kms, 'Ledger/Reader');
    await expect(reader.send(new DescribeKeyCommand({ KeyId: key }))).resolves.toBeDefined();
    for (const command of [
      reader.send(new GetKeyPolicyCommand({ KeyId: key })),
      clientAs(kms, 'Bounded').send(new DescribeKeyCommand({ KeyId: key })),
    ]) {
      expect((await failure(command)).name).toBe('AccessDeniedException');
    }
  });

  test('does not learn whether a key exists', async () => {
    const kms = createLocalKms({ app: LEDGER });
    const key = keyArnOf(kms, 'Archive/Key');
    const none = key.replace(/[0-9a-f]{12}$/, 'ffffffffffff');
    const encrypt = async (KeyId: string) =>
      (await failure(administrator(kms).send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') })))).message;
    expect((await encrypt(key)).replace(key, 'KEY')).toBe((await encrypt(none)).replace(none, 'KEY'));
    const alias = (await encrypt('arn:aws:kms:us-east-1:444455556666:alias/none')).replace(/arn:aws:kms\S+/, 'KEY');
    expect(alias).toBe((await encrypt(none)).replace(none, 'KEY'));
  });

  test('does not learn what a key is called', async () => {
    const kms = createLocalKms({ app: LEDGER });
    const owner = administrator(kms, '444455556666');
    const KeyId = keyArnOf(kms, 'Archive/Key');
    await owner.send(new CreateAliasCommand({ AliasName: 'alias/secret', TargetKeyId: KeyId }));
    const list = async (KeyId: string) =>
      (await failure(administrator(kms).send(new ListAliasesCommand({ KeyId })))).message.replace(KeyId, 'KEY');
    expect(await list(KeyId)).toBe(await list(KeyId.replace(/[0-9a-f]{12}$/, 'ffffffffffff')));
    expect((await owner.send(new ListAliasesCommand({ KeyId }))).Aliases).toContainEqual(
      expect.objectContaining({ AliasName: 'alias/secret' }),
    );
  });
});

test('a ciphertext of a key of another account does not tell which key that is', async () => {
  const kms = createLocalKms({ app: LEDGER });
  const owner = administrator(kms, '444455556666');
  const { CiphertextBlob } = await owner.send(
    new EncryptCommand({ KeyId: keyArnOf(kms, 'Archive/Key'), Plaintext: Buffer.from('x') }),
  );
  await expect(owner.send(new DecryptCommand({ CiphertextBlob }))).resolves.toBeDefined();
  const refused = await failure(clientAs(kms, 'Ledger/Reader').send(new DecryptCommand({ CiphertextBlob })));
  const nowhere = await failure(
    clientAs(createLocalKms({ app: LEDGER }), 'Ledger/Reader').send(new DecryptCommand({ CiphertextBlob })),
  );
  expect([refused.name, refused.message]).toEqual([nowhere.name, nowhere.message]);
  expect(kms.events.at(-1)?.decision?.verdict).toBe('denied');
});

describe('condition keys', () => {
  const statement = (Condition: object, Action = 'kms:DescribeKey') =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'kms:PutKeyPolicy', Resource: '*' },
        { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'kms:CreateAlias', Resource: '*' },
        { Effect: 'Allow', Principal: { AWS: '*' }, Action, Resource: '*', Condition },
      ],
    });

  test.each([
    [{ StringEquals: { 'kms:CallerAccount': '111122223333' } }, true],
    [{ StringEquals: { 'kms:CallerAccount': '444455556666' } }, false],
    [{ StringEquals: { 'kms:KeySpec': 'SYMMETRIC_DEFAULT', 'kms:KeyUsage': 'ENCRYPT_DECRYPT' } }, true],
    [{ StringEquals: { 'kms:KeyOrigin': 'EXTERNAL' } }, false],
    [{ Bool: { 'kms:MultiRegion': 'false' } }, true],
    [{ StringEquals: { 'kms:RequestAlias': 'alias/conditional' } }, true],
    [{ 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/conditional' } }, true],
    [{ 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/other' } }, false],
    [{ StringEquals: { 'aws:ResourceTag/team': 'books' } }, true],
    [{ StringEquals: { 'aws:RequestedRegion': 'us-east-1' } }, true],
    [{ StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } }, false],
    [{ Bool: { 'aws:SecureTransport': 'true' } }, true],
    [{ IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } }, true],
    [{ StringEquals: { 'aws:PrincipalAccount': '111122223333' } }, true],
    [{ ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:root' } }, true],
    [{ DateGreaterThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } }, true],
    [{ DateLessThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } }, false],
    [{ Null: { 'kms:ViaService': 'true', 'aws:username': 'true', 'aws:TokenIssueTime': 'true' } }, true],
    [{ Null: { 'kms:EncryptionAlgorithm': 'false' } }, false],
  ])('%j: allowed %s', async (condition, allowed) => {
    const kms = createLocalKms();
    const admin = administrator(kms);
    const { KeyMetadata } = await admin.send(
      new CreateKeyCommand({ Policy: statement(condition), Tags: [{ TagKey: 'team', TagValue: 'books' }] }),
    );
    await admin.send(new CreateAliasCommand({ AliasName: 'alias/conditional', TargetKeyId: KeyMetadata?.KeyId }));
    expect((await raw(kms, 'DescribeKey', { KeyId: 'alias/conditional' })).status).toBe(allowed ? 200 : 400);
  });

  test.each([
    ['Encrypt', { Null: { 'kms:RequestAlias': 'true' } }, true],
    ['Encrypt', { StringEquals: { 'kms:EncryptionAlgorithm': 'SYMMETRIC_DEFAULT' } }, true],
    ['Encrypt', { StringEquals: { 'kms:EncryptionContext:a': '1' } }, true],
    ['Encrypt', { StringEquals: { 'kms:EncryptionContext:A': '1' } }, true],
    ['Encrypt', { StringEquals: { 'kms:EncryptionContext:a': '2' } }, false],
    ['Encrypt', { 'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['a'] } }, false],
    ['Encrypt', { 'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['a', 'b'] } }, true],
    ['ScheduleKeyDeletion', { NumericEquals: { 'kms:ScheduleKeyDeletionPendingWindowInDays': '30' } }, true],
    ['ScheduleKeyDeletion', { NumericLessThan: { 'kms:ScheduleKeyDeletionPendingWindowInDays': '30' } }, false],
  ] as const)('%s under %j: allowed %s', async (operation, condition, allowed) => {
    const kms = createLocalKms();
    const Policy = statement(condition, `kms:${operation}`);
    const { KeyMetadata } = await administrator(kms).send(new CreateKeyCommand({ Policy }));
    const body = operation === 'Encrypt' ? { Plaintext: 'AAAA', EncryptionContext: { a: '1', b: '2' } } : {};
    expect((await raw(kms, operation, { KeyId: KeyMetadata?.KeyId, ...body })).status).toBe(allowed ? 200 : 400);
  });
});

describe('modes', () => {
  test('report lets pass what would be denied, and says so in the event', async () => {
    const kms = createLocalKms({ app: LEDGER, mode: 'report' });
    const key = keyArnOf(kms, 'Ledger/Key');
    const Plaintext = Buffer.from('x');
    await expect(clientAs(kms, 'Writer').send(new EncryptCommand({ KeyId: key, Plaintext }))).resolves.toBeDefined();
    expect(kms.events.at(-1)).toMatchObject({ decision: { verdict: 'denied', wouldHaveBeenDenied: true } });
    expect(kms.events.at(-1)?.errorCode).toBeUndefined();
    await clientAs(kms, 'Ledger/Reader').send(new DescribeKeyCommand({ KeyId: key }));
    expect(kms.events.at(-1)?.decision).not.toHaveProperty('wouldHaveBeenDenied');
  });

  test('report still asks for a signature', async () => {
    const kms = createLocalKms({ mode: 'report' });
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    expect((await raw(kms, 'ListKeys', {}, { config: { credentials } })).body['__type']).toBe(
      'UnrecognizedClientException',
    );
  });

  test('off asks nobody anything', async () => {
    const kms = createLocalKms({ app: LEDGER, mode: 'off' });
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const body = { KeyId: 'alias/ledger', Plaintext: 'AAAA' };
    expect((await raw(kms, 'Encrypt', body, { config: { credentials } })).status).toBe(200);
    const unsigned = await raw(kms, 'Encrypt', body, {
      tamper: (request) => ({ ...request, headers: omitSignature(request.headers) }),
    });
    expect(unsigned.status).toBe(200);
    expect(kms.events.at(-1)).not.toHaveProperty('decision');
  });

  function omitSignature(headers: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'authorization'));
  }
});

describe('why', () => {
  test('is told in a header when the client asks for it, for denials and for permissions', async () => {
    const kms = createLocalKms({ app: LEDGER });
    const body = { KeyId: 'alias/ledger', KeySpec: 'AES_256' };
    const ask = (more: object, headers = {}) =>
      raw(kms, 'GenerateDataKey', { ...body, ...more }, { as: 'Writer', headers });
    const explain = { 'x-keysmith-explain': '1' };
    expect((await ask({}, explain)).headers['x-keysmith-explain']).toMatch(/^denied: .*encryption context "service"/);
    expect((await ask({ EncryptionContext: OWN }, explain)).headers['x-keysmith-explain']).toMatch(/^allowed: /);
    expect((await ask({})).headers).not.toHaveProperty('x-keysmith-explain');
    expect((await ask({})).body['Message']).toMatch(/^User: /);
  });

  test('of an error without a message is in the event', async () => {
    const kms = createLocalKms({ app: LEDGER });
    await raw(kms, 'Decrypt', { CiphertextBlob: 'AAAA' });
    expect(kms.events.at(-1)?.explanation).toMatch(/ciphertexts of AWS never decrypt here/);
  });
});

describe('the event of a call', () => {
  async function eventOf(operation: string, body: object): Promise<LocalKmsEvent> {
    const seen: LocalKmsEvent[] = [];
    const kms = createLocalKms({ app: LEDGER, onEvent: (event) => seen.push(event) });
    await raw(kms, operation, body);
    expect(seen).toHaveLength(1);
    expect(kms.events).toEqual(seen);
    return seen[0] as LocalKmsEvent;
  }

  test('has the shape of CloudTrail', async () => {
    const event = await eventOf('Encrypt', {
      KeyId: 'alias/ledger',
      Plaintext: 'c2VjcmV0',
      EncryptionContext: { a: 'b' },
    });
    expect(event).toMatchObject({
      eventVersion: '1.11',
      eventSource: 'kms.amazonaws.com',
      eventName: 'Encrypt',
      eventType: 'AwsApiCall',
      eventCategory: 'Management',
      managementEvent: true,
      awsRegion: 'us-east-1',
      sourceIPAddress: '127.0.0.1',
      readOnly: true,
      recipientAccountId: '111122223333',
      userIdentity: { type: 'Root', accountId: '111122223333', arn: 'arn:aws:iam::111122223333:root' },
      requestParameters: { keyId: 'alias/ledger', encryptionContext: { a: 'b' } },
      responseElements: null,
      resources: [{ accountId: '111122223333', type: 'AWS::KMS::Key', ARN: expect.stringContaining(':key/') }],
    });
    expect(event.eventTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(JSON.stringify(event)).not.toContain('c2VjcmV0');
  });

  test('shows the algorithm of Decrypt, and neither its ciphertext nor its plaintext', async () => {
    const kms = createLocalKms({ app: LEDGER });
    const { body } = await raw(kms, 'Encrypt', { KeyId: 'alias/ledger', Plaintext: 'c2VjcmV0' });
    await raw(kms, 'Decrypt', { CiphertextBlob: body['CiphertextBlob'] });
    const event = kms.events.at(-1);
    expect(event?.requestParameters).toEqual({ encryptionAlgorithm: 'SYMMETRIC_DEFAULT' });
    expect(event?.additionalEventData?.keyMaterialId).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(kms.events)).not.toContain(String(body['CiphertextBlob']).slice(20, 60));
    expect(JSON.stringify(kms.events)).not.toContain('c2VjcmV0');
  });

  test('of a change shows what changed', async () => {
    expect(await eventOf('CreateKey', { Description: 'new' })).toMatchObject({
      readOnly: false,
      requestParameters: { description: 'new' },
      responseElements: { keyMetadata: { keyState: 'Enabled', description: 'new' } },
    });
    expect(await eventOf('DisableKey', { KeyId: 'no-uuid' })).toMatchObject({
      errorCode: 'NotFoundException',
      errorMessage: "Invalid keyId 'no-uuid'",
      responseElements: null,
    });
  });

  test('is one of the latest thousand', async () => {
    const kms = createLocalKms({ mode: 'off' });
    const { requestHandler } = kms.clientConfig();
    const headers = { 'x-amz-target': 'TrentService.ListKeys' };
    for (let i = 0; i < 1005; i++) await requestHandler.handle({ method: 'POST', path: '/', headers, body: '{}' });
    expect(kms.events).toHaveLength(1000);
  });
});
