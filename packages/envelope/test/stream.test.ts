import { randomBytes } from 'node:crypto';
import { Duplex, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { EncryptionContext } from '../src/context.ts';
import { openEnvelope } from '../src/envelope.ts';
import { EnvelopeError } from '../src/errors.ts';
import { rawAesWrapping } from '../src/raw/aes.ts';
import { type DecryptStreamOptions, decryptStream } from '../src/stream/decrypt.ts';
import { type EncryptStreamOptions, encryptStream } from '../src/stream/encrypt.ts';
import { SIGNED, settingsFor } from './settings.ts';
import { settingsOfVector, skipReason, VECTORS, type Vector, withVectors } from './vectors.ts';

/** Numbers that look random and are the same in every run. */
function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Cuts bytes into pieces of 1 to `most` bytes. */
function* cut(bytes: Uint8Array, most: number, random = seeded(bytes.length + most)): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; ) {
    const length = 1 + random(most);
    yield bytes.subarray(at, at + length);
    at += length;
  }
}

/** What comes out before the end or an error, and the error. */
async function drained(readable: ReadableStream<Uint8Array>): Promise<{ bytes: Buffer; error?: unknown }> {
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of readable) pieces.push(Uint8Array.from(piece));
    return { bytes: Buffer.concat(pieces) };
  } catch (error) {
    return { bytes: Buffer.concat(pieces), error };
  }
}

function from(chunks: Iterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.iterator]();
  return new ReadableStream({
    pull(controller) {
      const { value, done } = iterator.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
  });
}

const wrapping = rawAesWrapping({ keyNamespace: 'orders', keyName: 'first', key: randomBytes(32) });
let wrapped = 0;
const counting = {
  ...wrapping,
  wrapDataKey: (request: Parameters<typeof wrapping.wrapDataKey>[0]) => {
    wrapped += 1;
    return wrapping.wrapDataKey(request);
  },
};

function sides(frameLength = 64, over = {}) {
  const settings = settingsFor(counting, { frameLength, ...over });
  const box = openEnvelope(settings);
  return {
    box,
    seal: (options?: EncryptStreamOptions) => encryptStream(box, { tenant: 'a' }, options),
    open: (options?: DecryptStreamOptions, context: EncryptionContext = { tenant: 'a' }) =>
      decryptStream(box, context, options),
  };
}

const LENGTHS = [0, 1, 63, 64, 65, 127, 128, 129, 1000, 100_000];

describe('an encrypting stream', () => {
  test.each(LENGTHS)('makes of %i bytes, however they come, a message of the size it said', async (length) => {
    const { box, seal } = sides();
    const plaintext = randomBytes(length);
    for (const most of [1, 7, 64, 65, 70_000].filter((size) => length / size < 5000)) {
      const stream = seal();
      const size = await stream.size(length);
      const { bytes, error } = await drained(from(cut(plaintext, most)).pipeThrough(stream));
      expect(error).toBeUndefined();
      expect(bytes.length).toBe(size);
      expect(Buffer.from(await box.decrypt(bytes, { tenant: 'a' })).equals(plaintext)).toBe(true);
    }
  });

  test('signs messages one after the other, all of the size it said', async () => {
    const { box, seal } = sides(64, SIGNED);
    const differences: number[] = [];
    for (let count = 0; count < 30; count += 1) {
      const stream = seal();
      const size = await stream.size(5);
      const { bytes, error } = await drained(from([Buffer.from('chalk')]).pipeThrough(stream));
      expect(error).toBeUndefined();
      expect(await box.decrypt(bytes, { tenant: 'a' }, 'text')).toBe('chalk');
      if (bytes.length !== size) differences.push(bytes.length - size);
    }
    expect(differences).toEqual([]);
  });

  test.each(LENGTHS)('signs a message of %i bytes, also of the size it said', async (length) => {
    const { box, seal } = sides(64, SIGNED);
    const plaintext = randomBytes(length);
    const stream = seal();
    const size = await stream.size(length);
    const { bytes } = await drained(from(cut(plaintext, 1000)).pipeThrough(stream));
    expect(bytes.length).toBe(size);
    expect(Buffer.from(await box.decrypt(bytes, { tenant: 'a' })).equals(plaintext)).toBe(true);
  });

  test('has a data key of its own, unless it knows its length', async () => {
    const { seal } = sides();
    const before = wrapped;
    const plaintext = randomBytes(100);
    const streams = [seal(), seal(), seal({ plaintextLength: 100 }), seal({ plaintextLength: 100 })];
    for (const stream of streams) await drained(from([plaintext]).pipeThrough(stream));
    expect(wrapped - before).toBe(3);
  });

  test.each([
    [99, 'more'],
    [101, 'fewer'],
  ])('that was to take %i bytes refuses a plaintext that has %s', async (plaintextLength, than) => {
    const { seal } = sides();
    const { error } = await drained(from([randomBytes(100)]).pipeThrough(seal({ plaintextLength })));
    expect(error).toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining(than) });
  });

  test('lets its chunks be written over as soon as they are taken', async () => {
    const { box, seal } = sides();
    const stream = seal();
    const message = drained(stream.readable);
    const writer = stream.writable.getWriter();
    const chunk = Buffer.alloc(50);
    for (let index = 0; index < 5; index += 1) {
      await writer.write(chunk.fill(index));
    }
    chunk.fill(0xff);
    await writer.close();
    const expected = Buffer.concat([0, 1, 2, 3, 4].map((index) => Buffer.alloc(50, index)));
    expect(Buffer.from(await box.decrypt((await message).bytes, { tenant: 'a' })).equals(expected)).toBe(true);
  });

  test('takes no more chunks than there is demand for', async () => {
    const { seal } = sides();
    let taken = 0;
    const source = new ReadableStream<Uint8Array>({
      pull(controller) {
        taken += 1;
        controller.enqueue(randomBytes(64));
      },
    });
    const reader = source.pipeThrough(seal()).getReader();
    await reader.read();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(taken).toBeLessThan(6);
    await reader.cancel();
  });

  test('refuses chunks that are no bytes, lengths that are none, and a context like the buffered way', async () => {
    const { seal } = sides();
    const { error } = await drained(from(['text' as never]).pipeThrough(seal()));
    expect(error).toMatchObject({ code: 'INVALID_INPUT' });
    await expect(seal().size()).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(seal().size(-1)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(() => seal({ plaintextLength: 1.5 })).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
    const stream = encryptStream(openEnvelope(settingsFor(wrapping)), { 'aws-crypto-x': 'y' });
    await expect(stream.size(1)).rejects.toMatchObject({ code: 'CONTEXT_INVALID' });
  });
});

