import { CreateKeyCommand, EncryptCommand, KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import { type LocalKmsServer, startLocalKms } from '@cdk-keysmith/local-kms';
import { clientAs, failure, keyArnOf, LEDGER, post } from './support.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

describe('the endpoints of the local KMS', () => {
  let kms: LocalKmsServer;
  beforeEach(async () => {
    kms = await startLocalKms({ app: LEDGER });
  });
  afterEach(() => kms.close());

  const asked = async (
    method: string,
    path: string,
    body: unknown = '',
    headers: Record<string, string> = JSON_TYPE,
  ) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await post(kms.url, headers, text, `/_keysmith/${path}`, method);
    return { status: answer.status, body: answer.text === '' ? undefined : JSON.parse(answer.text) };
  };

  test('tell that it is there, and what it is', async () => {
    expect(await asked('GET', 'health')).toEqual({
      status: 200,
      body: {
        status: 'ok',
        mode: 'enforce',
        account: '111122223333',
        region: 'us-east-1',
        keys: 4,
        deterministic: false,
        now: expect.any(String),
      },
    });
  });

  test('go back to the beginning', async () => {
    await clientAs(kms).send(new CreateKeyCommand({}));
    await asked('POST', 'clock', { advanceMillis: 1000 });
    expect(await asked('POST', 'reset', '', {})).toEqual({ status: 204, body: undefined });
    expect([kms.keys().length, kms.events.length, kms.clock.movedBy]).toEqual([4, 0, 0]);
  });

  test('move the clock, for clients that then correct theirs', async () => {
    const { body } = await asked('POST', 'clock', { set: '2030-01-01T00:00:00Z' });
    expect(body.now).toMatch(/^2030-01-01T00:00:0/);
    await asked('POST', 'clock', { advanceMillis: 86_400_000 });
    expect((await asked('GET', 'clock')).body.now).toMatch(/^2030-01-02/);
    const credentials = kms.administratorCredentials();
    const client = new KMSClient({ endpoint: kms.url, region: 'us-east-1', credentials });
    await client.send(new ListKeysCommand({}));
    client.destroy();
    expect((await asked('DELETE', 'clock')).body.movedByMillis).toBe(0);
  });

  test.each([
    [{}, /either advanceMillis, a number, or set/],
    [{ set: '2030-01-01T00:00:00Z', advanceMillis: 1 }, /either/],
    [{ advanceMillis: '1' }, /millis must be a number from 0/],
    [{ advanceMillis: -1 }, /millis must be a number from 0/],
    [{ set: 'tomorrow' }, /set must be a date such as/],
    [{ set: '2300-01-01' }, /the clock goes from 1970/],
    ['[]', /must be a JSON object/],
  ])('do not move the clock by %j', async (body, message) => {
    const answer = await asked('POST', 'clock', body);
    expect([answer.status, answer.body.message]).toEqual([400, expect.stringMatching(message)]);
    expect(kms.clock.movedBy).toBe(0);
  });

  test('tell keys, principals and calls with their reasons, and nothing that is secret', async () => {
    const KeyId = keyArnOf(kms, 'Ledger/Key');
    const Plaintext = Buffer.from('a secret that nobody tells');
    const EncryptionContext = { service: 'ledger' };
    const { CiphertextBlob } = await clientAs(kms).send(new EncryptCommand({ KeyId, Plaintext, EncryptionContext }));
    await failure(clientAs(kms, 'Ledger/Writer').send(new EncryptCommand({ KeyId, Plaintext })));
    kms.inject({ fault: { kind: 'latency', millis: 1 } });
    const { body } = await asked('GET', 'status');
    expect(body).toMatchObject({ mode: 'enforce', keyCount: 4, faults: [{ id: 'fault-1' }] });
    expect(body.keys.find(({ arn }: { arn: string }) => arn === KeyId)).toMatchObject({
      constructPath: 'Ledger/Key',
      aliases: ['alias/ledger'],
      state: 'Enabled',
      policy: expect.stringContaining('NobodyReencrypts'),
      lastUse: { operation: 'Encrypt' },
    });
    expect(body.calls).toMatchObject([
      {
        outcome: 'denied',
        operation: 'Encrypt',
        reasons: expect.arrayContaining([expect.stringMatching(/no identity/)]),
      },
      { outcome: 'allowed', operation: 'Encrypt', encryptionContext: EncryptionContext },
    ]);
    const text = JSON.stringify(body);
    for (const secret of [
      Plaintext.toString(),
      Plaintext.toString('base64'),
      Buffer.from(CiphertextBlob ?? []).toString('base64'),
      kms.credentialsFor('Ledger/Writer').secretAccessKey,
    ]) {
      expect(text).not.toContain(secret);
    }
  });

  test('have a page that loads nothing and runs nothing but its script', async () => {
    const answer = await fetch(`${kms.url}/_keysmith/`);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-\S+'; script-src 'sha256-\S+'; connect-src 'self';/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    const page = await answer.text();
    expect(page).not.toMatch(/(?:src|href)="(?!#|status")/);
    expect(page).not.toMatch(/innerHTML|insertAdjacent|document\.write|\son\w+=/);
  });

  test.each<[string, Record<string, string>]>([
    ['of another site', { origin: 'https://example.com' }],
    ['of another port', { origin: 'http://127.0.0.1:1' }],
    ['without an origin', { origin: 'null' }],
    ['of another site, by a link', { 'sec-fetch-site': 'cross-site' }],
    ['of another name of this machine', { 'sec-fetch-site': 'same-site' }],
    ['whose name was made to mean this machine', { host: 'rebound.example.com' }],
  ])('are not to be had for a web page %s', async (_what, headers) => {
    for (const [method, path] of [
      ['GET', 'status'],
      ['GET', ''],
      ['POST', 'reset'],
      ['POST', 'clock'],
    ] as const) {
      expect((await asked(method, path, '', { ...JSON_TYPE, ...headers })).status).toBe(403);
    }
  });

  test('are to be had for its own page', async () => {
    const headers = { origin: kms.url, 'sec-fetch-site': 'same-origin' };
    expect((await asked('GET', 'status', '', headers)).status).toBe(200);
  });
});

test('without signatures a web page cannot call KMS and STS, under its own name or another', async () => {
  await using kms = await startLocalKms({ mode: 'off' });
  const call = { 'x-amz-target': 'TrentService.CreateKey', 'content-type': 'application/x-amz-json-1.1' };
  const rebound = `rebound.example.com:${kms.port}`;
  for (const page of [
    { origin: 'https://example.com' },
    { 'sec-fetch-site': 'cross-site' },
    { origin: `http://${rebound}`, host: rebound },
  ]) {
    expect((await post(kms.url, { ...call, ...page }, '{}')).status).toBe(403);
  }
  expect(kms.keys()).toEqual([]);
  // A container calls by the name of another.
  expect((await post(kms.url, { ...call, host: 'kms:8200' }, '{}')).status).toBe(200);
});
