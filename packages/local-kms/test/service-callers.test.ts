import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateGrantCommand,
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  KMSClient,
  ListGrantsCommand,
  ListKeysCommand,
  ListRetirableGrantsCommand,
  RetireGrantCommand,
} from '@aws-sdk/client-kms';
import {
  createLocalKms,
  denialOf,
  type LocalKmsOptions,
  type ServiceCaller,
  startLocalKms,
} from '@cdk-keysmith/local-kms';
import { ACCOUNT, DELEGATION, document, key, OTHER, role, writeApp } from './small-app.ts';
import { sts } from './sts.ts';
import { administrator, failure, keyArnOf, raw } from './support.ts';

const SNS = 'sns.amazonaws.com';
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const TOPIC = `arn:aws:sns:us-east-1:${ACCOUNT}:news`;
const lets = (Condition: object, Principal: unknown = { Service: SNS }) =>
  key(DELEGATION, {
    Effect: 'Allow',
    Principal,
    Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
    Resource: '*',
    Condition,
  });
const alias = (name: string, target: string) => ({
  Type: 'AWS::KMS::Alias',
  Properties: { AliasName: `alias/${name}`, TargetKeyId: { Ref: target } },
});
const app = writeApp({
  Topics: lets({ ArnLike: { 'aws:SourceArn': TOPIC }, StringEquals: { 'aws:SourceAccount': ACCOUNT } }),
  Alias: alias('topics', 'Topics'),
  Organization: lets({
    StringEquals: { 'aws:SourceOrgID': 'o-a1b2c3d4e5' },
    'ForAnyValue:StringLike': { 'aws:SourceOrgPaths': 'o-a1b2c3d4e5/r-ab12/*' },
  }),
  Facts: lets({
    Bool: { 'aws:PrincipalIsAWSService': 'true', 'aws:ViaAWSService': 'false', 'aws:SecureTransport': 'true' },
    StringEquals: { 'aws:PrincipalServiceName': SNS, 'aws:RequestedRegion': 'us-east-1' },
    'ForAnyValue:StringEquals': { 'aws:PrincipalServiceNamesList': SNS },
    Null: {
      'aws:PrincipalArn': 'true',
      'aws:PrincipalAccount': 'true',
      'aws:PrincipalOrgID': 'true',
      'kms:ViaService': 'true',
      'aws:SourceIp': 'true',
      'aws:SourceArn': 'true',
      'aws:SourceAccount': 'true',
    },
  }),
  CallerAccount: lets({ StringEquals: { 'kms:CallerAccount': ACCOUNT } }),
  Everyone: lets({ StringEquals: { 'aws:SourceAccount': ACCOUNT } }, '*'),
  Grants: key(DELEGATION, { Effect: 'Allow', Principal: { Service: SNS }, Action: 'kms:ListGrants', Resource: '*' }),
  Others: key(DELEGATION),
  // Only whoever delegates to it would let a service in; a role of the name of the service is none.
  Role: role('plain', []),
});
afterAll(app.remove);

const scene = (options: LocalKmsOptions = {}) => {
  const kms = createLocalKms({ app: app.folder, ...options });
  const as = (caller: ServiceCaller) => new KMSClient({ ...kms.clientConfig(caller), maxAttempts: 1 });
  const dataKey = (id: string, caller: ServiceCaller) =>
    as(caller).send(new GenerateDataKeyCommand({ KeyId: keyArnOf(kms, `App/${id}`), KeySpec: 'AES_256' }));
  const outcome = (id: string, caller: ServiceCaller) =>
    dataKey(id, caller).then(
      () => 'allowed',
      () => `${kms.events.at(-1)?.decision?.verdict}: ${kms.events.at(-1)?.decision?.reasons.join('; ')}`,
    );
  return { kms, as, dataKey, outcome };
};
const topic = { service: SNS, sourceArn: TOPIC, sourceAccount: ACCOUNT };

