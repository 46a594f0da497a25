import { generateKeyPairSync } from 'node:crypto';
import { GenerateRandomCommand, KMSClient } from '@aws-sdk/client-kms';
import { createLocalKms, type LocalKms } from '@cdk-keysmith/local-kms';
import { exportJWK, SignJWT } from 'jose';
import { ACCOUNT, role, writeApp } from './small-app.ts';
import { credentialsIn } from './sts.ts';

const ISSUER = 'https://tokens.example/tenant';
const NAME = 'tokens.example/tenant';
const federated = { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${NAME}` };
const trust = (more: object = {}) => ({
  Effect: 'Allow',
  Principal: federated,
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: { StringEquals: { [`${NAME}:aud`]: 'sts.amazonaws.com', [`${NAME}:sub`]: 'repo:shop/orders' } },
  ...more,
});
const random = { Effect: 'Allow', Action: 'kms:GenerateRandom', Resource: '*' };
const app = writeApp({
  Deployer: role('deployer', [trust()], [random]),
  Tagged: role(
    'tagged',
    [trust({ Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'] })],
    [{ ...random, Condition: { StringEquals: { 'aws:PrincipalTag/team': 'books' } } }],
  ),
  Other: role('other', [trust({ Principal: { Federated: 'cognito-identity.amazonaws.com' } })]),
});
afterAll(app.remove);

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

async function started(): Promise<LocalKms> {
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kty: 'EC', kid: '1', alg: 'ES256' }] };
  const webIdentityProviders = [{ issuer: ISSUER, audiences: ['sts.amazonaws.com'], jwks }];
  return createLocalKms({ app: app.folder, webIdentityProviders });
}

interface Claims {
  readonly issuer?: string;
  readonly subject?: string;
  readonly audience?: string;
  readonly ends?: string;
  readonly key?: typeof privateKey;
  readonly more?: Record<string, unknown>;
}

function token({
  issuer = ISSUER,
  subject = 'repo:shop/orders',
  audience = 'sts.amazonaws.com',
  ends = '5m',
  key = privateKey,
  more = {},
}: Claims = {}) {
  const jwt = new SignJWT(more)
    .setProtectedHeader({ alg: 'ES256', kid: '1' })
    .setIssuedAt('-1h')
    .setExpirationTime(ends);
  return jwt.setIssuer(issuer).setSubject(subject).setAudience(audience).sign(key);
}

/** Unsigned, as the SDKs send it. */
async function assume(kms: LocalKms, WebIdentityToken: string, name = 'deployer', more: Record<string, string> = {}) {
  const form = {
    Action: 'AssumeRoleWithWebIdentity',
    RoleArn: `arn:aws:iam::${ACCOUNT}:role/${name}`,
    RoleSessionName: 'run',
    WebIdentityToken,
    ...more,
  };
  const { response } = await kms.clientConfig().requestHandler.handle({
    method: 'POST',
    path: '/',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  });
  const xml = Buffer.from(response.body).toString('utf8');
  return { status: response.statusCode, xml, code: /<Code>(\w+)<\/Code>/.exec(xml)?.[1] };
}

describe('AssumeRoleWithWebIdentity', () => {
  const client = (kms: LocalKms, xml: string) =>
    new KMSClient({ ...kms.clientConfig(), credentials: credentialsIn(xml), maxAttempts: 1 });

  test('gives a role to whom a provider vouches for, and the credentials work', async () => {
    const kms = await started();
    const { status, xml } = await assume(kms, await token());
    expect([status, xml]).toEqual([200, expect.stringContaining('<SubjectFromWebIdentityToken>repo:shop/orders<')]);
    expect((await client(kms, xml).send(new GenerateRandomCommand({ NumberOfBytes: 8 }))).Plaintext).toHaveLength(8);
  });

  test('limits the session by a managed policy', async () => {
    const kms = await started();
    const random = async (name: string) => {
      const more = { 'PolicyArns.member.1.arn': `arn:aws:iam::aws:policy/${name}` };
      const { xml } = await assume(kms, await token(), 'deployer', more);
      await client(kms, xml)
        .send(new GenerateRandomCommand({ NumberOfBytes: 8 }))
        .catch(() => undefined);
      return kms.events.at(-1)?.decision?.verdict;
    };
    expect([await random('AdministratorAccess'), await random('ReadOnlyAccess')]).toEqual(['allowed', 'denied']);
  });

  test('takes the tags of the token where the trust policy lets it', async () => {
    const kms = await started();
    const tagged = await token({ more: { 'https://aws.amazon.com/tags': { principal_tags: { team: ['books'] } } } });
    const { xml } = await assume(kms, tagged, 'tagged');
    expect((await client(kms, xml).send(new GenerateRandomCommand({ NumberOfBytes: 8 }))).Plaintext).toHaveLength(8);
    expect((await assume(kms, tagged)).code).toBe('AccessDenied');
  });

  test.each<[string, Claims, string]>([
    ['another subject', { subject: 'repo:shop/other' }, 'AccessDenied'],
    ['another audience', { audience: 'elsewhere' }, 'InvalidIdentityToken'],
    ['another issuer', { issuer: 'https://tokens.example' }, 'InvalidIdentityToken'],
    [
      'a key of its own',
      { key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey },
      'InvalidIdentityToken',
    ],
    ['an end in the past', { ends: '-1m' }, 'ExpiredToken'],
  ])('refuses a token with %s', async (_what, claims, code) => {
    expect((await assume(await started(), await token(claims))).code).toBe(code);
  });

  test('refuses what is no token, an unsigned one, and a role that trusts somebody else', async () => {
    const kms = await started();
    expect((await assume(kms, 'x')).code).toBe('InvalidIdentityToken');
    const [head = '', payload = ''] = (await token()).split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    expect((await assume(kms, `${none}.${payload}.`)).code).toBe('InvalidIdentityToken');
    expect((await assume(kms, `${head}.${payload}.AAAA`)).code).toBe('InvalidIdentityToken');
    expect((await assume(kms, await token(), 'other')).code).toBe('AccessDenied');
    expect((await assume(createLocalKms({ app: app.folder }), await token())).code).toBe('InvalidIdentityToken');
  });

  test('has providers with public keys only', () => {
    const jwks = { keys: [{ kty: 'EC', d: 'x' }] };
    expect(() => createLocalKms({ webIdentityProviders: [{ issuer: 'http://x', audiences: [], jwks }] })).toThrow(
      /issuer must be a URL.*audiences must name.*jwks must be a set of public keys/,
    );
  });
});
