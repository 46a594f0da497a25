import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateGrantCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  KMSClient,
  ListKeysCommand,
} from '@aws-sdk/client-kms';
import {
  type ClaimedWay,
  createLocalKms,
  type LocalKms,
  type LocalKmsOptions,
  startLocalKms,
} from '@cdk-keysmith/local-kms';
import { claimsOf } from '../src/authorize/claims.ts';
import { build } from '../src/create.ts';
import { rootOf } from '../src/identity/identities.ts';
import { settingsOf } from '../src/options.ts';
import { ACCOUNT, DELEGATION, document, key, role, writeApp } from './small-app.ts';
import { failure, raw } from './support.ts';

const everyKey = { Effect: 'Allow', Action: 'kms:*', Resource: '*' };
const endpoint = (...statements: readonly object[]) => ({
  Type: 'AWS::EC2::VPCEndpoint',
  Properties: {
    ServiceName: 'com.amazonaws.us-east-1.kms',
    VpcId: { Ref: 'Vpc' },
    ...(statements.length > 0 && { PolicyDocument: document(...(statements as Record<string, unknown>[])) }),
  },
});
const app = writeApp(
  {
    Vpc: { Type: 'AWS::EC2::VPC', Properties: {} },
    Open: endpoint(),
    Narrow: endpoint({ Effect: 'Allow', Principal: '*', Action: 'kms:Encrypt', Resource: '*' }),
    Free: key(DELEGATION),
    ThroughS3: key(DELEGATION, {
      Effect: 'Deny',
      Principal: '*',
      Action: 'kms:GenerateDataKey',
      Resource: '*',
      Condition: { StringNotEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } },
    }),
    ThroughAthena: key(DELEGATION, {
      Effect: 'Deny',
      Principal: '*',
      Action: 'kms:GenerateDataKey',
      Resource: '*',
      Condition: {
        'ForAllValues:StringNotEquals': { 'aws:CalledVia': 'athena.amazonaws.com' },
      },
    }),
    LastAthena: key(DELEGATION, {
      Effect: 'Deny',
      Principal: '*',
      Action: 'kms:GenerateDataKey',
      Resource: '*',
      Condition: { StringNotEquals: { 'aws:CalledViaLast': 'athena.amazonaws.com' } },
    }),
    ThroughVpc: key(DELEGATION, {
      Effect: 'Deny',
      Principal: '*',
      Action: 'kms:GenerateDataKey',
      Resource: '*',
      Condition: { StringNotEquals: { 'aws:SourceVpc': { Ref: 'Vpc' }, 'aws:SourceVpce': { Ref: 'Open' } } },
    }),
    Grants: key(DELEGATION, {
      Effect: 'Deny',
      Principal: '*',
      Action: 'kms:CreateGrant',
      Resource: '*',
      Condition: { Bool: { 'kms:GrantIsForAWSResource': 'false' } },
    }),
    Writer: role('writer', [], [everyKey]),
  },
  { Reader: role('reader', [], [everyKey]) },
);
afterAll(app.remove);

const arnOf = (kms: LocalKms, id: string) =>
  String(kms.keys().find(({ constructPath }) => constructPath === `App/${id}`)?.arn);
const calls = (options: LocalKmsOptions = {}) => {
  const kms = createLocalKms({ app: app.folder, ...options });
  const dataKey = (id: string, way?: ClaimedWay, as = 'writer') =>
    new KMSClient({ ...kms.clientConfig(as, way), maxAttempts: 1 })
      .send(new GenerateDataKeyCommand({ KeyId: arnOf(kms, id), KeySpec: 'AES_256' }))
      .then(
        ({ Plaintext }) => Plaintext?.length,
        (error: Error) => error.message,
      );
  return { kms, dataKey };
};

