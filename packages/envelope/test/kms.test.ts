import { altered, listening, memoryKms } from './memory-kms.ts';
import { operations, orders } from './orders.ts';
import { KEY, OTHER_KEY } from './settings.ts';

describe('KMS', () => {
  test('is asked for 32 bytes under the key, and for exactly that key and context back', async () => {
    const kms = memoryKms(KEY);
    const message = await orders(kms).encrypt('x', { tenant: 'a' });
    await orders(kms).decrypt(message, { tenant: 'a' });
    const EncryptionContext = { service: 'orders', tenant: 'a' };
    expect(kms.calls).toMatchObject([
      { operation: 'GenerateDataKey', request: { KeyId: KEY, NumberOfBytes: 32, EncryptionContext } },
      { operation: 'Decrypt', request: { KeyId: KEY, EncryptionContext } },
    ]);
  });

  test('is called with several keys one after the other, until one unwraps', async () => {
    const kms = memoryKms(KEY, OTHER_KEY);
    const keys = { wrapKeys: [KEY, OTHER_KEY], unwrapKeys: [KEY, OTHER_KEY] };
    const message = await orders(kms, keys).encrypt('x', { tenant: 'a' });
    expect(operations(kms)).toEqual(['GenerateDataKey', 'Encrypt']);
    const failing = altered(kms, (answer, call) => {
      if (call === 0) throw Object.assign(new Error('no'), { name: 'DisabledException' });
      return answer;
    });
    expect(await orders(failing, keys).decrypt(message, { tenant: 'a' }, 'text')).toBe('x');
    expect(kms.calls.slice(2).map(({ request }) => request.KeyId)).toEqual([KEY, OTHER_KEY]);
  });

  test('is not called for a message that no allowed key wrapped', async () => {
    const kms = memoryKms(KEY, OTHER_KEY);
    const message = await orders(kms).encrypt('x', { tenant: 'a' });
    kms.calls.length = 0;
    const reading = orders(kms, { unwrapKeys: [OTHER_KEY] }).decrypt(message, { tenant: 'a' });
    await expect(reading).rejects.toMatchObject({ code: 'KEY_NOT_ALLOWED' });
    expect(kms.calls).toEqual([]);
  });

  test.each([
    ['AccessDeniedException', 'NOT_AUTHORIZED', false],
    ['ExpiredTokenException', 'CREDENTIALS', false],
    ['DisabledException', 'KEY_UNAVAILABLE', false],
    ['KMSInvalidStateException', 'KEY_UNAVAILABLE', false],
    ['NotFoundException', 'KEY_UNAVAILABLE', false],
    ['ThrottlingException', 'THROTTLED', true],
    ['KMSInternalException', 'KMS_UNAVAILABLE', true],
    ['TimeoutError', 'KMS_UNAVAILABLE', true],
    ['InvalidCiphertextException', 'NOT_AUTHENTIC', false],
    ['SomethingNewException', 'KMS_FAILED', false],
  ])('failing with %s is %s', async (name, code, retryable) => {
    const cause = Object.assign(new Error('from KMS'), { name });
    const kms = altered(memoryKms(KEY), () => {
      throw cause;
    });
    const expected = { code, retryable, keyArn: KEY, action: 'kms:GenerateDataKey', cause };
    await expect(orders(kms).encrypt('x', { tenant: 'a' })).rejects.toMatchObject(expected);
  });

  test.each([
    ['a refused connection', { code: 'ECONNREFUSED' }],
    ['a name that does not resolve', { code: 'ENOTFOUND' }],
    ['a status of 503 without a name', { $metadata: { httpStatusCode: 503 } }],
  ])('failing by %s is retryable', async (_case, fields) => {
    const kms = altered(memoryKms(KEY), () => {
      throw Object.assign(new Error('from the network'), fields);
    });
    const expected = { code: 'KMS_UNAVAILABLE', retryable: true };
    await expect(orders(kms).encrypt('x', { tenant: 'a' })).rejects.toMatchObject(expected);
  });

  test('is reached through a client of its own for the Region of the key, when none is given', async () => {
    const kms = memoryKms(KEY);
    const server = await listening(kms);
    const environment = { ...process.env };
    Object.assign(process.env, {
      AWS_ENDPOINT_URL_KMS: server.url,
      AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'none',
    });
    try {
      const box = orders(undefined, { context: JSON.parse('{"__proto__":"orders"}') });
      const message = await box.encrypt('over the wire', { tenant: 'a' });
      expect(await box.decrypt(message, { tenant: 'a' }, 'text')).toBe('over the wire');
      expect(operations(kms)).toEqual(['GenerateDataKey', 'Decrypt']);
      expect(Object.entries(kms.calls[0]?.request.EncryptionContext ?? {})).toContainEqual(['__proto__', 'orders']);
      expect(server.credentialScopes.every((scope) => scope.includes('/eu-west-1/kms/'))).toBe(true);
    } finally {
      process.env = environment;
      await server.close();
    }
  });

  test.each<[string, (answer: Record<string, unknown>) => unknown]>([
    ['of another key', (answer) => ({ ...answer, KeyId: OTHER_KEY })],
    ['of no key', ({ KeyId: _, ...rest }) => rest],
    ['of an alias', (answer) => ({ ...answer, KeyId: 'arn:aws:kms:eu-west-1:111122223333:alias/orders' })],
    ['with 16 bytes', (answer) => ({ ...answer, Plaintext: new Uint8Array(16) })],
    ['without plaintext', ({ Plaintext: _, ...rest }) => rest],
    ['with text for bytes', (answer) => ({ ...answer, Plaintext: 'x'.repeat(32) })],
    ['that is nothing', () => undefined],
  ])('answering with an answer %s is not believed', async (_case, change) => {
    const honest = memoryKms(KEY);
    const message = await orders(honest).encrypt('x', { tenant: 'a' });
    const kms = altered(honest, change);
    await expect(orders(kms).encrypt('x', { tenant: 'a' })).rejects.toMatchObject({ code: 'KMS_ANSWER' });
    await expect(orders(kms).decrypt(message, { tenant: 'a' })).rejects.toMatchObject({ code: 'KMS_ANSWER' });
  });

  test('answering with another data key than the message was written with opens nothing', async () => {
    const honest = memoryKms(KEY);
    const message = await orders(honest).encrypt('x', { tenant: 'a' });
    const kms = altered(honest, (answer) => ({ ...answer, Plaintext: new Uint8Array(32) }));
    await expect(orders(kms).decrypt(message, { tenant: 'a' })).rejects.toMatchObject({ code: 'NOT_AUTHENTIC' });
  });

  test('answers in memory that is wiped after use', async () => {
    const plaintexts: Uint8Array[] = [];
    const kms = altered(memoryKms(KEY), (answer) => {
      plaintexts.push(answer['Plaintext'] as Uint8Array);
      return answer;
    });
    const box = orders(kms);
    await box.decrypt(await box.encrypt('x', { tenant: 'a' }), { tenant: 'a' });
    expect(plaintexts).toEqual([new Uint8Array(32), new Uint8Array(32)]);
  });

  test('is reached through a function that makes a client for each Region, once', async () => {
    const london = OTHER_KEY.replace('eu-west-1', 'eu-west-2');
    const kms = memoryKms(KEY, london);
    const regions: string[] = [];
    const perRegion = (region: string) => {
      regions.push(region);
      return kms;
    };
    const keys = { wrapKeys: [KEY, london], unwrapKeys: [KEY, london] };
    const box = orders(perRegion, keys);
    await box.encrypt('x', { tenant: 'a' });
    await box.encrypt('x', { tenant: 'b' });
    expect(regions).toEqual(['eu-west-1', 'eu-west-2']);
    const none = orders(() => undefined as never, keys);
    await expect(none.encrypt('x', { tenant: 'a' })).rejects.toMatchObject({ code: 'CONFIG' });
  });

  test('is sent the grant tokens with every call', async () => {
    const kms = memoryKms(KEY, OTHER_KEY);
    const keys = { wrapKeys: [KEY, OTHER_KEY], unwrapKeys: [KEY] };
    const box = orders(kms, keys, { grantTokens: ['token'] });
    await box.decrypt(await box.encrypt('x', { tenant: 'a' }), { tenant: 'a' });
    expect(operations(kms)).toEqual(['GenerateDataKey', 'Encrypt', 'Decrypt']);
    for (const { request } of kms.calls) expect(request).toMatchObject({ GrantTokens: ['token'] });
  });

  test.each([
    [
      'too many grant tokens',
      { grantTokens: Array.from({ length: 11 }, (_, index) => `secret-token-${index}`) },
      'grantTokens is a list; allowed: a list of at most 10 grant tokens',
    ],
    ['a grant token that is none', { grantTokens: ['secret-token', 1] }, 'grantTokens[1] is 1; allowed'],
    ['a client that is none', { kms: {} }, 'kms is of type object; allowed: a KMS client'],
    ['a signal that is none', { signal: {} }, 'signal is of type object; allowed: an AbortSignal'],
    ['a timeout of nothing', { timeoutMillis: 0 }, 'timeoutMillis is 0'],
  ])('is not asked with %s among the options', (_case, options, text) => {
    const opening = () => orders(memoryKms(KEY), {}, options as never);
    expect(opening).toThrow(text);
    expect(opening).not.toThrow('secret-token');
  });
});

