import {
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  type KMSClient,
  ListKeysCommand,
  ReEncryptCommand,
  SignCommand,
} from '@aws-sdk/client-kms';
import { createLocalKms, type FaultInjection, type LocalKms } from '@cdk-keysmith/local-kms';
import { administrator, clientAs, failure, keyArnOf, LEDGER, newKey, raw, runSources, until } from './support.ts';

const CONTEXT = { service: 'ledger', tenant: 'a' };
const THROTTLING = { kind: 'error', exception: 'ThrottlingException' } as const;

const generate = (client: KMSClient, KeyId = 'alias/ledger') =>
  client.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256', EncryptionContext: CONTEXT }));

/** The names of the errors of so many calls, one after the other; `ok` for a call that succeeds. */
async function outcomes(count: number, call: () => Promise<unknown>): Promise<string[]> {
  const names: string[] = [];
  for (let index = 0; index < count; index++) {
    names.push(
      await call().then(
        () => 'ok',
        (error: Error) => error.name,
      ),
    );
  }
  return names;
}

describe('an injected fault', () => {
  let kms: LocalKms;
  let client: KMSClient;
  let writer: KMSClient;
  beforeEach(() => {
    kms = createLocalKms({ app: LEDGER });
    client = administrator(kms);
    writer = clientAs(kms, 'Writer');
  });
  afterEach(() => kms.close());

  test.each([
    [
      'ThrottlingException',
      400,
      'You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.',
    ],
    ['KMSInternalException', 500, undefined],
    ['KeyUnavailableException', 500, undefined],
    ['DependencyTimeoutException', 503, undefined],
  ] as const)('of %s is answered as KMS would', async (exception, status, message) => {
    kms.inject({ fault: { kind: 'error', exception } });
    const answer = await raw(kms, 'ListKeys', {});
    expect([answer.status, answer.body]).toEqual([
      status,
      { __type: exception, ...(message !== undefined && { message }) },
    ]);
  });

  test('befalls so many calls as it was told, and the ones after it none', async () => {
    const fault = kms.inject({ operation: 'GenerateDataKey', times: 2, fault: THROTTLING });
    expect(await outcomes(3, () => generate(writer))).toEqual(['ThrottlingException', 'ThrottlingException', 'ok']);
    expect([fault.id, fault.fired, kms.faults()]).toEqual(['fault-1', 2, [expect.objectContaining({ fired: 2 })]]);
  });

  test('without a number stands until it is removed', async () => {
    const fault = kms.inject({ fault: THROTTLING });
    expect(await outcomes(5, () => generate(writer))).toEqual(Array(5).fill('ThrottlingException'));
    fault.remove();
    fault.remove();
    expect(await outcomes(1, () => generate(writer))).toEqual(['ok']);
    expect(kms.faults()).toEqual([]);
  });

  test('ends with the block that it was declared in', async () => {
    {
      using fault = kms.inject({ fault: THROTTLING });
      expect(await outcomes(1, () => generate(writer))).toEqual(['ThrottlingException']);
      expect(fault.fired).toBe(1);
    }
    expect(await outcomes(1, () => generate(writer))).toEqual(['ok']);
  });

  test('of an operation leaves other operations alone', async () => {
    kms.inject({ operation: 'DescribeKey', fault: THROTTLING });
    await generate(writer);
    expect(await outcomes(1, () => client.send(new DescribeKeyCommand({ KeyId: 'alias/ledger' })))).toEqual([
      'ThrottlingException',
    ]);
  });

  test.each<[string, (arn: string) => string]>([
    ['ARN', (arn) => arn],
    ['id', (arn) => arn.slice(-36)],
    ['alias', () => 'alias/ledger'],
    ['alias ARN', (arn) => arn.replace(/key\/.*$/, 'alias/ledger')],
  ])(
    'of a key by its %s befalls it under every name, and by its ciphertexts, and no other key',
    async (_by, nameOf) => {
      const arn = keyArnOf(kms, 'Ledger/Key');
      const other = await newKey(client);
      const { CiphertextBlob } = await generate(writer);
      kms.inject({ key: nameOf(arn), fault: THROTTLING });
      expect(await outcomes(1, () => generate(writer, arn))).toEqual(['ThrottlingException']);
      expect(await outcomes(1, () => generate(writer, 'alias/ledger'))).toEqual(['ThrottlingException']);
      const decrypt = new DecryptCommand({ CiphertextBlob, EncryptionContext: CONTEXT });
      expect(await outcomes(1, () => client.send(decrypt))).toEqual(['ThrottlingException']);
      const away = new ReEncryptCommand({
        CiphertextBlob,
        SourceEncryptionContext: CONTEXT,
        DestinationKeyId: other.arn,
      });
      expect(await outcomes(1, () => client.send(away))).toEqual(['ThrottlingException']);
      expect(await outcomes(1, () => generate(client, other.arn))).toEqual(['ok']);
      expect(await outcomes(1, () => client.send(new ListKeysCommand({})))).toEqual(['ok']);
    },
  );

  test.each(['Ledger/Writer', 'Writer', 'Ledger/Writer/ServiceRole'])(
    'of the principal %s leaves others alone',
    async (principal) => {
      kms.inject({ principal, fault: THROTTLING });
      expect(await outcomes(1, () => generate(writer))).toEqual(['ThrottlingException']);
      expect(await outcomes(1, () => generate(client))).toEqual(['ok']);
    },
  );

  test('of the root user is named by ARN', async () => {
    kms.inject({ principal: 'arn:aws:iam::111122223333:root', fault: THROTTLING });
    expect(await outcomes(1, () => generate(client))).toEqual(['ThrottlingException']);
    expect(await outcomes(1, () => generate(writer))).toEqual(['ok']);
  });

  test('comes before what KMS has to say: permission, existence, signature', async () => {
    const fault = kms.inject({ fault: THROTTLING });
    const forged = { ...kms.administratorCredentials(), secretAccessKey: 'none' };
    const calls = [
      () => client.send(new DescribeKeyCommand({ KeyId: 'alias/none' })),
      () =>
        clientAs(kms, 'Ledger/Reader').send(new EncryptCommand({ KeyId: 'alias/ledger', Plaintext: Buffer.from('x') })),
      () => clientAs(kms, undefined, { credentials: forged }).send(new ListKeysCommand({})),
    ];
    const under = async () => (await Promise.all(calls.map((call) => outcomes(1, call)))).flat();
    expect(await under()).toEqual(Array(3).fill('ThrottlingException'));
    fault.remove();
    expect(await under()).toEqual(['NotFoundException', 'AccessDeniedException', 'InvalidSignatureException']);
  });

  test('is met in the order of declaration: a latency goes on to the next, another kind decides', async () => {
    const [first, second, third, fourth] = [
      kms.inject({ fault: { kind: 'latency', millis: 1 } }),
      kms.inject({ times: 1, fault: THROTTLING }),
      kms.inject({ fault: { kind: 'latency', millis: 1 } }),
      kms.inject({ times: 1, fault: { kind: 'error', exception: 'KMSInternalException' } }),
    ] as const;
    expect(await outcomes(3, () => generate(writer))).toEqual(['ThrottlingException', 'KMSInternalException', 'ok']);
    expect([first, second, third, fourth].map(({ fired }) => fired)).toEqual([3, 1, 2, 1]);
  });

  test('is in the event of the call and in the explanation, and in no event without one', async () => {
    kms.inject({ times: 1, fault: { kind: 'latency', millis: 1 } });
    kms.inject({ times: 1, fault: THROTTLING });
    const explain = { headers: { 'x-keysmith-explain': '1' } };
    const { headers } = await raw(kms, 'ListKeys', {}, explain);
    await raw(kms, 'ListKeys', {}, explain);
    expect(headers['x-keysmith-explain']).toContain('injected: latency (fault-1); injected: error (fault-2)');
    expect(kms.events).toHaveLength(2);
    expect(kms.events[0]).toMatchObject({
      eventName: 'ListKeys',
      errorCode: 'ThrottlingException',
      injectedFaults: [
        { id: 'fault-1', kind: 'latency' },
        { id: 'fault-2', kind: 'error' },
      ],
    });
    expect(kms.events[1]).not.toHaveProperty('injectedFaults');
  });

  test('names who called which key in its event, as far as that was known', async () => {
    kms.inject({ fault: THROTTLING });
    await outcomes(1, () => generate(writer));
    expect(kms.events[0]).toMatchObject({
      userIdentity: { type: 'AssumedRole' },
      resources: [{ ARN: keyArnOf(kms, 'Ledger/Key') }],
      requestParameters: { keyId: 'alias/ledger' },
    });
    expect(kms.events[0]).not.toHaveProperty('decision');
  });
});