describe('a call that a service makes for somebody', () => {
  test('carries kms:ViaService, and is told apart in its event', async () => {
    const { kms, dataKey } = calls();
    expect(await dataKey('ThroughS3')).toMatch(/explicit deny in a resource-based policy/);
    expect(await dataKey('ThroughS3', { via: 'sqs' })).toMatch(/explicit deny/);
    expect(await dataKey('ThroughS3', { via: 's3.eu-west-1.amazonaws.com' })).toMatch(/explicit deny/);
    expect(await dataKey('ThroughS3', { via: 's3' })).toBe(32);
    expect(kms.events.at(-1)).toMatchObject({
      sourceIPAddress: 's3.amazonaws.com',
      userAgent: 's3.amazonaws.com',
      userIdentity: { type: 'AssumedRole', invokedBy: 's3.amazonaws.com' },
    });
  });

  test('makes grants for a resource of AWS', async () => {
    const { kms } = calls();
    const grant = (way?: ClaimedWay) =>
      new KMSClient({ ...kms.clientConfig('writer', way), maxAttempts: 1 }).send(
        new CreateGrantCommand({
          KeyId: arnOf(kms, 'Grants'),
          GranteePrincipal: `arn:aws:iam::${ACCOUNT}:role/writer`,
          Operations: ['Decrypt'],
        }),
      );
    expect((await failure(grant())).name).toBe('AccessDeniedException');
    expect((await grant({ via: 'ec2' })).GrantId).toHaveLength(64);
  });

  test('may be a chain of services, of which nothing is guessed', async () => {
    const { dataKey } = calls();
    const chain = ['cloudformation.amazonaws.com', 'athena.amazonaws.com'];
    expect(await dataKey('ThroughAthena', { via: 's3', calledVia: chain })).toBe(32);
    expect(await dataKey('LastAthena', { via: 's3', calledVia: chain })).toBe(32);
    const turned = { via: 's3', calledVia: [...chain].reverse() };
    expect([await dataKey('ThroughAthena', turned), await dataKey('LastAthena', turned)]).toEqual([
      32,
      expect.stringMatching(/explicit deny/),
    ]);
    expect(await dataKey('ThroughAthena', { via: 'athena' })).toMatch(/explicit deny/);
    const { kms } = calls();
    const wrong = { calledVia: ['Athena'] };
    expect(() => kms.clientConfig('writer', wrong)).toThrow(
      'calledVia needs via: the service that calls KMS; calledVia must be service principals such as "athena.amazonaws.com", not "Athena"',
    );
    expect(() => kms.clientConfig('writer', { via: 's3', calledVia: [] })).toThrow('1 to 10 services, not 0');
  });
});

describe('a call through a VPC endpoint', () => {
  test('carries its ids, and is limited by its policy', async () => {
    const { kms, dataKey } = calls();
    expect(await dataKey('ThroughVpc')).toMatch(/explicit deny in a resource-based policy/);
    expect(await dataKey('ThroughVpc', { vpcEndpoint: 'App/Open' })).toBe(32);
    expect(kms.events.at(-1)).toMatchObject({
      vpcEndpointId: expect.stringMatching(/^vpce-[0-9a-f]{17}$/),
      vpcEndpointAccountId: ACCOUNT,
    });
    expect(await dataKey('Free', { vpcEndpoint: 'Narrow' })).toMatch(/because no VPC endpoint policy allows/);
    const encrypt = new EncryptCommand({ KeyId: arnOf(kms, 'Free'), Plaintext: Buffer.from('x') });
    const client = new KMSClient(kms.clientConfig('writer', { vpcEndpoint: 'Narrow' }));
    expect((await client.send(encrypt)).CiphertextBlob).toBeDefined();
  });

  test('is one of the app', () => {
    const { kms } = calls();
    expect(() => kms.clientConfig('writer', { vpcEndpoint: 'Opn' })).toThrow(
      /no VPC endpoint for KMS is called "Opn"; did you mean App\/Open\?/,
    );
    expect(() => kms.clientConfig('writer', { vpcEndpoint: 'Open', via: 'S3!' })).toThrow(
      /via must be a service.*exclude each other/,
    );
  });
});

