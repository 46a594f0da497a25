import { inspect } from '../src/rotation/inspect.ts';
import { keyMaterialOf } from '../src/rotation/key-material.ts';
import { isStale } from '../src/rotation/stale.ts';
import { altered, localKms } from './kms.ts';
import { box, CONTEXT, NON_COMMITTING, officialMessage, SIGNED } from './old-and-new.ts';
import { KEY, OTHER_KEY } from './settings.ts';

describe('inspection', () => {
  test('says what a message claims, and that nobody has verified it, without KMS', async () => {
    const kms = localKms();
    const writer = box(kms, KEY, { wrapKeys: [KEY, OTHER_KEY], frameLength: 100 });
    const message = await writer.encrypt('x'.repeat(250), { tenant: 'a', purpose: 'p' });
    kms.calls.length = 0;
    const expected = {
      authenticated: false,
      messageVersion: 2,
      suite: { id: 0x0478, name: 'AES_256_GCM_HKDF_SHA512_COMMIT_KEY', commits: true, signed: false },
      wrappedBy: [
        { providerId: 'aws-kms', keyArn: KEY },
        { providerId: 'aws-kms', keyArn: OTHER_KEY },
      ],
      frameLength: 100,
      contentLength: 250,
    };
    expect(inspect(message)).toMatchObject(expected);
    expect(inspect(Buffer.from(message).toString('base64'))).toMatchObject(expected);
    expect({ ...inspect(message).context }).toEqual({ tenant: 'a', purpose: 'p' });
    expect(kms.calls).toEqual([]);
  });

  test.each([0, 1, 15, 16, 17, 32, 1_000])('derives a plaintext of %i bytes', async (length) => {
    const kms = localKms();
    const message = await box(kms, KEY, { frameLength: 16 }).encrypt(new Uint8Array(length), CONTEXT);
    expect(inspect(message).contentLength).toBe(length);
    const signed = await officialMessage(kms, SIGNED, 'x'.repeat(length));
    expect(inspect(signed).contentLength).toBe(length);
  });

  test('reads signed and older suites, and keeps the names of the format out of the context', async () => {
    const kms = localKms();
    const signed = inspect(await officialMessage(kms, SIGNED));
    expect(signed).toMatchObject({ messageVersion: 2, suite: { id: 0x0578, commits: true, signed: true } });
    expect({ ...signed.context }).toEqual(CONTEXT);
    const older = inspect(await officialMessage(kms, NON_COMMITTING));
    expect(older).toMatchObject({ messageVersion: 1, suite: { id: 0x0178, commits: false, signed: false } });
    expect(older).toMatchObject({
      wrappedBy: [{ providerId: 'aws-kms', keyArn: KEY }],
      frameLength: 16,
      contentLength: 6,
    });
  });

  test('of the header alone, or of more or less than a message, says everything but the length of the plaintext', async () => {
    const message = await box(localKms()).encrypt('x', CONTEXT);
    const { headerLength, contentLength, ...whole } = inspect(message);
    expect(contentLength).toBe(1);
    const header = inspect(message.subarray(0, headerLength));
    expect(header).toEqual({ ...whole, headerLength });
    for (const other of [message.subarray(0, -1), Buffer.concat([message, Buffer.alloc(1)])]) {
      expect(inspect(other)).toEqual(header);
    }
    expect(header).not.toHaveProperty('contentLength');
  });

  test.each<[string, unknown, string]>([
    ['nothing', new Uint8Array(0), 'NOT_A_MESSAGE'],
    ['text that is not base64', '*', 'NOT_A_MESSAGE'],
    ['a number', 7, 'INVALID_INPUT'],
    ['a header cut short', Uint8Array.of(2, 4, 0x78, 1), 'NOT_AUTHENTIC'],
  ])('of %s is refused', (_case, given, code) => {
    expect(() => inspect(given as string)).toThrow(expect.objectContaining({ code }));
  });
});

describe('a stale message', () => {
  const message = box(localKms()).encrypt('x', CONTEXT);
  const [now, day] = [Date.now(), 86_400_000];

  test.each<[string, Parameters<typeof isStale>[1], Parameters<typeof isStale>[2], boolean | undefined, RegExp]>([
    ['by nothing', {}, {}, false, /^$/],
    ['by its suite', { suites: [0x0578] }, {}, true, /^algorithm suite 0x0478 is not one of 0x0578$/],
    ['by its key', { keys: [OTHER_KEY] }, {}, true, /not wrapped by .*444455556666.*,.*is wrapped by .*111122223333/],
    [
      'by a key that is missing',
      { keys: [KEY, OTHER_KEY] },
      {},
      true,
      /^its data key is not wrapped by .*444455556666/,
    ],
    ['not, with keys and suite', { keys: [KEY], suites: [0x0478] }, {}, false, /^$/],
    ['by its age', { maxAge: 60 }, { writtenAt: new Date(now - day) }, true, /seconds old; at most 60/],
    ['not, at its age', { maxAge: 60 }, { writtenAt: new Date(now) }, false, /^$/],
    ['perhaps, at an unknown age', { maxAge: 60 }, {}, undefined, /^age: .* pass writtenAt$/],
    [
      'by its key material',
      { keyMaterialId: 'new' },
      { keyMaterialId: 'old' },
      true,
      /material old is not the current new/,
    ],
    ['not, with the key material', { keyMaterialId: 'new' }, { keyMaterialId: 'new' }, false, /^$/],
    ['perhaps, with unknown key material', { keyMaterialId: 'new' }, {}, undefined, /^key material: /],
    ['for certain, whatever is unknown', { maxAge: 60, suites: [] }, {}, true, /algorithm suite.*age/],
  ])('is found %s', async (_case, policy, facts, stale, text) => {
    const found = isStale(await message, policy, facts);
    expect(found.stale).toBe(stale);
    expect([...found.reasons, ...found.unknown].join(',')).toMatch(text);
  });

  test.each([Number.NaN, -1, Number.POSITIVE_INFINITY])('has an age of seconds, not of %p', async (maxAge) => {
    const given = await message;
    expect(() => isStale(given, { maxAge })).toThrow(expect.objectContaining({ code: 'CONFIG' }));
  });

  test('is told from others by the key material that KMS names, with one call', async () => {
    const kms = localKms();
    const written = await box(kms).encrypt('x', CONTEXT);
    const answers: Record<string, unknown>[] = [];
    const watched = altered(kms, (answer) => {
      answers.push(answer);
      return answer;
    });
    kms.calls.length = 0;
    expect(await keyMaterialOf(written, { keys: [OTHER_KEY, KEY], kms: watched })).toMatch(/^[0-9a-f]{64}$/);
    expect(kms.calls).toMatchObject([
      { eventName: 'Decrypt', requestParameters: { keyId: KEY, encryptionContext: CONTEXT } },
    ]);
    expect(answers[0]?.['Plaintext']).toEqual(new Uint8Array(32));
    const silent = altered(kms, ({ KeyMaterialId: _, ...rest }) => rest);
    expect(await keyMaterialOf(written, { keys: [KEY], kms: silent })).toBeUndefined();
    await expect(keyMaterialOf(written, { keys: [OTHER_KEY], kms })).rejects.toMatchObject({ code: 'KEY_NOT_ALLOWED' });
    await expect(keyMaterialOf(written, { keys: [], kms })).rejects.toMatchObject({ code: 'CONFIG' });
    kms.local.inject({ fault: { kind: 'other-key', keyId: OTHER_KEY } });
    await expect(keyMaterialOf(written, { keys: [KEY], kms })).rejects.toMatchObject({ code: 'KMS_ANSWER' });
  });
});
