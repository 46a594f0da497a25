import { randomBytes } from 'node:crypto';
import {
  AlgorithmSuiteIdentifier,
  buildClient,
  CommitmentPolicy,
  KmsKeyringNode,
  RawAesKeyringNode,
  RawAesWrappingSuiteIdentifier,
} from '@aws-crypto/client-node';
import fc from 'fast-check';
import { openEnvelope } from '../src/envelope.ts';
import { EnvelopeError } from '../src/errors.ts';
import { formatsOf } from '../src/formats.ts';
import { parseHeader } from '../src/header.ts';
import {
  decryptMany,
  decryptRange,
  decryptStream,
  type Envelope,
  encryptStream,
  envelope,
  inspect,
  migrationReader,
  reencrypt,
  signedMessages,
} from '../src/index.ts';
import type { Settings } from '../src/options.ts';
import { rawAesWrapping } from '../src/raw/aes.ts';
import { localKms } from './kms.ts';

import { EVERYTHING, KEY, OTHER_KEY, SIGNED, settingsFor } from './settings.ts';

const official = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
const suiteId = AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY;

const RAW = { keyNamespace: 'orders', keyName: 'first' };
const rawKey = randomBytes(32);

function rawEnvelope(frameLength = 65_536, over: Partial<Settings> = {}): Envelope {
  return openEnvelope(settingsFor(rawAesWrapping({ ...RAW, key: rawKey }), { frameLength, ...over }));
}

function rawKeyring(): RawAesKeyringNode {
  // The keyring isolates the key, and wants memory that nothing else shares for that.
  const unencryptedMasterKey = new Uint8Array(rawKey);
  const wrappingSuite = RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING;
  return new RawAesKeyringNode({ ...RAW, unencryptedMasterKey, wrappingSuite });
}

/** Lengths around the ends of frames of 16 bytes. */
const LENGTHS = [0, 1, 15, 16, 17, 31, 32, 33, 1000];

/** Refuses every suite that is not signed. */
function signedOnly(): Envelope {
  return rawEnvelope(65_536, { formats: formatsOf([signedMessages], true) });
}

describe('the official Encryption SDK and this package read each other, ', () => {
  test.each(LENGTHS)('%i bytes written here under a raw key open there', async (length) => {
    const plaintext = randomBytes(length);
    const message = await rawEnvelope(16).encrypt(plaintext, { tenant: 'a', purpose: 'token' });
    const opened = await official.decrypt(rawKeyring(), message);
    expect(opened.plaintext.equals(plaintext)).toBe(true);
    expect({ ...opened.messageHeader.encryptionContext }).toEqual({ tenant: 'a', purpose: 'token' });
  });

  test.each(LENGTHS)('%i bytes written there under a raw key open here', async (length) => {
    const plaintext = randomBytes(length);
    const encryptionContext = { tenant: 'a', purpose: 'token' };
    const { result } = await official.encrypt(rawKeyring(), plaintext, { suiteId, frameLength: 16, encryptionContext });
    expect(Buffer.from(await rawEnvelope().decrypt(result, { tenant: 'a' })).equals(plaintext)).toBe(true);
  });

  test('both ways under KMS keys, of which either one opens the message', async () => {
    const kms = localKms();
    const declared = { direction: 'both', context: {}, requiredContext: ['tenant'], kms } as const;
    const ours = envelope(undefined, { ...declared, wrapKeys: [KEY, OTHER_KEY], unwrapKeys: [OTHER_KEY] });
    const message = await ours.encrypt('both ways', { tenant: 'a' });
    const clientProvider = () => kms as never;
    for (const keyId of [KEY, OTHER_KEY]) {
      const keyring = new KmsKeyringNode({ keyIds: [keyId], clientProvider });
      expect((await official.decrypt(keyring, message)).plaintext.toString()).toBe('both ways');
    }
    const keyring = new KmsKeyringNode({ generatorKeyId: KEY, keyIds: [OTHER_KEY], clientProvider });
    const { result } = await official.encrypt(keyring, 'and back', { suiteId, encryptionContext: { tenant: 'a' } });
    expect(await ours.decrypt(result, { tenant: 'a' }, 'text')).toBe('and back');
  });
});