describe('a connection that fails', () => {
  test.each([
    ['connection-reset', { name: 'TimeoutError', code: 'ECONNRESET', message: 'read ECONNRESET' }],
    ['unreachable', { name: 'Error', code: 'ECONNREFUSED', message: 'connect ECONNREFUSED' }],
  ] as const)('by %s is what the SDK sees over a socket, and nothing was done', async (kind, expected) => {
    await using kms = createLocalKms();
    const client = administrator(kms);
    kms.inject({ fault: { kind } });
    const error = await failure(newKey(client));
    expect(error).toMatchObject(expected);
    expect(kms.keys()).toEqual([]);
    expect(kms.events).toMatchObject([
      { eventName: 'CreateKey', errorCode: expected.code, injectedFaults: [{ id: 'fault-1', kind }] },
    ]);
  });

  test('is tried again by the SDK', async () => {
    await using kms = createLocalKms();
    kms.inject({ times: 1, fault: { kind: 'connection-reset' } });
    const { $metadata } = await administrator(kms, undefined, { maxAttempts: 2 }).send(new ListKeysCommand({}));
    expect($metadata.attempts).toBe(2);
  });
});

describe('a late answer', () => {
  const HOUR = 3_600_000;

  test('is late by at least what was asked for, latencies together', async () => {
    await using kms = createLocalKms();
    kms.inject({ fault: { kind: 'latency', millis: 30 } });
    kms.inject({ fault: { kind: 'latency', millis: 30 } });
    const begun = performance.now();
    await administrator(kms).send(new ListKeysCommand({}));
    // Timers are exact to the millisecond only.
    expect(performance.now() - begun).toBeGreaterThan(58);
  });

  test('is not waited for once the request is aborted', async () => {
    await using kms = createLocalKms();
    kms.inject({ fault: { kind: 'latency', millis: HOUR } });
    const abort = new AbortController();
    const call = administrator(kms).send(new ListKeysCommand({}), { abortSignal: abort.signal });
    const failed = failure(call);
    await until(() => kms.events.length > 0);
    abort.abort();
    expect(await failed).toMatchObject({ name: 'AbortError' });
  });

  test('is not waited for once the KMS is closed', async () => {
    const kms = createLocalKms();
    kms.inject({ fault: { kind: 'latency', millis: HOUR } });
    const calls = Array.from({ length: 20 }, () => failure(administrator(kms).send(new ListKeysCommand({}))));
    await until(() => kms.events.length === 20);
    await kms.close();
    expect((await Promise.all(calls)).map(({ message }) => message)).toEqual(Array(20).fill('read ECONNRESET'));
    expect(kms.faults()).toEqual([]);
  });

  test.each(['abort.abort()', 'await kms.close()'])('keeps no process alive after %s', async (end) => {
    const source = `
      import { KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
      import { createLocalKms } from '@cdk-keysmith/local-kms';
      const kms = createLocalKms();
      kms.inject({ fault: { kind: 'latency', millis: ${HOUR} } });
      const client = new KMSClient({ ...kms.clientConfig(), maxAttempts: 1 });
      const abort = new AbortController();
      const call = client.send(new ListKeysCommand(), { abortSignal: abort.signal }).catch(({ name }) => console.log(name));
      while (kms.events.length === 0) await new Promise((done) => setImmediate(done));
      ${end};
      await call;`;
    expect(await runSources(source)).toBe(end.startsWith('abort') ? 'AbortError' : 'TimeoutError');
  });
});