describe('an AWS service that calls for itself', () => {
  const { kms, as, dataKey, outcome } = scene();

  test('is let in for what the key policy names, and told what is missing otherwise', async () => {
    expect((await dataKey('Topics', topic)).Plaintext).toHaveLength(32);
    const foreign = { ...topic, sourceArn: TOPIC.replace(ACCOUNT, OTHER), sourceAccount: OTHER };
    const denial = await denialOf(dataKey('Topics', foreign));
    expect(denial).toMatchObject({ principal: SNS, operation: 'GenerateDataKey' });
    expect(denial.reasons.join()).toMatch(
      /requires that aws:SourceArn matches "arn:aws:sns:us-east-1:111122223333:news" and aws:SourceAccount is 111122223333/,
    );
    expect(denial.event.errorMessage).toBe(
      `User: ${SNS} is not authorized to perform: kms:GenerateDataKey on resource: ${keyArnOf(kms, 'App/Topics')} because no resource-based policy allows the kms:GenerateDataKey action`,
    );
  });

  test('has the condition keys that AWS documents for it, and no others', async () => {
    expect(await outcome('Facts', { service: SNS })).toBe('allowed');
    expect(await outcome('Facts', topic)).toMatch(/aws:SourceArn is absent/);
    const member = { sourceOrgId: 'o-a1b2c3d4e5', sourceOrgPaths: ['o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/'] };
    expect(await outcome('Organization', { ...topic, ...member })).toBe('allowed');
    expect(await outcome('Organization', { ...topic, sourceOrgId: 'o-a1b2c3d4e5' })).toMatch(/aws:SourceOrgPaths/);
  });

  test('is in doubt where no document tells', async () => {
    expect(await outcome('CallerAccount', topic)).toMatch(
      /^unknown: .*whether kms:CallerAccount is 111122223333 cannot be told: AWS's documents do not say/,
    );
    expect(await outcome('Everyone', topic)).toMatch(/^unknown: .*whether "\*" includes AWS services/);
    expect(await outcome('Everyone', { service: SNS })).toMatch(/^denied: /);
  });

  test('has the event that CloudTrail has of it', async () => {
    await dataKey('Topics', topic);
    expect(kms.events.at(-1)).toMatchObject({
      sourceIPAddress: SNS,
      userAgent: SNS,
      recipientAccountId: ACCOUNT,
      decision: { verdict: 'allowed' },
    });
    expect(kms.events.at(-1)?.userIdentity).toEqual({ type: 'AWSService', invokedBy: SNS });
  });

  test('finds aliases in the account of what it acts for, and in the Region of its name or source', async () => {
    const { KeyMetadata } = await administrator(kms).send(new DescribeKeyCommand({ KeyId: 'alias/topics' }));
    const request = new GenerateDataKeyCommand({ KeyId: 'alias/topics', KeySpec: 'AES_256' });
    expect((await as(topic).send(request)).KeyId).toBe(KeyMetadata?.Arn);
    const there = { service: SNS, sourceArn: `arn:aws:sns:eu-west-1:${OTHER}:news` };
    expect((await failure(as(there).send(request))).message).toBe(
      `Alias arn:aws:kms:eu-west-1:${OTHER}:alias/topics is not found.`,
    );
    expect(kms.clientConfig({ service: 'logs.eu-central-1.amazonaws.com' }).region).toBe('eu-central-1');
    expect(kms.clientConfig({ service: 'logs.cn-north-1.amazonaws.com.cn' }).region).toBe('cn-north-1');
  });

  test('has no IAM policies, and so nothing that only they give', async () => {
    expect((await denialOf(as(topic).send(new ListKeysCommand({})))).reasons).toEqual([
      'only IAM policies can allow kms:ListKeys, and a service has none',
    ]);
  });

  test('is what its credentials say, and no header', async () => {
    const headers = { 'x-keysmith-service': SNS, 'x-amz-source-arn': TOPIC, 'x-amz-source-account': ACCOUNT };
    const body = { KeyId: keyArnOf(kms, 'App/Topics'), KeySpec: 'AES_256' };
    expect((await raw(kms, 'GenerateDataKey', body, { as: 'plain', headers })).body['__type']).toBe(
      'AccessDeniedException',
    );
    const { secretAccessKey: _own, ...others } = kms.credentialsFor(topic);
    const credentials = { ...others, secretAccessKey: 'guessed' };
    const config = { ...kms.clientConfig(), credentials };
    expect((await failure(new KMSClient(config).send(new ListKeysCommand({})))).name).toBe('InvalidSignatureException');
  });

  test('is nobody to the local STS, and comes by no way of others', async () => {
    const answer = await sts(kms, kms.credentialsFor(topic), { Action: 'GetCallerIdentity' });
    expect([answer.status, answer.xml]).toEqual([403, expect.stringContaining('<Code>AccessDenied</Code>')]);
    expect(kms.events.at(-1)?.explanation).toMatch(/credentials are for KMS/);
    expect(() => kms.clientConfig(topic, { via: 's3' })).toThrow(/leave the way out/);
    const via = { ...kms.clientConfig(), credentials: kms.credentialsFor(topic) };
    const answered = await raw(kms, 'ListKeys', {}, { config: via, headers: { 'x-keysmith-via': 's3' } });
    expect(answered.body).toEqual({ __type: 'ValidationException' });
  });

  test('can be given a fault', async () => {
    using _fault = kms.inject({ principal: SNS, fault: { kind: 'error', exception: 'KMSInternalException' } });
    expect((await failure(dataKey('Topics', topic))).name).toBe('KMSInternalException');
    await administrator(kms).send(new ListKeysCommand({}));
  });

  test('stays who it is after a reset and an update, and has the same credentials from the same seed', async () => {
    const own = scene({ deterministic: 'services' });
    const client = own.as(topic);
    const call = () => client.send(new GenerateDataKeyCommand({ KeyId: 'alias/topics', KeySpec: 'AES_256' }));
    await call();
    own.kms.reset();
    await call();
    own.kms.update();
    await call();
    const [first, second] = ['services', 'services'].map((text) =>
      scene({ deterministic: text }).kms.credentialsFor(topic),
    );
    expect(first?.secretAccessKey).toBe(second?.secretAccessKey);
    expect(own.kms.credentialsFor({ service: SNS }).secretAccessKey).not.toBe(first?.secretAccessKey);
  });
});