describe('a decrypting stream', () => {
  test.each(LENGTHS)('gives back %i bytes, however the message comes', async (length) => {
    const { box, open } = sides();
    const plaintext = randomBytes(length);
    const message = await box.encrypt(plaintext, { tenant: 'a' });
    for (const most of [1, 7, 64, 97, 70_000].filter((size) => length / size < 5000)) {
      const { bytes, error } = await drained(from(cut(message, most)).pipeThrough(open()));
      expect(error).toBeUndefined();
      expect(bytes.equals(plaintext)).toBe(true);
    }
  });

  test('works between Node streams', async () => {
    const { seal, open } = sides(65_536);
    const plaintext = randomBytes(300_000);
    const sealed = Readable.from(cut(plaintext, 70_000)).pipe(seal().toNode());
    expect((await buffer(sealed.pipe(open().toNode()))).equals(plaintext)).toBe(true);
    const web = Readable.from(cut(plaintext, 70_000))
      .pipe(Duplex.fromWeb(seal() as Parameters<typeof Duplex.fromWeb>[0]))
      .pipe(Duplex.fromWeb(open() as Parameters<typeof Duplex.fromWeb>[0]));
    expect((await buffer(web)).equals(plaintext)).toBe(true);
  });

  test('fails as a Node stream with the same errors, and is one or the other', async () => {
    const { box, open } = sides();
    const message = await box.encrypt(randomBytes(200), { tenant: 'a' });
    const stream = open();
    const opened = Readable.from([message.subarray(0, -1)]).pipe(stream.toNode());
    await expect(buffer(opened)).rejects.toMatchObject({ code: 'NOT_AUTHENTIC' });
    expect(() => from([message]).pipeThrough(stream)).toThrow('locked');
    expect(() => stream.toNode()).toThrow('locked');
  });

  test('refuses a signed message by its header, unless it is told what it releases', async () => {
    const { box, open } = sides(64, SIGNED);
    const plaintext = randomBytes(200);
    const message = await box.encrypt(plaintext, { tenant: 'a' });
    const refused = await drained(from(cut(message, 50)).pipeThrough(open()));
    expect(refused.error).toMatchObject({ code: 'UNSUPPORTED_MESSAGE' });
    expect(refused.bytes.length).toBe(0);
    const released = await drained(from(cut(message, 50)).pipeThrough(open({ signedMessages: 'release-unverified' })));
    expect(released.bytes.equals(plaintext)).toBe(true);
  });

  test('releases all but the final frame of a message whose signature is wrong', async () => {
    const { box, open } = sides(64, SIGNED);
    const plaintext = randomBytes(200);
    const message = await box.encrypt(plaintext, { tenant: 'a' });
    message[message.length - 1] = (message.at(-1) ?? 0) ^ 1;
    const { bytes, error } = await drained(
      from(cut(message, 50)).pipeThrough(open({ signedMessages: 'release-unverified' })),
    );
    expect(error).toMatchObject({ code: 'NOT_AUTHENTIC' });
    expect(bytes.equals(plaintext.subarray(0, 192))).toBe(true);
  });

  test('releases no frame before its tag is there', async () => {
    const { box, open } = sides();
    const message = await box.encrypt(randomBytes(200), { tenant: 'a' });
    const header = message.length - (200 + 3 * 32 + 40);
    const { bytes, error } = await drained(from([message.subarray(0, header + 96 + 95)]).pipeThrough(open()));
    expect(error).toMatchObject({ code: 'NOT_AUTHENTIC' });
    expect(bytes.length).toBe(64);
  });

  test('holds no more than it is allowed to', async () => {
    const { box, open } = sides();
    const message = await box.encrypt(randomBytes(200), { tenant: 'a' });
    const { error } = await drained(from([message]).pipeThrough(open({ maxHeldBytes: 63 })));
    expect(error).toMatchObject({ code: 'LIMIT', message: expect.stringContaining('maxHeldBytes allows 63') });
  });

  test('checks the context before the key is asked for', async () => {
    const { box, open } = sides();
    const message = await box.encrypt('x', { tenant: 'a' });
    const { error } = await drained(from([message]).pipeThrough(open({}, { tenant: 'b' })));
    expect(error).toMatchObject({ code: 'CONTEXT_MISMATCH' });
  });

  test.each([
    ['nothing', '', 'NOT_A_MESSAGE'],
    ['something else', 'plain text', 'NOT_A_MESSAGE'],
    ['base64 text', 'AgR4', 'NOT_A_MESSAGE'],
    ['one byte', '\u0002', 'NOT_AUTHENTIC'],
    ['an endless header', `\u0002\u0004\u0078${'\0'.repeat(35)}\n${'\u00ff'.repeat(3_000_000)}`, 'LIMIT'],
  ])('says what is wrong with %s', async (_case, text, code) => {
    const { open } = sides();
    const { error } = await drained(from(cut(Buffer.from(text, 'latin1'), 70_000)).pipeThrough(open()));
    expect(error).toMatchObject({ code });
  });

  test('refuses options that there are not', () => {
    const { open } = sides();
    const invalid = expect.objectContaining({ code: 'INVALID_INPUT' });
    expect(() => open({ maxHeldBytes: 0 })).toThrow(invalid);
    expect(() => open({ signedMessages: 'yes' as 'refuse' })).toThrow(invalid);
  });
});

