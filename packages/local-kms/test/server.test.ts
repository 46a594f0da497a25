import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeKeyCommand, GenerateDataKeyCommand, KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import { createLocalKms, LocalKmsError, type LocalKmsServer, startLocalKms } from '@cdk-keysmith/local-kms';
import { ACCOUNT, role, writeApp } from './small-app.ts';
import { failure, LEDGER, post, runModule, until } from './support.ts';

const TO_CREATE = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'TrentService.CreateKey' };

describe('a local KMS that listens', () => {
  let kms: LocalKmsServer;
  beforeEach(async () => {
    kms = await startLocalKms({ app: LEDGER });
  });
  afterEach(() => kms.close());

  test('serves an unmodified client by its endpoint option', async () => {
    expect(kms.url).toBe(`http://127.0.0.1:${kms.port}`);
    const client = new KMSClient({
      endpoint: kms.url,
      region: 'us-east-1',
      credentials: kms.credentialsFor('Writer'),
    });
    const answer = await client.send(
      new GenerateDataKeyCommand({
        KeyId: 'alias/ledger',
        KeySpec: 'AES_256',
        EncryptionContext: { service: 'ledger', tenant: 'a' },
      }),
    );
    expect(answer.Plaintext).toHaveLength(32);
    expect(answer.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
    client.destroy();
  });

  test('serves another process that only has its environment', async () => {
    const source = `
      import { KMSClient, GenerateDataKeyCommand } from '@aws-sdk/client-kms';
      const context = { service: 'ledger', tenant: 'a' };
      const client = new KMSClient();
      const made = await client.send(
        new GenerateDataKeyCommand({ KeyId: process.env.KEY_ARN, KeySpec: 'AES_256', EncryptionContext: context }),
      );
      const refused = await client.send(new GenerateDataKeyCommand({ KeyId: process.env.KEY_ARN, KeySpec: 'AES_256' })).catch((e) => e.name);
      console.log(made.KeyId === process.env.KEY_ARN, made.CiphertextBlob.length, refused);`;
    expect(await runModule(source, kms.environmentFor('Writer'))).toBe('true 184 AccessDeniedException');
  });

  test('lets a profile of the SDK assume a role by its own STS', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'local-kms-'));
    try {
      const { accessKeyId, secretAccessKey } = kms.credentialsFor('operator');
      const config = join(folder, 'config');
      writeFileSync(
        config,
        `[profile operator]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n` +
          '[profile reader]\nrole_arn = arn:aws:iam::111122223333:role/ledger-reader\nsource_profile = operator\nregion = us-east-1\n',
      );
      const source = `
        import { KMSClient, DescribeKeyCommand } from '@aws-sdk/client-kms';
        const { KeyMetadata } = await new KMSClient().send(new DescribeKeyCommand({ KeyId: 'alias/ledger' }));
        console.log(KeyMetadata.Arn);`;
      const stdout = await runModule(source, {
        AWS_CONFIG_FILE: config,
        AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'),
        AWS_PROFILE: 'reader',
        AWS_REGION: 'us-east-1',
        AWS_ENDPOINT_URL_KMS: kms.url,
        AWS_ENDPOINT_URL_STS: kms.url,
      });
      expect(stdout).toBe(kms.functionNamed('Writer').environment['KEY_ARN']);
      expect(kms.events.map(({ eventName }) => eventName)).toEqual(['AssumeRole', 'DescribeKey']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('tells an SDK whose clock is off the right time, so that it can go on', async () => {
    const tomorrow = new Date(Date.now() + 24 * 60 * 60 * 1000);
    await using moved = await startLocalKms({ clock: () => tomorrow });
    const client = new KMSClient({
      endpoint: moved.url,
      region: 'us-east-1',
      credentials: moved.administratorCredentials(),
    });
    await expect(client.send(new ListKeysCommand({}))).resolves.toMatchObject({ Keys: [] });
    expect(moved.events.map(({ errorCode }) => errorCode)).toEqual(['InvalidSignatureException', undefined]);
    client.destroy();
  });

  test.each([
    ['a body over 1 MiB', { 'x-amz-target': 'TrentService.ListKeys' }, Buffer.alloc(1024 * 1024 + 1), '/', 'POST', 413],
    ['an endless header', { 'x-amz-target': 'x'.repeat(40_000) }, '', '/', 'POST', 431],
    ['another path', {}, '{}', '/keys', 'POST', 404],
    ['another method', {}, '', '/', 'GET', 404],
    ['no signature', { 'x-amz-target': 'TrentService.ListKeys' }, '{}', '/', 'POST', 400],
    ['nothing at all', {}, '', '/', 'POST', 400],
    ['a form that is none', { 'content-type': 'application/x-www-form-urlencoded' }, '%%%', '/', 'POST', 403],
  ])('refuses %s and goes on', async (_what, headers, body, path, method, status) => {
    expect((await post(kms.url, headers, body, path, method)).status).toBe(status);
    const client = new KMSClient({
      endpoint: kms.url,
      region: 'us-east-1',
      credentials: kms.administratorCredentials(),
    });
    await expect(client.send(new DescribeKeyCommand({ KeyId: 'alias/ledger' }))).resolves.toBeDefined();
    client.destroy();
  });

  test('sees a repeated header whole, and not one of its values', async () => {
    await using open = await startLocalKms({ mode: 'off' });
    const twice = { 'x-amz-target': ['TrentService.ListKeys', 'TrentService.CreateKey'] };
    const answer = await post(open.url, twice, '{}');
    expect(answer).toEqual({ status: 400, text: '{"__type":"UnknownOperationException"}' });
    expect(open.keys()).toEqual([]);
  });

  test.each([
    ['in chunks', { 'transfer-encoding': 'chunked' }],
    ['only once it is asked for', { expect: '100-continue' }],
  ])('takes a body that is sent %s, as some clients do', async (_how, headers) => {
    await using open = await startLocalKms({ mode: 'off' });
    const status = await new Promise((done, fail) => {
      const sent = request(open.url, { method: 'POST', agent: false, headers: { ...TO_CREATE, ...headers } });
      sent.on('response', (response) => done(response.resume().statusCode)).on('error', fail);
      const body = () => {
        sent.write('{"Description":');
        sent.end('"in two pieces"}');
      };
      if ('expect' in headers) sent.on('continue', body).flushHeaders();
      else body();
    });
    expect(status).toBe(200);
    expect(open.events.map(({ eventName, errorCode }) => [eventName, errorCode])).toEqual([['CreateKey', undefined]]);
    expect(open.keys()).toHaveLength(1);
  });

  test('says who else has its port', async () => {
    const error = await failure(startLocalKms({ port: kms.port }));
    expect(error).toBeInstanceOf(LocalKmsError);
    expect(error).toMatchObject({
      code: 'PORT_IN_USE',
      message: `port ${kms.port} on 127.0.0.1 is in use: stop what listens there, or use port 0 for a free one`,
    });
  });

  test('leaves its port, its keys and its credentials when it is closed, twice if need be', async () => {
    const client = new KMSClient({
      endpoint: kms.url,
      region: 'us-east-1',
      credentials: kms.administratorCredentials(),
      maxAttempts: 1,
    });
    await client.send(new ListKeysCommand({}));
    await kms.close();
    await kms.close();
    expect(kms.keys()).toEqual([]);
    client.destroy();
    expect(await failure(post(kms.url, {}, ''))).toMatchObject({ code: 'ECONNREFUSED' });
    await new Promise<void>((done, fail) => {
      const taker = createServer().once('error', fail);
      taker.listen(kms.port, '127.0.0.1', () => taker.close(() => done()));
    });
  });

  test('keeps no process alive once it is closed', async () => {
    const listening = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length;
    const agent = new Agent({ keepAlive: true });
    // The one of this test alone: what others closed is still there for a moment.
    await until(() => listening() === 1);
    await using other = await startLocalKms();
    expect((await post(other.url, {}, '', '/', 'POST', agent)).status).toBe(400);
    expect(listening()).toBe(2);
    await other.close();
    await until(() => listening() === 1);
    // The connection that the client wanted to keep is closed from this side.
    await until(() => Object.keys(agent.freeSockets).length === 0);
  });
});

describe('options', () => {
  test.each(['0.0.0.0', '192.0.2.1', '::', 'example.com', '127.0.0.1.example.com'])(
    'refuse to listen on %s',
    async (host) => {
      expect(await failure(startLocalKms({ host }))).toMatchObject({
        code: 'NOT_LOOPBACK',
        message: expect.stringContaining(host),
      });
    },
  );

  test('listen elsewhere when told', async () => {
    await using kms = await startLocalKms({ host: '0.0.0.0', allowRemote: true });
    expect((await post(`http://127.0.0.1:${kms.port}`, {}, '')).status).toBe(400);
  });

  test('are all told when they are wrong', () => {
    const make = () => createLocalKms({ account: '1', region: 'Mars', mode: 'none' as 'off' });
    expect(make).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringMatching(/account.*region.*mode/) }),
    );
  });

  test('name a folder that holds an app', () => {
    expect(() => createLocalKms({ app: __dirname })).toThrow(expect.objectContaining({ code: 'INVALID_APP' }));
  });
});

test('what a function or a configuration file says of endpoints leads nobody around the address', async () => {
  const Variables = { AWS_USE_FIPS_ENDPOINT: 'true', TABLE: 'chalk' };
  const Role = `arn:aws:iam::${ACCOUNT}:role/Caller`;
  const Fn = { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'Fn', Role, Environment: { Variables } } };
  const app = writeApp({ Caller: role('Caller', []), Fn });
  await using kms = await startLocalKms({ app: app.folder });
  expect(kms.environmentFor('Caller')).not.toHaveProperty('TABLE');
  const environment = kms.environmentFor('Fn');
  expect(environment).toMatchObject({ TABLE: 'chalk', AWS_ENDPOINT_URL_KMS: kms.url });
  for (const name of ['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS', 'AWS_USE_FIPS_ENDPOINT', 'AWS_USE_DUALSTACK_ENDPOINT']) {
    expect(environment[name]).toBe('false');
  }
  app.remove();
});
