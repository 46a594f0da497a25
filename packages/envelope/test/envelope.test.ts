import {
  type Decryptor,
  decryptor,
  type Encryptor,
  EnvelopeError,
  type EnvelopeErrorCode,
  ERROR_CODES,
  encryptor,
  envelope,
  unstoredContext,
} from '../src/index.ts';
import { contextOf, localKms, operations, THROTTLING } from './kms.ts';
import { orders } from './orders.ts';
import { CONTRACT } from './settings.ts';

function errorOf(work: () => unknown): EnvelopeError {
  try {
    work();
  } catch (error) {
    if (error instanceof EnvelopeError) return error;
  }
  throw new Error('no EnvelopeError was thrown');
}

describe('the declaration', () => {
  test('is read from the variable of the name, or from the only one there is', async () => {
    const kms = localKms();
    const env = { KEYSMITH_ENVELOPE_Orders: JSON.stringify(CONTRACT), OTHER: 'x' };
    const message = await envelope('Orders', { env, kms }).encrypt('x', { tenant: 'a' });
    expect(await envelope(undefined, { env, kms }).decrypt(message, { tenant: 'a' }, 'text')).toBe('x');
  });

  test('is read from process.env by default', () => {
    process.env['KEYSMITH_ENVELOPE_FromProcess'] = JSON.stringify(CONTRACT);
    try {
      expect(envelope('FromProcess')).toHaveProperty('encrypt');
    } finally {
      delete process.env['KEYSMITH_ENVELOPE_FromProcess'];
    }
  });

  test('comes from options alone, when they hold one', async () => {
    const { wrapKeys, unwrapKeys, context, requiredContext } = CONTRACT;
    const kms = localKms();
    const declared = { direction: 'both', wrapKeys, unwrapKeys, context, requiredContext, kms } as const;
    const box = envelope<{ tenant: string }>(undefined, declared);
    const message = await box.encrypt('x', { tenant: 'a' });
    expect(kms.calls.map(contextOf)[0]).toEqual({ service: 'orders', tenant: 'a' });
    expect(await box.decrypt(message, { tenant: 'a' }, 'text')).toBe('x');
  });

  test.each([
    ['missing', {}, 'Orders', 'KEYSMITH_ENVELOPE_Orders is not set; there is: none'],
    ['under another name', { KEYSMITH_ENVELOPE_Orders: '{}' }, 'orders', 'there is: KEYSMITH_ENVELOPE_Orders'],
    [
      'one of several and not named',
      { KEYSMITH_ENVELOPE_A: '{}', KEYSMITH_ENVELOPE_B: '{}' },
      undefined,
      'there is: KEYSMITH_ENVELOPE_A, KEYSMITH_ENVELOPE_B',
    ],
    ['under a name that cannot be', {}, '1st', 'KEYSMITH_ENVELOPE_1st is not set'],
    ['not JSON', { KEYSMITH_ENVELOPE_A: '{' }, 'A', 'not JSON'],
    ['too long', { KEYSMITH_ENVELOPE_A: ' '.repeat(4097) }, 'A', '4097 bytes'],
  ])('that is %s is refused', (_case, env, name, text) => {
    const error = errorOf(() => envelope(name, { env }));
    expect(error).toMatchObject({ code: 'CONFIG', message: expect.stringContaining(text) });
  });

  const alias = 'arn:aws:kms:eu-west-1:111122223333:alias/orders';
  test.each([
    ['another version', { version: 2 }, 'version is 2; allowed: 1'],
    ['an unknown member', { extra: 1 }, 'extra is not known; allowed: version, direction'],
    ['a member that every object inherits', { toString: 1 }, 'toString is not known'],
    ['a missing member', { cache: undefined }, 'cache is missing'],
    ['an unknown direction', { direction: 'read' }, 'direction is of type string; allowed: encrypt, decrypt or both'],
    ['an alias', { wrapKeys: [alias] }, 'wrapKeys[0] is of type string; allowed: a list of key ARNs'],
    ['no key to wrap with', { wrapKeys: [] }, 'direction both does not go with 0 wrapKeys'],
    ['a key too many', { direction: 'encrypt' }, 'direction encrypt does not go with 1 wrapKeys and 1 unwrapKeys'],
    ['an empty constant', { context: { service: '' } }, 'context is of type object; allowed: an object of texts'],
    ['a reserved constant', { context: { 'aws-crypto-x': 'y' } }, 'begin with aws-crypto-'],
    ['a required constant', { requiredContext: ['service'] }, 'requiredContext and context both name service'],
    [
      'an empty required name',
      { requiredContext: [''] },
      'requiredContext[0] is of type string; allowed: a list of names',
    ],
    ['an age beyond a day', { cache: { ...CONTRACT.cache, maxAgeSeconds: 86_401 } }, 'maxAgeSeconds is 86401'],
    ['a limit of no messages', { cache: { ...CONTRACT.cache, maxMessages: 0 } }, 'maxMessages is 0'],
    ['a limit of half a byte', { cache: { ...CONTRACT.cache, maxBytes: 0.5 } }, 'maxBytes is 0.5'],
    [
      'an unknown limit',
      { cache: { ...CONTRACT.cache, maxEntries: 1 } },
      'cache.maxEntries is not known; allowed: maxAgeSeconds',
    ],
  ])('with %s is refused', (_case, over, text) => {
    expect(errorOf(() => orders(undefined, over))).toMatchObject({
      code: 'CONFIG',
      message: expect.stringContaining(text),
    });
  });

  test('is refused with all its problems at once, and none of its values', () => {
    const secret = 'pasted-secret';
    const { message } = errorOf(() =>
      orders(undefined, { direction: secret, wrapKeys: [secret], context: 1, cache: [] }),
    );
    for (const member of ['direction', 'wrapKeys[0]', 'context', 'cache']) expect(message).toContain(`${member} is`);
    expect(message).toContain('KEYSMITH_ENVELOPE_Orders');
    expect(message).not.toContain(secret);
  });

  test.each([null, 5, 'Orders', [], new Map()])('is refused with options that are no object: %j', (options) => {
    for (const open of [envelope, encryptor, decryptor]) {
      expect(errorOf(() => open('Orders', options as never))).toMatchObject({
        code: 'CONFIG',
        message: 'the options of an envelope are an object',
      });
    }
  });

  test('keeps a constant called __proto__ a constant', async () => {
    const kms = localKms();
    const value = JSON.stringify(CONTRACT).replace('"service":"orders"', '"__proto__":"orders"');
    const box = envelope('Orders', { env: { KEYSMITH_ENVELOPE_Orders: value }, kms });
    await box.encrypt('x', { tenant: 'a' });
    expect(kms.calls.map(contextOf).flatMap(Object.entries)).toEqual([
      ['__proto__', 'orders'],
      ['tenant', 'a'],
    ]);
  });

  test('is refused with a kind of message that was not called with its names', () => {
    const env = { KEYSMITH_ENVELOPE_Orders: JSON.stringify(CONTRACT) };
    // For the compiler it has a name, as every function has.
    const { code, message } = errorOf(() => envelope('Orders', { env, reads: [unstoredContext] }));
    expect([code, message]).toEqual(['CONFIG', expect.stringContaining('reads is a list')]);
  });

  test('requires names that every object has', async () => {
    const box = orders(localKms(), { requiredContext: ['constructor', 'toString'] });
    const context = { constructor: 'a', toString: 'b' } as never;
    expect(await box.decrypt(await box.encrypt('x', context), context, 'text')).toBe('x');
    await expect(box.encrypt('x', {})).rejects.toMatchObject({ code: 'CONTEXT_REQUIRED' });
  });

  test('is refused with numbers out of range among the options', () => {
    const env = { KEYSMITH_ENVELOPE_Orders: JSON.stringify(CONTRACT) };
    const options = { env, frameLength: 1_073_741_825, maxEncryptedDataKeys: 65_536, maxCacheEntries: 1.5 };
    const { code, message } = errorOf(() => envelope('Orders', options));
    expect(code).toBe('CONFIG');
    for (const option of ['frameLength', 'maxEncryptedDataKeys', 'maxCacheEntries']) expect(message).toContain(option);
  });
});

