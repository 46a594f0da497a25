import { DisableKeyCommand } from '@aws-sdk/client-kms';
import { startLocalKms } from '@cdk-keysmith/local-kms';
import type { KmsClient } from '../src/kms/client.ts';
import { keyMaterialOf } from '../src/rotation/key-material.ts';
import { within } from '../src/within.ts';
import { altered, contextOf, localKms, ORDERS_APP, operations } from './kms.ts';
import { orders } from './orders.ts';
import { KEY, LONDON_KEY, OTHER_KEY } from './settings.ts';

describe('KMS', () => {
  test('is asked for 32 bytes under the key, and for exactly that key and context back', async () => {
    const kms = localKms();
    const message = await orders(kms).encrypt('x', { tenant: 'a' });
    await orders(kms).decrypt(message, { tenant: 'a' });
    const encryptionContext = { service: 'orders', tenant: 'a' };
    expect(kms.calls).toMatchObject([
      { eventName: 'GenerateDataKey', requestParameters: { keyId: KEY, numberOfBytes: 32, encryptionContext } },
      { eventName: 'Decrypt', requestParameters: { keyId: KEY, encryptionContext } },
    ]);
  });

  test('is called with several keys one after the other, until one unwraps', async () => {
    const kms = localKms();
    const keys = { wrapKeys: [KEY, OTHER_KEY], unwrapKeys: [KEY, OTHER_KEY] };
    const message = await orders(kms, keys).encrypt('x', { tenant: 'a' });
    expect(operations(kms)).toEqual(['GenerateDataKey', 'Encrypt']);
    await kms.send(new DisableKeyCommand({ KeyId: KEY }));
    kms.calls.length = 0;
    expect(await orders(kms, keys).decrypt(message, { tenant: 'a' }, 'text')).toBe('x');
    expect(kms.calls).toMatchObject([
      { errorCode: 'DisabledException', requestParameters: { keyId: KEY } },
      { eventName: 'Decrypt', requestParameters: { keyId: OTHER_KEY } },
    ]);
  });

  test('is not called for a message that no allowed key wrapped', async () => {
    const kms = localKms();
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
    const kms = altered(localKms(), () => {
      throw cause;
    });
    const expected = { code, retryable, keyArn: KEY, action: 'kms:GenerateDataKey', cause };
    await expect(orders(kms).encrypt('x', { tenant: 'a' })).rejects.toMatchObject(expected);
  });

  test.each([
    ['a refused connection', { code: 'ECONNREFUSED' }],
    ['a name that does not resolve', { code: 'ENOTFOUND' }],
    ['a session that ends', { code: 'ERR_HTTP2_SESSION_ERROR' }],
    ['a status of 503 without a name', { $metadata: { httpStatusCode: 503 } }],
  ])('failing by %s is retryable', async (_case, fields) => {
    const kms = altered(localKms(), () => {
      throw Object.assign(new Error('from the network'), fields);
    });
    const expected = { code: 'KMS_UNAVAILABLE', retryable: true };
    await expect(orders(kms).encrypt('x', { tenant: 'a' })).rejects.toMatchObject(expected);
  });

  test('failing because a client is called wrongly is not retryable', async () => {
    const kms = altered(localKms(), () => {
      throw Object.assign(new TypeError('an argument'), { code: 'ERR_INVALID_ARG_TYPE' });
    });
    const expected = { code: 'KMS_FAILED', retryable: false };
    await expect(orders(kms).encrypt('x', { tenant: 'a' })).rejects.toMatchObject(expected);
  });

  test('is reached through a client of its own for the Region of the key, when none is given', async () => {
    await using kms = await startLocalKms({ app: ORDERS_APP });
    const { accessKeyId, secretAccessKey } = kms.administratorCredentials();
    const environment = { ...process.env };
    Object.assign(process.env, {
      AWS_ENDPOINT_URL_KMS: kms.url,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    });
    try {
      const box = orders(undefined, { context: JSON.parse('{"__proto__":"orders"}') });
      const message = await box.encrypt('over the wire', { tenant: 'a' });
      expect(await box.decrypt(message, { tenant: 'a' }, 'text')).toBe('over the wire');
      expect(kms.events).toMatchObject([
        { eventName: 'GenerateDataKey', awsRegion: 'eu-west-1' },
        { eventName: 'Decrypt', awsRegion: 'eu-west-1' },
      ]);
      expect(kms.events.flatMap((event) => Object.entries(contextOf(event)))).toContainEqual(['__proto__', 'orders']);
    } finally {
      process.env = environment;
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
    const honest = localKms();
    const message = await orders(honest).encrypt('x', { tenant: 'a' });
    const kms = altered(honest, change);
    await expect(orders(kms).encrypt('x', { tenant: 'a' })).rejects.toMatchObject({ code: 'KMS_ANSWER' });
    await expect(orders(kms).decrypt(message, { tenant: 'a' })).rejects.toMatchObject({ code: 'KMS_ANSWER' });
  });

  test('answering with another data key than the message was written with opens nothing', async () => {
    const honest = localKms();
    const message = await orders(honest).encrypt('x', { tenant: 'a' });
    const kms = altered(honest, (answer) => ({ ...answer, Plaintext: new Uint8Array(32) }));
    await expect(orders(kms).decrypt(message, { tenant: 'a' })).rejects.toMatchObject({ code: 'NOT_AUTHENTIC' });
  });

  test('answering twice with the same memory, as a double may, writes nothing under the zeros that are left there', async () => {
    let first: Record<string, unknown> | undefined;
    const kms = altered(localKms(), (answer) => {
      first ??= answer;
      return first;
    });
    const box = orders(kms);
    await box.encrypt('x', { tenant: 'a' });
    await expect(box.encrypt('x', { tenant: 'b' })).rejects.toMatchObject({
      code: 'KMS_ANSWER',
      message: expect.stringContaining('all zeros'),
    });
  });

  test('answers in memory that is wiped after use', async () => {
    const plaintexts: Uint8Array[] = [];
    const kms = altered(localKms(), (answer) => {
      plaintexts.push(answer['Plaintext'] as Uint8Array);
      return answer;
    });
    const box = orders(kms);
    await box.decrypt(await box.encrypt('x', { tenant: 'a' }), { tenant: 'a' });
    expect(plaintexts).toEqual([new Uint8Array(32), new Uint8Array(32)]);
  });

  test('leaves no text of a data key where everybody can read it', async () => {
    const kms = localKms();
    const texts: string[] = [];
    const readable: string[] = [];
    const client = altered(kms, (answer) => {
      readable.push(RegExp.input);
      texts.push(Buffer.from(answer['Plaintext'] as Uint8Array).toString('base64'));
      return answer;
    });
    const message = await orders(client).encrypt('x', { tenant: 'a' });
    const afterEncryption = RegExp.input;
    await orders(client).decrypt(message, { tenant: 'a' });
    const afterDecryption = RegExp.input;
    await keyMaterialOf(message, { keys: [KEY], kms: client });
    const after = [afterEncryption, afterDecryption, RegExp.input];
    // The SDK does: it tries a regular expression on it.
    expect(readable).toEqual(texts);
    expect(after.filter((text) => texts.includes(text))).toEqual([]);
  });

  test('is reached through a function that makes a client for each Region, once', async () => {
    const kms = localKms();
    const london = localKms({ region: 'eu-west-2' });
    const regions: string[] = [];
    const perRegion = (region: string) => {
      regions.push(region);
      return region === 'eu-west-2' ? london : kms;
    };
    const keys = { wrapKeys: [KEY, LONDON_KEY], unwrapKeys: [KEY, LONDON_KEY] };
    const box = orders(perRegion, keys);
    await box.encrypt('x', { tenant: 'a' });
    await box.encrypt('x', { tenant: 'b' });
    expect(regions).toEqual(['eu-west-1', 'eu-west-2']);
    expect([operations(kms), operations(london)]).toEqual([
      ['GenerateDataKey', 'GenerateDataKey'],
      ['Encrypt', 'Encrypt'],
    ]);
    const none = orders(() => undefined as never, keys);
    await expect(none.encrypt('x', { tenant: 'a' })).rejects.toMatchObject({ code: 'CONFIG' });
  });

  test('is sent the grant tokens with every call', async () => {
    const kms = localKms();
    const sent: unknown[] = [];
    // The local KMS issues no grants, and refuses a token that nobody issued.
    const withoutGrants: KmsClient = {
      send: (command, options) => {
        sent.push(command.input.GrantTokens);
        delete command.input.GrantTokens;
        return (kms as KmsClient).send(command, options);
      },
    };
    const keys = { wrapKeys: [KEY, OTHER_KEY], unwrapKeys: [KEY] };
    const box = orders(withoutGrants, keys, { grantTokens: ['token'] });
    await box.decrypt(await box.encrypt('x', { tenant: 'a' }), { tenant: 'a' });
    expect(operations(kms)).toEqual(['GenerateDataKey', 'Encrypt', 'Decrypt']);
    expect(sent).toEqual(Array(3).fill(['token']));
  });

  test.each([
    [
      'too many grant tokens',
      { grantTokens: Array.from({ length: 11 }, (_, index) => `secret-token-${index}`) },
      'grantTokens is a list; allowed: a list of at most 10 grant tokens',
    ],
    ['a grant token that is none', { grantTokens: ['secret-token', 1] }, 'grantTokens[1] is 1; allowed'],
    ['a client that is none', { kms: {} }, 'kms is of type object; allowed: a KMS client'],
    ['patience that is none', { patience: 5 }, 'patience is 5; allowed: ...within({ … })'],
    ['a limit of waiting by itself', { timeoutMillis: 5 }, 'timeoutMillis is not known; allowed: env'],
  ])('is not asked with %s among the options', (_case, options, text) => {
    const opening = () => orders(localKms(), {}, options as never);
    expect(opening).toThrow(text);
    expect(opening).not.toThrow('secret-token');
  });
});

describe('a call that may not wait long', () => {
  test('is not even begun when its deadline has passed or its signal was aborted', async () => {
    const kms = localKms();
    const box = orders(kms);
    const late = box.encrypt('x', { tenant: 'a' }, within({ deadline: Date.now() - 1 }));
    await expect(late).rejects.toMatchObject({ code: 'DEADLINE' });
    const aborted = box.encrypt('x', { tenant: 'a' }, within({ signal: AbortSignal.abort() }));
    await expect(aborted).rejects.toMatchObject({ code: 'ABORTED' });
    expect(kms.calls).toEqual([]);
  });

  test.each([
    ['that are none', 7],
    ['with patience that is none', { patience: { deadline: 5 } }],
    ['with a deadline by itself', { deadline: Date.now() + 60_000 }],
    ['with a signal by itself, besides others', { ...within({ timeoutMillis: 5 }), signal: AbortSignal.abort() }],
  ])('is refused with options %s', async (_case, options) => {
    const call = orders(localKms()).encrypt('x', { tenant: 'a' }, options as never);
    await expect(call).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  test.each([
    ['a signal that is none', { signal: {} }, 'signal is of type object; allowed: an AbortSignal'],
    ['a timeout of nothing', { timeoutMillis: 0 }, 'timeoutMillis is 0; allowed: a whole number from 1 to 900000'],
    ['a deadline that is text', { deadline: 'tomorrow' }, 'deadline is of type string; allowed: milliseconds'],
    ['another limit', { millis: 5 }, 'millis is not known; allowed: deadline, timeoutMillis, signal'],
  ])('has no limit that is %s', (_case, limits, text) => {
    const refused = { code: 'INVALID_INPUT', message: expect.stringContaining(text) };
    expect(() => within(limits as never)).toThrow(expect.objectContaining(refused));
  });

  test('has its own limits and those of its envelope, whichever are narrower', async () => {
    const kms = localKms();
    const ended = within({ signal: AbortSignal.abort() });
    const ample = within({ deadline: Date.now() + 60_000, timeoutMillis: 60_000 });
    const [hasty, patient] = [orders(kms, {}, ended), orders(kms, {}, ample)];
    await expect(hasty.encrypt('x', { tenant: 'a' }, ample)).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(patient.encrypt('x', { tenant: 'a' }, ended)).rejects.toMatchObject({ code: 'ABORTED' });
    expect(await patient.encrypt('x', { tenant: 'a' }, ample)).toBeInstanceOf(Uint8Array);
  });

  test('decrypts within its limits', async () => {
    const box = orders(localKms());
    const message = await box.encrypt('x', { tenant: 'a' });
    const options = within({ signal: new AbortController().signal, deadline: Date.now() + 60_000 });
    expect(Buffer.from(await box.decrypt(message, { tenant: 'a' }, 'bytes', options)).toString()).toBe('x');
  });
});