describe('a message', () => {
  const box = rawEnvelope();
  const name = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
    .filter((text) => !text.startsWith('aws-crypto-'));
  const context = fc.dictionary(
    fc.oneof(name, fc.constantFrom('__proto__', 'constructor', '\uFEFFa', '\uE000', '\u{1F600}')),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
    { maxKeys: 6, noNullPrototype: false },
  );

  test('comes back whole for every plaintext, frame length and context', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 200 }),
        fc.integer({ min: 1, max: 70 }),
        context,
        async (plaintext, frameLength, given) => {
          const message = await rawEnvelope(frameLength).encrypt(plaintext, given);
          expect(Buffer.from(await box.decrypt(message, given)).equals(plaintext)).toBe(true);
          expect(Object.entries(parseHeader(message, 1, EVERYTHING.suites).context).sort()).toEqual(
            Object.entries(given).sort(),
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  test.each([65_535, 65_536, 65_537, 131_072])('of %i bytes crosses the default frame length', async (length) => {
    const plaintext = randomBytes(length);
    const message = await box.encrypt(plaintext, {});
    expect(Buffer.from(await box.decrypt(message, {})).equals(plaintext)).toBe(true);
  });

  test('lists its context in the order of the UTF-8 bytes of the names', async () => {
    // By UTF-16 units U+1F600 would come before U+E000, by locale "a" before "B".
    const given = { '\u{1F600}': '4', '\uE000': '3', a: '2', B: '1' };
    const { context: read } = parseHeader(await box.encrypt('', given), 1, EVERYTHING.suites);
    expect(Object.keys(read)).toEqual(['B', 'a', '\uE000', '\u{1F600}']);
  });

  test('is refused with any one byte altered, whatever the bits', async () => {
    const message = await rawEnvelope(4).encrypt('altered', { tenant: 'a' });
    const masks = [0x01, 0x80, 0xff];
    for (let index = 0; index < message.length; index += 1) {
      for (const mask of masks) {
        const copy = Uint8Array.from(message);
        copy[index] = (copy[index] ?? 0) ^ mask;
        await expect(box.decrypt(copy, {})).rejects.toBeInstanceOf(EnvelopeError);
      }
    }
  });

  test('is refused cut short anywhere, and with anything after its end', async () => {
    const message = await rawEnvelope(4).encrypt('cut', { tenant: 'a' });
    for (let length = 0; length < message.length; length += 1) {
      await expect(box.decrypt(message.subarray(0, length), {})).rejects.toBeInstanceOf(EnvelopeError);
    }
    const longer = Buffer.concat([message, Buffer.from([0])]);
    await expect(box.decrypt(longer, {})).rejects.toMatchObject({ code: 'NOT_AUTHENTIC' });
  });

  test('is refused with frames of another message under the same data key', async () => {
    const writer = rawEnvelope(4);
    const [first, second] = await Promise.all([writer.encrypt('12345678', {}), writer.encrypt('abcdefgh', {})]);
    const {
      bytes: { length },
    } = parseHeader(first, 1, EVERYTHING.suites);
    const spliced = Buffer.concat([first.subarray(0, length), second.subarray(length)]);
    expect(Buffer.from(await box.decrypt(first, {})).toString()).toBe('12345678');
    await expect(box.decrypt(spliced, {})).rejects.toMatchObject({ code: 'NOT_AUTHENTIC' });
  });

  test('opens from base64 text, and from that text alone when it is exact', async () => {
    const message = await box.encrypt('text', {});
    const base64 = Buffer.from(message).toString('base64');
    expect(await box.decrypt(base64, {}, 'text')).toBe('text');
    for (const text of [`${base64} `, `${base64}\n`, base64.replace(/=*$/, '*'), 'not a message', '']) {
      await expect(box.decrypt(text, {})).rejects.toMatchObject({ code: 'NOT_A_MESSAGE' });
    }
    await expect(box.decrypt(Buffer.from(base64), {})).rejects.toMatchObject({
      code: 'NOT_A_MESSAGE',
      message: expect.stringContaining('base64'),
    });
  });

  test('comes out as bytes, text or JSON, and says when its plaintext is none', async () => {
    const json = await box.encrypt('{"total":12}', {});
    expect(await box.decrypt(json, {}, 'json')).toEqual({ total: 12 });
    expect(await box.decrypt(json, {}, 'text')).toBe('{"total":12}');
    const secret = await box.encrypt('secret', {});
    const error = await box.decrypt(secret, {}, 'json').catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'PLAINTEXT_FORMAT' });
    expect(error).not.toHaveProperty('cause');
    expect(String(error)).not.toContain('secret');
    const binary = await box.encrypt(Uint8Array.of(0xff), {});
    await expect(box.decrypt(binary, {}, 'text')).rejects.toMatchObject({ code: 'PLAINTEXT_FORMAT' });
    await expect(box.decrypt(binary, {}, 'xml' as 'text')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  test('is memory of its own, as its plaintext is, and arguments stay as they were', async () => {
    const plaintext = Buffer.from('pooled');
    const given = Object.freeze({ tenant: 'a' });
    const message = await box.encrypt(plaintext, given);
    const before = Uint8Array.from(message);
    const opened = await box.decrypt(message, given);
    for (const output of [message, opened]) {
      expect([output.byteOffset, output.buffer.byteLength]).toEqual([0, output.length]);
      expect(Buffer.isBuffer(output)).toBe(false);
    }
    expect(plaintext.toString()).toBe('pooled');
    expect(message).toEqual(before);
  });

  test.each([
    ['', {}],
    [', signed too', SIGNED],
  ])('is judged by the bytes that it had when it was passed, whatever becomes of them%s', async (_signed, over) => {
    const message = Buffer.from(await rawEnvelope(65_536, over).encrypt('x', { tenant: 'a' }));
    const reading = rawEnvelope(65_536, over).decrypt(message, { tenant: 'a' }, 'text');
    const {
      bytes: { length },
    } = parseHeader(message, 1, EVERYTHING.suites);
    message.fill(0, 0, length);
    expect(await reading).toBe('x');
  });

  test('is bound to the context of the call, whatever becomes of that object', async () => {
    const context = { tenant: 'a' };
    const message = await box.encrypt('x', context);
    const read = (from: number, to: number) => message.subarray(from, to);
    const through = (stream: TransformStream<Uint8Array, Uint8Array>, bytes: Uint8Array) =>
      new Response(new Blob([Uint8Array.from(bytes)]).stream().pipeThrough(stream)).arrayBuffer();
    const [sealing, opening] = [encryptStream(box, context), decryptStream(box, context)];
    const calls = [
      box.encrypt('x', context),
      reencrypt(message, { from: box, to: box, context }),
      decryptRange(box, read, context, 0, 1),
      migrationReader({ current: signedOnly(), older: box, until: new Date(Date.now() + 60_000) }).decrypt(
        message,
        context,
      ),
    ] as const;
    const many = decryptMany(box, ['b', 'a'], (tenant) => ({ message, context: Object.assign(context, { tenant }) }));
    context.tenant = 'other';
    const [encrypted, anew, part, migrated] = await Promise.all(calls);
    const streamed = new Uint8Array(await through(sealing, Buffer.from('x')));
    for (const made of [encrypted, anew, streamed]) expect({ ...inspect(made).context }).toEqual({ tenant: 'a' });
    const opened = [part, migrated, new Uint8Array(await through(opening, message))];
    expect(opened.map((bytes) => Buffer.from(bytes).toString())).toEqual(['x', 'x', 'x']);
    expect((await many).map(({ ok }) => ok)).toEqual([false, true]);
  });

  test.each([
    ['half a surrogate pair', '\uD800'],
    ['a number', 12],
    ['nothing', undefined],
    ['an array', [1, 2]],
  ])('is not made of %s', async (_kind, plaintext) => {
    await expect(box.encrypt(plaintext as string, {})).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  test('that lists more wrapped data keys than allowed is refused at the count', async () => {
    const message = Buffer.from(await box.encrypt('', {}));
    message.writeUInt16BE(11, 1 + 2 + 32 + 2);
    await expect(box.decrypt(message, {})).rejects.toMatchObject({
      code: 'LIMIT',
      message: expect.stringContaining('maxEncryptedDataKeys allows 10'),
    });
  });
});
