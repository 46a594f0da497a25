import { createHash } from 'node:crypto';
import { createLocalKms, type HandlerRequest, type LocalCredentials, type LocalKms } from '@cdk-keysmith/local-kms';
import type { Authorization } from '../src/sigv4/authorization.ts';
import { signatureOf, signingKeyOf } from '../src/sigv4/canonical.ts';
import type { WireRequest } from '../src/wire/message.ts';
import { credentialsIn, sts } from './sts.ts';
import { LEDGER, raw } from './support.ts';

const MINUTE = 60_000;

describe('Signature Version 4', () => {
  test('has the value that AWS published for its example', () => {
    const request: WireRequest = {
      method: 'GET',
      path: '/',
      query: [],
      headers: new Map([
        ['host', 'example.amazonaws.com'],
        ['x-amz-date', '20150830T123600Z'],
      ]),
      body: new Uint8Array(),
      sourceAddress: '127.0.0.1',
    };
    const authorization: Authorization = {
      accessKeyId: 'AKIDEXAMPLE',
      date: '20150830',
      region: 'us-east-1',
      service: 'service',
      signedHeaders: ['host', 'x-amz-date'],
      signature: '',
      timestamp: '20150830T123600Z',
      sessionToken: '',
      expiresSeconds: undefined,
    };
    const key = signingKeyOf('wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', authorization);
    expect(signatureOf(request, authorization, key)).toBe(
      '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
    );
  });

  const INVALID_SIGNATURE = {
    __type: 'InvalidSignatureException',
    message: expect.stringMatching(/^The request signature we calculated does not match the signature you provided/),
  };
  const header = (name: string, change: (value: string) => string) => (request: HandlerRequest) => ({
    ...request,
    headers: { ...request.headers, [name]: change(request.headers[name] ?? '') },
  });
  const without = (name: string) => (request: HandlerRequest) => ({
    ...request,
    headers: Object.fromEntries(Object.entries(request.headers).filter(([one]) => one !== name)),
  });

  test.each<[string, (request: HandlerRequest) => HandlerRequest]>([
    ['the body', (request) => ({ ...request, body: '{"Limit":1}' })],
    ['the operation', header('x-amz-target', () => 'TrentService.ListAliases')],
    ['the host', header('host', () => 'other')],
    ['the query', (request) => ({ ...request, query: { a: 'b' } })],
    ['one digit of the signature', header('authorization', (v) => v.replace(/.$/, (c) => (c === '0' ? '1' : '0')))],
    ['the Region of the scope', header('authorization', (v) => v.replace('us-east-1', 'eu-west-1'))],
    [
      'the claimed hash of the body together with it',
      (request) => ({
        ...request,
        body: '{"Limit":2}',
        headers: {
          ...request.headers,
          'x-amz-content-sha256': createHash('sha256').update('{"Limit":2}').digest('hex'),
        },
      }),
    ],
  ])('does not fit once %s is changed', async (_what, tamper) => {
    const { status, body } = await raw(createLocalKms(), 'ListKeys', {}, { tamper });
    expect([status, body]).toEqual([400, INVALID_SIGNATURE]);
  });

  test('does not fit with another secret', async () => {
    const kms = createLocalKms();
    const credentials = { ...kms.administratorCredentials(), secretAccessKey: 'another' };
    expect((await raw(kms, 'ListKeys', {}, { config: { credentials } })).body).toEqual(INVALID_SIGNATURE);
  });

  test.each<[string, (request: HandlerRequest) => HandlerRequest, string]>([
    ['is missing', without('authorization'), 'MissingAuthenticationTokenException'],
    ['is of another algorithm', header('authorization', () => 'Basic dGVzdDp0ZXN0'), 'IncompleteSignatureException'],
    [
      'has no scope',
      header('authorization', () => 'AWS4-HMAC-SHA256 SignedHeaders=host, Signature=00'),
      'IncompleteSignatureException',
    ],
    ['is endless', header('authorization', (v) => v + 'x'.repeat(10_000)), 'IncompleteSignatureException'],
    ['does not cover the host', header('authorization', (v) => v.replace('host;', '')), 'IncompleteSignatureException'],
    [
      'does not cover the operation',
      header('authorization', (v) => v.replace('x-amz-target;', '')),
      'IncompleteSignatureException',
    ],
    ['has no date', without('x-amz-date'), 'IncompleteSignatureException'],
    ['has a date that is none', header('x-amz-date', () => '20269999T000000Z'), 'IncompleteSignatureException'],
    ['is for another service', header('authorization', (v) => v.replace('/kms/', '/s3/')), 'InvalidSignatureException'],
  ])('is refused when it %s', async (_what, tamper, exception) => {
    const { status, body } = await raw(createLocalKms(), 'ListKeys', {}, { tamper });
    expect([status, body['__type']]).toEqual([400, exception]);
  });

  test.each(['global', 'us-east', 'us-east-1a', 'local-1', 'x'])(
    'is refused when its scope is %s, which is no Region',
    async (region) => {
      const { status, body } = await raw(createLocalKms(), 'ListKeys', {}, { config: { region } });
      const message = 'Credential should be scoped to a valid region. ';
      expect([status, body]).toEqual([400, { __type: 'InvalidSignatureException', message }]);
    },
  );

  test('is taken for every Region, of every partition', async () => {
    const kms = createLocalKms();
    for (const region of ['eu-central-1', 'us-gov-west-1', 'cn-north-1', 'us-iso-east-1', 'mx-central-1']) {
      expect((await raw(kms, 'ListKeys', {}, { config: { region } })).status).toBe(200);
    }
  });

  test.each([
    [-6 * MINUTE, /^Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 5 min\.\)$/],
    [6 * MINUTE, /^Signature not yet current: \d{8}T\d{6}Z is still later than /],
  ])('is refused when the clock is off by %i ms', async (systemClockOffset, message) => {
    const { body } = await raw(createLocalKms(), 'ListKeys', {}, { config: { systemClockOffset } });
    expect(body).toEqual({ __type: 'InvalidSignatureException', message: expect.stringMatching(message) });
  });

  test.each([-4 * MINUTE, 4 * MINUTE])('is accepted when the clock is off by %i ms', async (systemClockOffset) => {
    expect((await raw(createLocalKms(), 'ListKeys', {}, { config: { systemClockOffset } })).status).toBe(200);
  });
});