withVectors('every published and crafted message, in random pieces,', () => {
  const decided = VECTORS.filter((vector) => skipReason(vector) === undefined);
  const read = (vector: Vector) => {
    const settings = settingsOfVector(vector);
    const bytes = Buffer.from(vector.ciphertextBase64, 'base64');
    const random = seeded(bytes.length);
    // Each message in pieces of its own size, small ones more often; large messages not byte by byte.
    const most = Math.max(1 + random(2 ** random(15)), Math.floor(bytes.length / 60));
    const signedMessages = vector.unsignedOnly === true ? 'refuse' : 'release-unverified';
    return drained(
      from(cut(bytes, most, random)).pipeThrough(
        decryptStream(openEnvelope(settings), vector.reproducedEncryptionContext ?? {}, {
          signedMessages,
        }),
      ),
    );
  };

  test('comes out as its manifest says', async () => {
    const mustDecrypt = decided.filter(({ expect: expected }) => expected === 'success');
    expect(mustDecrypt.length).toBe(907);
    for (const vector of mustDecrypt) {
      const { bytes, error } = await read(vector);
      expect({ id: vector.id, error, plaintext: bytes.toString('base64') }).toEqual({
        id: vector.id,
        error: undefined,
        plaintext: vector.plaintextBase64,
      });
    }
  }, 60_000);

  test('or is refused, and of unsigned ones no more comes out than is authentic', async () => {
    const mustFail = decided.filter(({ expect: expected }) => expected === 'failure');
    expect(mustFail.length).toBe(786);
    const excess: object[] = [];
    for (const vector of mustFail) {
      const { bytes, error } = await read(vector);
      expect({ id: vector.id, refused: error instanceof EnvelopeError }).toEqual({ id: vector.id, refused: true });
      const allowed = vector.authenticatedPrefixBytes ?? (vector.header?.signed === true ? bytes.length : 0);
      if (bytes.length > allowed) excess.push({ id: vector.id, released: bytes.length, allowed });
    }
    expect(excess).toEqual([]);
  }, 60_000);
});