describe('the direction', () => {
  const encryptOnly = { direction: 'encrypt', unwrapKeys: [] };
  const decryptOnly = { direction: 'decrypt', wrapKeys: [] };

  test('that is not declared is refused before KMS is called', async () => {
    const kms = localKms();
    const message = await orders(kms).encrypt('x', { tenant: 'a' });
    kms.calls.length = 0;
    const reading = orders(kms, encryptOnly).decrypt(message, { tenant: 'a' });
    await expect(reading).rejects.toMatchObject({ code: 'DIRECTION' });
    const writing = orders(kms, decryptOnly).encrypt('x', { tenant: 'a' });
    await expect(writing).rejects.toMatchObject({ code: 'DIRECTION' });
    expect(kms.calls).toEqual([]);
  });

  test('is one only for encryptor and decryptor, in types and in fact', async () => {
    const kms = localKms();
    const env = {
      KEYSMITH_ENVELOPE_In: JSON.stringify({ ...CONTRACT, ...encryptOnly }),
      KEYSMITH_ENVELOPE_Out: JSON.stringify({ ...CONTRACT, ...decryptOnly }),
    };
    const writer: Encryptor = encryptor('In', { env, kms });
    const reader: Decryptor = decryptor('Out', { env, kms });
    // @ts-expect-error an encryptor has no decrypt
    expect(writer.decrypt).toBeUndefined();
    // @ts-expect-error a decryptor has no encrypt
    expect(reader.encrypt).toBeUndefined();
    expect(await reader.decrypt(await writer.encrypt('x', { tenant: 'a' }), { tenant: 'a' }, 'text')).toBe('x');
    expect(errorOf(() => encryptor('Out', { env })).code).toBe('DIRECTION');
    expect(errorOf(() => decryptor('In', { env })).code).toBe('DIRECTION');
  });
});