describe('credentials', () => {
  const UNKNOWN = {
    __type: 'UnrecognizedClientException',
    message: 'The security token included in the request is invalid.',
  };
  const listAs = async (kms: LocalKms, credentials: LocalCredentials) =>
    (await raw(kms, 'ListKeys', {}, { config: { credentials } })).body;

  test('that nobody handed out are unknown', async () => {
    const kms = createLocalKms();
    expect(await listAs(kms, { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' })).toEqual(UNKNOWN);
    expect(await listAs(kms, createLocalKms().administratorCredentials())).toEqual(UNKNOWN);
  });

  test('need their own session token', async () => {
    const kms = createLocalKms({ app: LEDGER });
    const [one, other] = [kms.credentialsFor('Writer'), kms.credentialsFor('Bounded')];
    const { sessionToken: _, ...bare } = one;
    expect(await listAs(kms, bare)).toEqual(UNKNOWN);
    expect(await listAs(kms, { ...one, sessionToken: String(other.sessionToken) })).toEqual(UNKNOWN);
    expect(await listAs(kms, { ...kms.administratorCredentials(), sessionToken: String(one.sessionToken) })).toEqual(
      UNKNOWN,
    );
    expect((await listAs(kms, one))['__type']).toBe('AccessDeniedException');
  });

  test('of a role end after twelve hours, those of a user do not', async () => {
    let now = new Date();
    const kms = createLocalKms({ app: LEDGER, clock: () => now });
    const [role, user] = [kms.credentialsFor('Writer'), kms.credentialsFor('operator')];
    expect(role.expiration).toEqual(new Date(now.getTime() + 12 * 60 * MINUTE));
    expect(user).not.toHaveProperty('sessionToken');
    const at = async (offset: number, credentials: LocalCredentials) => {
      now = new Date(Date.now() + offset);
      return (await raw(kms, 'ListKeys', {}, { config: { credentials, systemClockOffset: offset } })).body['__type'];
    };
    expect(await at(11 * 60 * MINUTE, role)).toBe('AccessDeniedException');
    expect(await at(13 * 60 * MINUTE, role)).toBe('ExpiredTokenException');
    expect(await at(10_000 * 60 * MINUTE, user)).toBe('AccessDeniedException');
  });

  test('without the secret do not tell that they are expired', async () => {
    let now = new Date();
    const kms = createLocalKms({ app: LEDGER, clock: () => now });
    const credentials = { ...kms.credentialsFor('Writer'), secretAccessKey: 'guessed' };
    const systemClockOffset = 24 * 60 * MINUTE;
    now = new Date(Date.now() + systemClockOffset);
    const { body } = await raw(kms, 'ListKeys', {}, { config: { credentials, systemClockOffset } });
    expect(body['__type']).toBe('InvalidSignatureException');
  });
});

describe('the local STS', () => {
  test('tells everybody who they are', async () => {
    const kms = createLocalKms({ app: LEDGER });
    const { status, xml } = await sts(kms, kms.credentialsFor('Writer'), { Action: 'GetCallerIdentity' });
    expect(status).toBe(200);
    expect(xml).toContain('<Arn>arn:aws:sts::111122223333:assumed-role/Ledger-WriterRole/Ledger-WriterFunction</Arn>');
    expect(xml).toContain('<Account>111122223333</Account>');
    expect(xml).toMatch(/<UserId>AROA[A-Z2-7]{17}:Ledger-WriterFunction<\/UserId>/);
  });

  const READER = 'arn:aws:iam::111122223333:role/ledger-reader';
  const assume = (kms: LocalKms, credentials: LocalCredentials, more: Record<string, string> = {}) =>
    sts(kms, credentials, { Action: 'AssumeRole', RoleArn: READER, RoleSessionName: 'test', ...more });

  test('gives a role to whom its trust policy names, and the credentials work', async () => {
    const kms = createLocalKms({ app: LEDGER });
    const { status, xml } = await assume(kms, kms.credentialsFor('operator'));
    expect(status).toBe(200);
    const credentials = credentialsIn(xml);
    const { body } = await raw(kms, 'DescribeKey', { KeyId: 'alias/ledger' }, { config: { credentials } });
    expect(body['KeyMetadata']).toBeDefined();
    expect(kms.events.at(-1)?.userIdentity.arn).toBe('arn:aws:sts::111122223333:assumed-role/ledger-reader/test');
    expect((await raw(kms, 'ListKeys', {}, { config: { credentials } })).body['__type']).toBe('AccessDeniedException');
  });

  test('lets a session policy take away, and not give', async () => {
    const kms = createLocalKms({ app: LEDGER });
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: ['kms:GetKeyPolicy', 'kms:ListKeys'], Resource: '*' }],
    });
    const credentials = credentialsIn((await assume(kms, kms.credentialsFor('operator'), { Policy })).xml);
    const KeyId = kms.keys().find(({ constructPath }) => constructPath === 'Ledger/Key')?.arn;
    const call = (operation: string, body: object) => raw(kms, operation, body, { config: { credentials } });
    expect((await call('GetKeyPolicy', { KeyId })).status).toBe(200);
    expect((await call('DescribeKey', { KeyId })).body['Message']).toMatch(
      /no session policy allows the kms:DescribeKey/,
    );
    expect((await call('ListKeys', {})).body['Message']).toMatch(/no identity-based policy/);
  });

  test('gives a role that trusts the account to its root user, and not to a user without a policy for it', async () => {
    const kms = createLocalKms({ app: LEDGER });
    const RoleArn = 'arn:aws:iam::111122223333:role/Ledger-BoundedRole';
    expect((await assume(kms, kms.administratorCredentials(), { RoleArn })).status).toBe(200);
    expect((await assume(kms, kms.administratorCredentials('444455556666'), { RoleArn })).status).toBe(403);
    expect((await assume(kms, kms.credentialsFor('operator'), { RoleArn })).status).toBe(403);
    expect(kms.events.at(-1)?.explanation).toMatch(/no identity policy of .* allows sts:AssumeRole on this role/);
  });

  test.each([
    [
      'a role of a function to nobody',
      { RoleArn: 'arn:aws:iam::111122223333:role/Ledger-WriterRole' },
      403,
      'AccessDenied',
    ],
    ['no role that does not exist', { RoleArn: 'arn:aws:iam::111122223333:role/none' }, 403, 'AccessDenied'],
    ['no role for a day', { DurationSeconds: '86400' }, 400, 'ValidationError'],
    ['no session without a name', { RoleSessionName: '' }, 400, 'ValidationError'],
    [
      'no session with parameters that it would have to ignore',
      { SerialNumber: 'a', TokenCode: '123456' },
      400,
      'ValidationError',
    ],
    ['no session with a policy that is none', { Policy: '{}' }, 400, 'MalformedPolicyDocument'],
    ['no other action', { Action: 'GetFederationToken' }, 400, 'InvalidAction'],
  ])('gives %s', async (_what, more, status, code) => {
    const kms = createLocalKms({ app: LEDGER });
    const answer = await assume(kms, kms.credentialsFor('operator'), more);
    expect([answer.status, /<Code>(\w+)<\/Code>/.exec(answer.xml)?.[1]]).toEqual([status, code]);
  });

  test('in mode report gives every role, and says what would have been denied', async () => {
    const kms = createLocalKms({ app: LEDGER, mode: 'report' });
    const RoleArn = 'arn:aws:iam::111122223333:role/Ledger-WriterRole';
    expect((await assume(kms, kms.credentialsFor('operator'), { RoleArn })).status).toBe(200);
    expect(kms.events.at(-1)?.decision).toMatchObject({ verdict: 'denied', wouldHaveBeenDenied: true });
  });

  test('verifies signatures too, and answers in its own words', async () => {
    const kms = createLocalKms({ app: LEDGER });
    const bad = { ...kms.credentialsFor('operator'), secretAccessKey: 'another' };
    expect((await assume(kms, bad)).xml).toContain('<Code>SignatureDoesNotMatch</Code>');
    const unknown = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' };
    expect((await assume(kms, unknown)).xml).toContain('<Code>InvalidClientTokenId</Code>');
  });

  test('writes nothing that is no XML, whatever clients send', async () => {
    const kms = createLocalKms({ app: LEDGER });
    const form = { Action: 'AssumeRole', RoleArn: 'arn\u0001\u000b\uffff\u{1f511}', RoleSessionName: 'ab' };
    const { xml } = await sts(kms, kms.administratorCredentials(), form);
    expect(xml).toContain('arn\ufffd\ufffd\ufffd\u{1f511}');
  });

  test('writes what clients send as text, never as markup', async () => {
    const kms = createLocalKms({ app: LEDGER });
    const { xml } = await assume(kms, kms.credentialsFor('operator'), { RoleArn: '<script>&"' });
    expect(xml).not.toContain('<script>');
  });
});