describe('a wrong answer', () => {
  test.each<[string | undefined, RegExp]>([
    [undefined, /^arn:aws:kms:us-east-1:111122223333:key\/0{8}-/],
    ['anything', /^anything$/],
  ])('names another key: %s', async (keyId, expected) => {
    await using kms = createLocalKms();
    const client = administrator(kms);
    const { arn } = await newKey(client);
    const fault = kms.inject({ fault: { kind: 'other-key', ...(keyId !== undefined && { keyId }) } });
    const encrypted = await client.send(new EncryptCommand({ KeyId: arn, Plaintext: Buffer.from('x') }));
    expect(encrypted.KeyId).toMatch(expected);
    expect((await client.send(new DescribeKeyCommand({ KeyId: arn }))).KeyMetadata?.Arn).toBe(arn);
    expect(fault.fired).toBe(1);
    // Nothing but the answer is wrong.
    fault.remove();
    const { CiphertextBlob } = encrypted;
    expect((await client.send(new DecryptCommand({ CiphertextBlob }))).KeyId).toBe(arn);
  });

  test('names another key that signed', async () => {
    await using kms = createLocalKms();
    const client = administrator(kms);
    const { KeyMetadata } = await client.send(
      new CreateKeyCommand({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }),
    );
    kms.inject({ operation: 'Sign', fault: { kind: 'other-key' } });
    const { KeyId } = await client.send(
      new SignCommand({ KeyId: KeyMetadata?.KeyId, Message: Buffer.from('x'), SigningAlgorithm: 'ECDSA_SHA_256' }),
    );
    expect(KeyId).toMatch(/key\/0{8}-/);
  });

  test.each([0, 16, 31, 33, 1024])('has a plaintext of %i bytes', async (bytes) => {
    await using kms = createLocalKms();
    const client = administrator(kms);
    const { arn } = await newKey(client);
    kms.inject({ fault: { kind: 'plaintext-length', bytes } });
    const made = await generate(client, arn);
    // The SDK shows no empty plaintext.
    expect(made.Plaintext?.length ?? 0).toBe(bytes);
    const { CiphertextBlob } = made;
    const read = await client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: CONTEXT }));
    expect(read.Plaintext?.length ?? 0).toBe(bytes);
    expect(Buffer.from(read.Plaintext ?? []).equals(made.Plaintext ?? Buffer.alloc(0))).toBe(true);
  });

  test('is none where the call is refused, and does not count then', async () => {
    await using kms = createLocalKms({ app: LEDGER });
    const fault = kms.inject({ times: 1, fault: { kind: 'other-key' } });
    expect(await outcomes(1, () => generate(clientAs(kms, 'Ledger/Reader')))).toEqual(['AccessDeniedException']);
    expect(fault.fired).toBe(0);
    expect(kms.events[0]).not.toHaveProperty('injectedFaults');
    expect((await generate(clientAs(kms, 'Writer'))).KeyId).toMatch(/0{12}$/);
    expect(fault.fired).toBe(1);
  });
});