test('policies of the organization: the resource control policy counts, service control policies do not', async () => {
  const [scp, rcp] = ['scp.json', 'rcp.json'].map((name) => join(app.folder, name)) as [string, string];
  const everything = { Effect: 'Deny', Action: 'kms:*', Resource: '*' };
  writeFileSync(
    scp,
    JSON.stringify([{ level: 1, type: 'SERVICE_CONTROL_POLICY', name: 'none', document: document(everything) }]),
  );
  const spared = { BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } };
  const deputy = { StringNotEquals: { 'aws:SourceAccount': OTHER } };
  const put = (Condition: object) =>
    writeFileSync(rcp, JSON.stringify(document({ ...everything, Principal: '*', Condition })));
  put(spared);
  expect(await scene({ organization: { scp: [scp], rcp: [rcp] } }).outcome('Topics', topic)).toBe('allowed');
  put(deputy);
  expect(await scene({ organization: { rcp: [rcp] } }).outcome('Topics', topic)).toMatch(/^denied: .*denies kms:/);
  for (const file of [scp, rcp]) rmSync(file);
});

test('a grant to a service lets it in for its source, until the service retires it', async () => {
  const { kms, as, dataKey } = scene();
  const KeyId = keyArnOf(kms, 'App/Grants');
  const grant = new CreateGrantCommand({
    KeyId,
    GranteeServicePrincipal: SNS,
    RetiringServicePrincipal: SNS,
    Operations: ['GenerateDataKey', 'Decrypt'],
    Constraints: { SourceArn: TOPIC },
  });
  expect((await denialOf(dataKey('Grants', topic))).reasons.join()).toMatch(/no statement of key policy/);
  const { GrantId } = await administrator(kms).send(grant);
  const { CiphertextBlob } = await dataKey('Grants', topic);
  await as(topic).send(new DecryptCommand({ CiphertextBlob }));
  const other = { ...topic, sourceArn: `${TOPIC}2` };
  expect((await denialOf(dataKey('Grants', other))).reasons.join()).toMatch(/grant \w+ would allow .*aws:SourceArn/);
  expect((await denialOf(dataKey('Grants', { ...topic, service: 'sqs.amazonaws.com' }))).reasons.join()).toMatch(
    /no grant on the key lets sqs/,
  );
  const retire = new RetireGrantCommand({ KeyId, GrantId });
  await denialOf(as({ ...topic, service: 'sqs.amazonaws.com' }).send(retire));
  await as(topic).send(retire);
  await denialOf(dataKey('Grants', topic));
});