describe('the encryption context', () => {
  test('is a required argument with the declared names, for the compiler', () => {
    const box = envelope<{ tenant: string }>('Orders', { env: { KEYSMITH_ENVELOPE_Orders: JSON.stringify(CONTRACT) } });
    // @ts-expect-error the context is missing
    const missing = () => box.encrypt('x');
    // @ts-expect-error the name is another one
    const misspelt = () => box.encrypt('x', { tenat: 'a' });
    expect([missing, misspelt]).toHaveLength(2);
  });

  test.each([
    ['without a required name', {}, 'CONTEXT_REQUIRED', '"tenant": required and missing'],
    [
      'with a required name that is not enumerable',
      Object.defineProperty({}, 'tenant', { value: 'a' }),
      'CONTEXT_REQUIRED',
      '"tenant": required and missing',
    ],
    ['with an empty value', { tenant: '' }, 'CONTEXT_INVALID', '"tenant": names and values are non-empty'],
    ['with an undefined value', { tenant: undefined }, 'CONTEXT_INVALID', '"tenant": names and values'],
    ['with a number', { tenant: 7 }, 'CONTEXT_INVALID', '"tenant": names and values'],
    ['with an empty name', { tenant: 'a', '': 'b' }, 'CONTEXT_INVALID', '"": names and values'],
    ['with a reserved name', { tenant: 'a', 'aws-crypto-public-key': 'b' }, 'CONTEXT_INVALID', 'aws-crypto-'],
    ['with half a surrogate pair', { tenant: '\uDC00' }, 'CONTEXT_INVALID', 'well-formed text'],
    [
      'against a constant',
      { tenant: 'a', service: 'billing' },
      'CONTEXT_MISMATCH',
      '"service": another constant is declared',
    ],
    ['as a map', new Map([['tenant', 'a']]), 'CONTEXT_INVALID', 'plain object'],
    ['as nothing', undefined, 'CONTEXT_INVALID', 'plain object'],
    ['as null', null, 'CONTEXT_INVALID', 'plain object'],
  ])('%s is refused on both sides before KMS is called', async (_case, context, code, text) => {
    const kms = localKms();
    const box = orders(kms);
    const message = await box.encrypt('x', { tenant: 'a' });
    kms.calls.length = 0;
    const expected = { code, message: expect.stringContaining(text) };
    await expect(box.encrypt('x', context as never)).rejects.toMatchObject(expected);
    await expect(box.decrypt(message, context as never)).rejects.toMatchObject(expected);
    expect(kms.calls).toEqual([]);
  });

  test('is refused with all its problems at once, and none of its values', async () => {
    const given = { service: 'hidden-value', 'aws-crypto-x': 'hidden-value', other: '' };
    const error = await orders(localKms())
      .encrypt('x', given)
      .catch((reason: unknown) => reason);
    for (const name of ['service', 'aws-crypto-x', 'other', 'tenant']) expect(String(error)).toContain(name);
    expect(String(error)).not.toContain('hidden-value');
  });

  test('that takes more than 65,535 bytes is refused before KMS is called', async () => {
    const kms = localKms();
    const writing = orders(kms).encrypt('x', { tenant: 'a'.repeat(65_536) });
    await expect(writing).rejects.toMatchObject({ code: 'CONTEXT_INVALID', message: expect.stringContaining('65535') });
    expect(kms.calls).toEqual([]);
  });

  test('of a message is compared before KMS is called; names are shown, values are not', async () => {
    const kms = localKms();
    const message = await orders(kms).encrypt('x', { tenant: 'tenant-of-message' });
    kms.calls.length = 0;
    const fresh = orders(kms);
    const error = await fresh.decrypt(message, { tenant: 'asked-tenant', purpose: 'p' }).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'CONTEXT_MISMATCH', message: expect.stringContaining('"tenant", "purpose"') });
    expect(String(error)).not.toMatch(/tenant-of-message|asked-tenant/);
    expect(kms.calls).toEqual([]);
  });

  test('of a message may have names that nobody asked for', async () => {
    const box = orders(localKms());
    const message = await box.encrypt('x', { tenant: 'a', purpose: 'p' });
    expect(await box.decrypt(message, { tenant: 'a' }, 'text')).toBe('x');
  });
});