describe('a call that may not wait long', () => {
  /** A KMS that answers when it is told to, and remembers what became of its requests. */
  function slowKms() {
    const kms = memoryKms(KEY);
    const signals: (AbortSignal | undefined)[] = [];
    const answers: (() => void)[] = [];
    return {
      kms,
      signals,
      answer: () => answers.splice(0).forEach((release) => void release()),
      send: async (command: Parameters<typeof kms.send>[0], options?: { abortSignal?: AbortSignal }) => {
        signals.push(options?.abortSignal);
        await new Promise<void>((resolve, reject) => {
          answers.push(resolve);
          options?.abortSignal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
        });
        return kms.send(command);
      },
    };
  }
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  test('fails with DEADLINE when its time is over, and the request is given up', async () => {
    const slow = slowKms();
    const box = orders(slow);
    const call = box.encrypt('x', { tenant: 'a' }, { deadline: Date.now() + 20 });
    await expect(call).rejects.toMatchObject({ code: 'DEADLINE', retryable: true });
    expect(slow.signals.map((signal) => signal?.aborted)).toEqual([true]);
  });

  test('fails with DEADLINE after the time that the envelope gives every call', async () => {
    const slow = slowKms();
    const call = orders(slow, {}, { timeoutMillis: 20 }).encrypt('x', { tenant: 'a' });
    await expect(call).rejects.toMatchObject({ code: 'DEADLINE' });
  });

  test('is not even begun when its deadline has passed or its signal was aborted', async () => {
    const kms = memoryKms(KEY);
    const box = orders(kms);
    const late = box.encrypt('x', { tenant: 'a' }, { deadline: Date.now() - 1 });
    await expect(late).rejects.toMatchObject({ code: 'DEADLINE' });
    const aborted = box.encrypt('x', { tenant: 'a' }, { signal: AbortSignal.abort() });
    await expect(aborted).rejects.toMatchObject({ code: 'ABORTED' });
    expect(kms.calls).toEqual([]);
  });

  test('gives up alone: who waits for the same data key is served', async () => {
    const slow = slowKms();
    const box = orders(slow);
    const abort = new AbortController();
    const patient = box.encrypt('x', { tenant: 'a' });
    const hasty = box.encrypt('x', { tenant: 'a' }, { signal: abort.signal });
    await turn();
    abort.abort();
    await expect(hasty).rejects.toMatchObject({ code: 'ABORTED', retryable: true });
    expect(slow.signals.map((signal) => signal?.aborted ?? false)).toEqual([false]);
    slow.answer();
    expect(await patient).toBeInstanceOf(Uint8Array);
  });

  test('leaves nothing behind: the next one asks anew', async () => {
    const slow = slowKms();
    const abort = new AbortController();
    const box = orders(slow, {}, { signal: abort.signal });
    const other = orders(slow);
    const first = other.encrypt('x', { tenant: 'a' }, { deadline: Date.now() + 10 });
    await expect(first).rejects.toMatchObject({ code: 'DEADLINE' });
    const second = other.encrypt('x', { tenant: 'a' });
    const stopped = box.encrypt('x', { tenant: 'a' });
    await turn();
    slow.answer();
    expect(await second).toBeInstanceOf(Uint8Array);
    await stopped;
    abort.abort();
    await expect(box.encrypt('x', { tenant: 'a' })).rejects.toMatchObject({ code: 'ABORTED' });
  });

  test.each([
    ['that are none', 7],
    ['with a signal that is none', { signal: {} }],
    ['with a deadline that is text', { deadline: 'tomorrow' }],
  ])('is refused with options %s', async (_case, options) => {
    const call = orders(memoryKms(KEY)).encrypt('x', { tenant: 'a' }, options as never);
    await expect(call).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  test('decrypts within its limits', async () => {
    const box = orders(memoryKms(KEY));
    const message = await box.encrypt('x', { tenant: 'a' });
    const options = { signal: new AbortController().signal, deadline: Date.now() + 60_000 };
    expect(Buffer.from(await box.decrypt(message, { tenant: 'a' }, 'bytes', options)).toString()).toBe('x');
  });
});