describe('headers that claim a way', () => {
  test('do over a socket what options do in the process, and the explanation says what decided', async () => {
    await using kms = await startLocalKms({ app: app.folder });
    const { body, headers } = await raw(
      kms,
      'GenerateDataKey',
      { KeyId: arnOf(kms, 'Free'), KeySpec: 'AES_256' },
      {
        as: 'writer',
        headers: { 'x-keysmith-vpc-endpoint': 'Narrow', 'x-keysmith-explain': '1' },
      },
    );
    expect(body['__type']).toBe('AccessDeniedException');
    expect(headers['x-keysmith-explain']).toMatch(
      /^denied: policy of VPC endpoint App\/Narrow does not allow kms:GenerateDataKey/,
    );
    const wrong = await raw(kms, 'ListKeys', {}, { as: 'writer', headers: { 'x-keysmith-via': 'a b' } });
    expect(wrong.body).toEqual({ __type: 'ValidationException' });
  });

  test('are refused from another machine', () => {
    const { world } = build(settingsOf({ app: app.folder }));
    const headers = new Map([['x-keysmith-via', 's3']]);
    const request = {
      method: 'POST',
      path: '/',
      query: [],
      headers,
      body: new Uint8Array(),
      sourceAddress: '192.0.2.1',
    };
    const identity = { principal: rootOf(ACCOUNT, 'us-east-1'), session: undefined, accessKeyId: undefined };
    expect(() => claimsOf(request, world, 'us-east-1', identity)).toThrow(
      expect.objectContaining({ exception: 'ValidationException' }),
    );
    expect(claimsOf({ ...request, sourceAddress: '127.0.0.1' }, world, 'us-east-1', identity).via).toBe(
      's3.us-east-1.amazonaws.com',
    );
  });
});

describe('policies of the organization', () => {
  const scp = join(app.folder, 'scp.json');
  const rcp = join(app.folder, 'rcp.json');
  beforeAll(() => {
    const deny = { Effect: 'Deny', Action: 'kms:GenerateDataKey', Resource: '*' };
    writeFileSync(
      scp,
      JSON.stringify([
        { level: 1, type: 'SERVICE_CONTROL_POLICY', name: 'FullAWSAccess' },
        {
          level: 2,
          type: 'SERVICE_CONTROL_POLICY',
          name: 'keys',
          accounts: [ACCOUNT],
          document: document(deny, everyKey),
        },
      ]),
    );
    writeFileSync(
      rcp,
      JSON.stringify(
        document({ ...deny, Principal: '*', Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1234567890' } } }),
      ),
    );
  });
  afterAll(() => rmSync(rcp, { force: true }));

  test('limit whom they are for', async () => {
    const limited = calls({ organization: { scp: [scp] } });
    expect(await limited.dataKey('Free')).toMatch(/with an explicit deny in a service control policy/);
    // The other account may, as far as its own organization goes.
    expect(await limited.dataKey('Free', {}, 'reader')).toMatch(/because no resource-based policy allows/);
    expect(await calls({ organization: { rcp: [rcp] } }).dataKey('Free')).toMatch(
      /explicit deny in a resource control policy/,
    );
    expect(await calls({ organization: { id: 'o-1234567890', rcp: [rcp] } }).dataKey('Free')).toBe(32);
  });

  test('are files with policies in them', () => {
    expect(() => calls({ organization: { scp: [join(app.folder, 'manifest.json')] } })).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        message: expect.stringMatching(/organization: control policies are malformed/),
      }),
    );
    expect(() => calls({ organization: { id: 'x' } })).toThrow(/organization\.id must be o-/);
  });

  test('limit every operation, also those without a key', async () => {
    writeFileSync(scp, JSON.stringify(document({ Effect: 'Deny', Action: 'kms:List*', Resource: '*' })));
    const { kms } = calls({ organization: { scp: [scp] } });
    const list = new KMSClient({ ...kms.clientConfig('writer'), maxAttempts: 1 }).send(new ListKeysCommand({}));
    expect((await failure(list)).message).toMatch(/service control policy/);
  });
});
