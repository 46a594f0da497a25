import { KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import { type LocalKmsServer, startLocalKms } from '@cdk-keysmith/local-kms';
import { control } from '../src/control/control.ts';
import type { World } from '../src/world.ts';
import { failure, LEDGER, post, runModule, until } from './support.ts';

const FAULTS = '/_keysmith/faults';
const JSON_TYPE = { 'content-type': 'application/json' };
const THROTTLING = { kind: 'error', exception: 'ThrottlingException' } as const;

describe('faults over a socket', () => {
  let kms: LocalKmsServer;
  beforeEach(async () => {
    kms = await startLocalKms({ app: LEDGER });
  });
  afterEach(() => kms.close());

  const list = (url = kms.url) => post(url, { 'x-amz-target': 'TrentService.ListKeys' }, '{}');
  const asked = (method: string, body = '', path = FAULTS, headers: Record<string, string> = JSON_TYPE) =>
    post(kms.url, headers, body, path, method);

  test.each(['connection-reset', 'unreachable'] as const)('%s ends the connection without an answer', async (kind) => {
    kms.inject({ times: 1, fault: { kind } });
    expect(await failure(list())).toMatchObject({ code: 'ECONNRESET' });
    expect(kms.events).toMatchObject([{ eventName: 'ListKeys', injectedFaults: [{ kind }] }]);
    expect((await list()).status).toBe(400);
  });

  test('are what an unmodified SDK in another process sees, and tries again', async () => {
    kms.inject({ times: 1, fault: { kind: 'connection-reset' } });
    kms.inject({ times: 1, fault: { kind: 'error', exception: 'DependencyTimeoutException' } });
    kms.inject({ times: 1, fault: { kind: 'latency', millis: 5 } });
    const source = `
      import { KMSClient, GenerateDataKeyCommand } from '@aws-sdk/client-kms';
      const EncryptionContext = { service: 'ledger', tenant: 'a' };
      const request = { KeyId: process.env.KEY_ARN, KeySpec: 'AES_256', EncryptionContext };
      const { $metadata } = await new KMSClient({ maxAttempts: 3 }).send(new GenerateDataKeyCommand(request));
      console.log($metadata.attempts);`;
    expect(await runModule(source, kms.environmentFor('Writer'))).toBe('3');
    expect(kms.events.map(({ injectedFaults = [] }) => injectedFaults.map(({ kind }) => kind))).toEqual([
      ['connection-reset'],
      ['error'],
      ['latency'],
    ]);
  });

  test('do not make anybody wait for a client that has gone', async () => {
    const fault = kms.inject({ fault: { kind: 'latency', millis: 3_600_000 } });
    const client = new KMSClient({
      endpoint: kms.url,
      region: 'us-east-1',
      credentials: kms.administratorCredentials(),
      maxAttempts: 1,
    });
    const abort = new AbortController();
    const gone = failure(client.send(new ListKeysCommand({}), { abortSignal: abort.signal }));
    await until(() => fault.fired > 0);
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const waiting = timers();
    abort.abort();
    expect(await gone).toMatchObject({ name: 'AbortError' });
    // The socket's end takes a turn or two to arrive.
    await until(() => timers() < waiting);
    client.destroy();
  });

  test('end with the server, which waits for no late answer', async () => {
    kms.inject({ fault: { kind: 'latency', millis: 3_600_000 } });
    const waiting = failure(list());
    await until(() => kms.events.length > 0);
    await kms.close();
    expect(await waiting).toMatchObject({ code: 'ECONNRESET' });
  });

  test('leave the STS at the same address alone', async () => {
    kms.inject({ fault: { kind: 'unreachable' } });
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await post(kms.url, form, 'Action=GetCallerIdentity')).status).toBe(403);
  });

  test('are injected, listed and removed by another process', async () => {
    const injection = { operation: 'ListKeys', principal: 'Operator', times: 2, fault: THROTTLING };
    const made = await asked('POST', JSON.stringify(injection));
    expect([made.status, JSON.parse(made.text)]).toEqual([201, { id: 'fault-1', fired: 0, ...injection }]);
    await asked('POST', JSON.stringify({ times: 1, fault: { kind: 'unreachable' } }));
    await failure(list());
    expect(JSON.parse((await asked('GET')).text)).toEqual({
      faults: [
        { id: 'fault-1', fired: 0, ...injection },
        { id: 'fault-2', fired: 1, times: 1, fault: { kind: 'unreachable' } },
      ],
    });
    expect(await asked('DELETE', '', `${FAULTS}/fault-1`)).toEqual({ status: 204, text: '' });
    expect(kms.faults().map(({ id }) => id)).toEqual(['fault-2']);
    expect((await asked('DELETE', '', `${FAULTS}/fault-1`)).status).toBe(404);
    expect((await asked('DELETE')).status).toBe(204);
    expect(kms.faults()).toEqual([]);
  });

  test('are refused with all their problems, in words', async () => {
    const { status, text } = await asked('POST', JSON.stringify({ times: 0, fault: { kind: 'x' } }));
    expect([status, JSON.parse(text).message]).toEqual([400, expect.stringMatching(/fault\.kind must.*; times must/)]);
    expect(kms.faults()).toEqual([]);
  });

  test.each<[string, string, string, string, Record<string, string>, number]>([
    ['what is not JSON', 'POST', '{', FAULTS, JSON_TYPE, 400],
    ['a list', 'POST', '[]', FAULTS, JSON_TYPE, 400],
    ['a type that web pages may send', 'POST', '{}', FAULTS, { 'content-type': 'text/plain' }, 415],
    ['no type', 'POST', '{}', FAULTS, {}, 415],
    ['another method', 'PUT', '{}', FAULTS, JSON_TYPE, 404],
    ['another path', 'GET', '', '/_keysmith/__proto__', JSON_TYPE, 404],
    ['the name of a web page', 'GET', '', FAULTS, { host: 'local-kms.example.com' }, 403],
  ])('are not to be had with %s', async (_what, method, body, path, headers, status) => {
    expect((await asked(method, body, path, headers)).status).toBe(status);
    expect(kms.faults()).toEqual([]);
  });

  test('are not to be had from another machine', () => {
    const request = { method: 'GET', path: FAULTS, query: [], headers: new Map([['host', '127.0.0.1']]) };
    const answer = control({} as World, { ...request, body: new Uint8Array(), sourceAddress: '192.0.2.1' });
    expect(answer.status).toBe(403);
  });

  test.each(['localhost', '127.0.0.1:80', '[::1]:8200'])('are to be had by the name %s', async (host) => {
    expect((await asked('GET', '', FAULTS, { host })).status).toBe(200);
  });
});