describe('a fault that cannot be injected', () => {
  const kms = createLocalKms({ app: LEDGER });
  afterAll(() => kms.close());

  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'must be an object'],
    ['no fault', {}, 'fault must be an object with a kind of error, latency'],
    ['an unknown kind', { fault: { kind: 'outage' } }, 'fault.kind must be one of error, latency'],
    ['a kind that every object inherits', { fault: { kind: 'toString' } }, 'fault.kind must be one of'],
    ['an unknown exception', { fault: { kind: 'error', exception: 'Throttling' } }, 'fault.exception must be one of'],
    ['no time', { fault: { kind: 'latency' } }, 'fault.millis must be an integer from 1 to 3600000, not undefined'],
    ['too much time', { fault: { kind: 'latency', millis: 3_600_001 } }, 'not 3600001'],
    ['a plaintext too long', { fault: { kind: 'plaintext-length', bytes: 1025 } }, 'from 0 to 1024, not 1025'],
    ['an empty key id', { fault: { kind: 'other-key', keyId: '' } }, 'fault.keyId must be text'],
    ['a misspelt member', { time: 1, fault: THROTTLING }, 'time is no member; there are operation, key, principal'],
    ['a member of another kind', { fault: { ...THROTTLING, millis: 1 } }, 'fault.millis is no member; there are kind'],
    ['no times', { times: 0, fault: THROTTLING }, 'times must be an integer from 1 to 1000000, not 0'],
    ['an unknown operation', { operation: 'decrypt', fault: THROTTLING }, 'operation must be one of'],
    [
      'an operation that has no plaintext',
      { operation: 'Encrypt', fault: { kind: 'plaintext-length', bytes: 1 } },
      'operation must be one of Decrypt, GenerateDataKey, not "Encrypt"',
    ],
    ['an unknown key', { key: 'ledger', fault: THROTTLING }, 'no key has the id, ARN or alias "ledger"'],
    ['an unknown principal', { principal: 'Wrtier', fault: THROTTLING }, 'did you mean Ledger/Writer'],
    ['a principal that is none', { principal: 7, fault: THROTTLING }, 'principal must be text, not 7'],
  ])('because it has %s is refused', (_what, given, text) => {
    expect(() => kms.inject(given as FaultInjection)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(text) }),
    );
    expect(kms.faults()).toEqual([]);
  });

  test('is refused with everything that is wrong with it', () => {
    const given = {
      operation: 'x',
      key: 'x',
      principal: 'x',
      times: -1,
      fault: { kind: 'latency', millis: 'x' },
      more: 1,
    };
    const inject = () => kms.inject(given as unknown as FaultInjection);
    for (const text of [
      'operation must',
      'key: no key',
      'principal is',
      'times must',
      'fault.millis must',
      'more is',
    ]) {
      expect(inject).toThrow(text);
    }
  });

  test('is the one after a thousand', () => {
    const many = createLocalKms();
    for (let index = 0; index < 1000; index++) many.inject({ fault: THROTTLING });
    expect(() => many.inject({ fault: THROTTLING })).toThrow('1000 faults are injected already');
  });

  test('was a copy: what is done to the object that was given changes nothing', async () => {
    const own = createLocalKms();
    const given = { times: 1, fault: { kind: 'latency', millis: 1 } as { kind: 'latency'; millis: number } };
    const { injection } = own.inject(given);
    given.fault.millis = 3_600_000;
    expect(injection.fault).toEqual({ kind: 'latency', millis: 1 });
    await administrator(own).send(new ListKeysCommand({}));
  });
});