describe('the cache', () => {
  test('makes 100 cold encryptions at once one KMS call, and 100 decryptions another', async () => {
    const kms = localKms();
    const writer = orders(kms);
    const hundred = Array.from({ length: 100 }, (_, index) => `record ${index}`);
    const messages = await Promise.all(hundred.map((text) => writer.encrypt(text, { tenant: 'a' })));
    expect(operations(kms)).toEqual(['GenerateDataKey']);
    const reader = orders(kms);
    const texts = await Promise.all(messages.map((message) => reader.decrypt(message, { tenant: 'a' }, 'text')));
    expect(operations(kms)).toEqual(['GenerateDataKey', 'Decrypt']);
    expect(texts).toEqual(hundred);
  });

  test('never shares a data key between contexts', async () => {
    const kms = localKms();
    const box = orders(kms);
    await Promise.all(['a', 'b', 'a'].map((tenant) => box.encrypt('x', { tenant })));
    expect(kms.calls.map((call) => contextOf(call)['tenant'])).toEqual(['a', 'b']);
  });

  test('is off with an age of 0', async () => {
    const kms = localKms();
    const box = orders(kms, { cache: { ...CONTRACT.cache, maxAgeSeconds: 0 } });
    await box.encrypt('x', { tenant: 'a' });
    await box.encrypt('x', { tenant: 'a' });
    expect(kms.calls).toHaveLength(2);
  });

  test('forgets a failed call: all who waited for it fail, the next one asks again', async () => {
    const kms = localKms();
    kms.local.inject({ times: 1, fault: THROTTLING });
    const box = orders(kms);
    const attempts = await Promise.allSettled([1, 2, 3].map(() => box.encrypt('x', { tenant: 'a' })));
    expect(attempts.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    const message = await box.encrypt('x', { tenant: 'a' });
    expect(await box.decrypt(message, { tenant: 'a' }, 'text')).toBe('x');
    expect(operations(kms)).toEqual(['GenerateDataKey', 'GenerateDataKey', 'Decrypt']);
  });

  test('checks the asked context on every message, data key cached or not', async () => {
    const box = orders(localKms());
    const message = await box.encrypt('x', { tenant: 'a' });
    await box.decrypt(message, { tenant: 'a' });
    await expect(box.decrypt(message, { tenant: 'b' })).rejects.toMatchObject({ code: 'CONTEXT_MISMATCH' });
  });

  test('ends with the envelope: what runs finishes, what comes later is refused', async () => {
    const box = orders(localKms());
    const running = box.encrypt('x', { tenant: 'a' });
    await box[Symbol.asyncDispose]();
    const message = await running;
    await expect(box.encrypt('x', { tenant: 'a' })).rejects.toMatchObject({ code: 'DISPOSED' });
    await expect(box.decrypt(message, { tenant: 'a' })).rejects.toMatchObject({ code: 'DISPOSED' });
  });
});

test.each(Object.entries(ERROR_CODES))('code %s says what it means and what to do', (code, info) => {
  const { meaning, remedy, retryable } = info;
  expect(new EnvelopeError(code as EnvelopeErrorCode, 'x').retryable).toBe(retryable);
  expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
  expect(meaning).toMatch(/\.$/);
  expect(remedy).toMatch(/\.$/);
});