test('a service lists the grants that are for it, which nobody else can ask for', async () => {
  const { kms, as } = scene();
  const [KeyId, other] = [keyArnOf(kms, 'App/Grants'), keyArnOf(kms, 'App/Others')];
  const terms = { Operations: ['Decrypt' as const], Constraints: { SourceArn: TOPIC }, RetiringServicePrincipal: SNS };
  const made = [
    await administrator(kms).send(new CreateGrantCommand({ ...terms, KeyId, GranteeServicePrincipal: SNS })),
    await administrator(kms).send(
      new CreateGrantCommand({ ...terms, KeyId, GranteeServicePrincipal: 'sqs.amazonaws.com' }),
    ),
  ].map(({ GrantId }) => GrantId);
  const ofGrantee = new ListGrantsCommand({ KeyId, GranteeServicePrincipal: SNS });
  const retirable = new ListRetirableGrantsCommand({ RetiringServicePrincipal: SNS });
  const ids = ({ Grants = [] }: { Grants?: readonly { GrantId?: string | undefined }[] | undefined }) =>
    Grants.map(({ GrantId }) => GrantId);
  expect(ids(await as(topic).send(ofGrantee))).toEqual(made.slice(0, 1));
  expect(ids(await as(topic).send(retirable)).sort()).toEqual(made.sort());
  expect(
    ids(
      await as({ service: 'sqs.amazonaws.com' }).send(
        new ListRetirableGrantsCommand({ RetiringServicePrincipal: 'sqs.amazonaws.com' }),
      ),
    ),
  ).toEqual([]);
  await denialOf(as(topic).send(new ListGrantsCommand({ KeyId: other, GranteeServicePrincipal: SNS })));
  const refused = [
    administrator(kms).send(ofGrantee),
    administrator(kms).send(retirable),
    as({ service: 'sqs.amazonaws.com' }).send(retirable),
    as(topic).send(new ListGrantsCommand({ KeyId, GranteeServicePrincipal: SNS, GranteePrincipal: ROOT })),
    as(topic).send(new ListRetirableGrantsCommand({ RetiringServicePrincipal: SNS, RetiringPrincipal: ROOT })),
  ];
  for (const call of refused) expect((await failure(call)).name).toBe('ValidationException');
});

test('another process is a service by the environment that the server gives it', async () => {
  await using kms = await startLocalKms({ app: app.folder });
  const environment = kms.environmentFor(topic);
  const { AWS_ENDPOINT_URL_KMS: endpoint = '', AWS_REGION: region = '' } = environment;
  const client = (sessionToken: string | undefined) =>
    new KMSClient({
      endpoint,
      region,
      credentials: {
        accessKeyId: environment['AWS_ACCESS_KEY_ID'] ?? '',
        secretAccessKey: environment['AWS_SECRET_ACCESS_KEY'] ?? '',
        ...(sessionToken !== undefined && { sessionToken }),
      },
    });
  const call = new GenerateDataKeyCommand({ KeyId: 'alias/topics', KeySpec: 'AES_256' });
  expect((await client(environment['AWS_SESSION_TOKEN']).send(call)).Plaintext).toHaveLength(32);
  expect((await failure(client(undefined).send(call))).name).toBe('UnrecognizedClientException');
  const encrypt = new EncryptCommand({ KeyId: 'alias/topics', Plaintext: Buffer.from('x') });
  expect((await failure(client(environment['AWS_SESSION_TOKEN']).send(encrypt))).name).toBe('AccessDeniedException');
});

describe('what cannot be a service is refused, with everything that is wrong', () => {
  const { kms } = scene();
  const told = (caller: unknown): string => {
    try {
      kms.credentialsFor(caller as ServiceCaller);
    } catch (error) {
      return `${(error as { code: string }).code} ${(error as Error).message}`;
    }
    throw new Error('it was taken');
  };

  test.each<[unknown, RegExp]>([
    [{}, /service must be a service principal such as "cloudtrail\.amazonaws\.com", not undefined/],
    [{ service: 'sns' }, /service must be .* not "sns"$/],
    [{ service: 'sns.amazonaws.com.example' }, /service must be/],
    [{ service: SNS, sourceArn: '*' }, /^INVALID_OPTION caller: sourceArn must be an ARN/],
    [{ service: SNS, sourceArn: `arn:aws:sns:us-east-1:${ACCOUNT}:${'x'.repeat(2048)}` }, /at most 2048 characters/],
    [{ service: SNS, sourceArn: 'arn:aws:sns:us-east-1:1234:news' }, /sourceArn must be an ARN/],
    [{ service: SNS, sourceArn: TOPIC, sourceAccount: OTHER }, /account of sourceArn, 111122223333, not 444455556666/],
    [{ service: SNS, sourceOrgPaths: [] }, /sourceOrgPaths must be a list of 1 to 10 paths/],
    [{ service: SNS, sourceOrgPaths: ['o-a1b2c3d4e5/*'] }, /sourceOrgPaths must be a path such as/],
    [
      { service: 1, sourceArn: 'x', sourceAccount: '1', sourceOrgId: 'x', via: 's3' },
      /^INVALID_OPTION caller: via is no member; there are service, .*; service must .*; sourceArn must .*; sourceAccount must be twelve digits, not "1"; sourceOrgId must /,
    ],
    [null, /caller must be a name or \{ service: … \}, not null/],
    [SNS, /^UNKNOWN_PRINCIPAL .*it is the name of an AWS service: say \{ service: "sns\.amazonaws\.com" \}/],
  ])('%j', (caller, text) => expect(told(caller)).toMatch(text));
});
