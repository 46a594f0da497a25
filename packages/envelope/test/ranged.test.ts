import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { openEnvelope } from '../src/envelope.ts';
import { EnvelopeError } from '../src/errors.ts';
import { parseHeader } from '../src/header.ts';
import type { Settings } from '../src/options.ts';
import { decryptRange, type ReadRange } from '../src/ranged.ts';
import { rawAesWrapping } from '../src/raw/aes.ts';
import type { DataKeyWrapping } from '../src/wrapping.ts';
import { EVERYTHING, SIGNED, settingsFor } from './settings.ts';
import { settingsOfVector, skipReason, VECTORS, withVectors } from './vectors.ts';

const wrapping = rawAesWrapping({ keyNamespace: 'orders', keyName: 'first', key: randomBytes(32) });
const context = { tenant: 'a' };

function setUp(frameLength = 64, over: Partial<Settings> = {}) {
  const settings = settingsFor(wrapping, { frameLength, ...over });
  const box = openEnvelope(settings);
  return {
    encrypt: (plaintext: Uint8Array) => box.encrypt(plaintext, context),
    range: (read: ReadRange, from: number, to: number) => decryptRange(box, read, context, from, to),
  };
}

/** Reads from memory, as an object store would. */
function stored(message: Uint8Array, reads: [number, number][] = []): ReadRange {
  return async (from, to) => {
    reads.push([from, to]);
    return message.subarray(from, to);
  };
}

describe('a range of a message', () => {
  test('is what the whole plaintext has there, wherever it begins and ends', async () => {
    const { encrypt, range } = setUp();
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 400 }), fc.nat(450), fc.nat(450), async (length, one, other) => {
        const plaintext = randomBytes(length);
        const read = stored(await encrypt(plaintext));
        const [from, to] = one < other ? [one, other] : [other, one];
        const part = range(read, from, to);
        if (from > length && from < to) await expect(part).rejects.toMatchObject({ code: 'RANGE' });
        else expect(Buffer.from(await part).equals(plaintext.subarray(from, to))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test.each([0, 1, 64, 127, 128, 129])(
    'that begins where %i bytes end is empty, and beyond is an error',
    async (length) => {
      const { encrypt, range } = setUp();
      const read = stored(await encrypt(randomBytes(length)));
      expect((await range(read, length, length + 10)).length).toBe(0);
      await expect(range(read, length + 1, length + 10)).rejects.toMatchObject({ code: 'RANGE' });
    },
  );

  test('reads the header and the frames it is in, and no more', async () => {
    const { encrypt, range } = setUp();
    const plaintext = randomBytes(100_000);
    const message = await encrypt(plaintext);
    const reads: [number, number][] = [];
    const part = await range(stored(message, reads), 64_000, 64_065);
    expect(Buffer.from(part).equals(plaintext.subarray(64_000, 64_065))).toBe(true);
    const {
      bytes: { length },
    } = parseHeader(message, 1, EVERYTHING.suites);
    expect(reads).toEqual([
      [0, 4096],
      [length + 1000 * 96, length + 1002 * 96 + 8],
    ]);
  });

  test('has a header of any length before it', async () => {
    const settings = settingsFor(wrapping, { frameLength: 64 });
    const long = { tenant: 'a', note: 'x'.repeat(30_000) };
    const message = await openEnvelope(settings).encrypt(randomBytes(100), long);
    const reads: [number, number][] = [];
    const part = await decryptRange(openEnvelope(settings), stored(message, reads), context, 0, 10);
    expect(part.length).toBe(10);
    expect(reads.length).toBe(3);
  });

  test('is refused with any byte altered that it was read from, and only then', async () => {
    const { encrypt, range } = setUp(16);
    const plaintext = randomBytes(64);
    const message = await encrypt(plaintext);
    const {
      bytes: { length },
    } = parseHeader(message, 1, EVERYTHING.suites);
    const [from, to] = [length + 48, length + 96];
    for (let index = 0; index < message.length; index += 1) {
      const copy = Uint8Array.from(message);
      copy[index] = (copy[index] ?? 0) ^ 1;
      const part = await range(stored(copy), 16, 32).catch((error: unknown) => error);
      if (index < length || (index >= from && index < to)) expect(part).toBeInstanceOf(EnvelopeError);
      else expect(part).toEqual(new Uint8Array(plaintext.subarray(16, 32)));
    }
  });

  test('is refused where the message was cut short, or goes on after its end', async () => {
    const { encrypt, range } = setUp(16);
    const message = await encrypt(randomBytes(40));
    for (let length = 0; length < message.length; length += 1) {
      const error = await range(stored(message.subarray(0, length)), 32, 40).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(EnvelopeError);
    }
    const longer = Buffer.concat([message, Buffer.from([0])]);
    await expect(range(stored(longer), 32, 40)).rejects.toMatchObject({ code: 'NOT_AUTHENTIC' });
  });

  test('is refused from frames in another place or of another message', async () => {
    const { encrypt, range } = setUp(16);
    const message = await encrypt(randomBytes(48));
    const other = await encrypt(randomBytes(48));
    const {
      bytes: { length },
    } = parseHeader(message, 1, EVERYTHING.suites);
    const swapped = Buffer.concat([
      message.subarray(0, length),
      message.subarray(length + 48, length + 96),
      message.subarray(length, length + 48),
      message.subarray(length + 96),
    ]);
    const spliced = Buffer.concat([message.subarray(0, length), other.subarray(length)]);
    for (const forged of [swapped, spliced]) {
      await expect(range(stored(forged), 0, 16)).rejects.toMatchObject({ code: 'NOT_AUTHENTIC' });
    }
  });

  test('is not read from a signed message, which only its end could verify', async () => {
    const { encrypt, range } = setUp(16, SIGNED);
    const read = stored(await encrypt(randomBytes(48)));
    await expect(range(read, 0, 1)).rejects.toMatchObject({ code: 'UNSUPPORTED_MESSAGE' });
  });

  test.each([
    [-1, 1],
    [2, 1],
    [0.5, 1],
    [0, Number.POSITIVE_INFINITY],
    ['0' as never, 1],
  ])('from %p to %p is none', async (from, to) => {
    const { encrypt, range } = setUp();
    await expect(range(stored(await encrypt(randomBytes(1))), from, to)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });

  test('is refused from a function that answers with more than was asked for, or with no bytes', async () => {
    const { encrypt, range } = setUp();
    const message = await encrypt(randomBytes(5000));
    for (const read of [() => message, () => 'text' as never]) {
      await expect(range(read, 0, 1)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    }
    const failure = new Error('not reachable');
    await expect(range(() => Promise.reject(failure), 0, 1)).rejects.toBe(failure);
  });

  test.each([64, 65_536, 4_294_967_295])(
    'up to wherever a number can point is all to the end, in frames of %i bytes',
    async (frameLength) => {
      const { encrypt, range } = setUp(frameLength);
      const plaintext = randomBytes(1_000);
      const part = await range(stored(await encrypt(plaintext)), 900, Number.MAX_SAFE_INTEGER);
      expect(Buffer.from(part).equals(plaintext.subarray(900))).toBe(true);
    },
  );

  test('to the end takes the data key that is cached', async () => {
    let unwrapped = 0;
    const counting: DataKeyWrapping = {
      wrapDataKey: (request) => wrapping.wrapDataKey(request),
      unwrapDataKey: (request) => {
        unwrapped += 1;
        return wrapping.unwrapDataKey(request);
      },
    };
    const box = openEnvelope(settingsFor(counting));
    const read = stored(await box.encrypt(randomBytes(100), context));
    for (const from of [0, 50, 90]) await decryptRange(box, read, context, from, Number.MAX_SAFE_INTEGER);
    expect(unwrapped).toBe(1);
  });

  test('leaves no plaintext behind that nobody asked for', async () => {
    const { encrypt, range } = setUp();
    const read = stored(await encrypt(Buffer.alloc(128, 'chalk')));
    const decrypted: Uint8Array[] = [];
    const slice = jest.spyOn(Uint8Array.prototype, 'slice').mockImplementation(function (this: Uint8Array, from, to) {
      decrypted.push(this);
      return new Uint8Array(this.subarray(from, to));
    });
    try {
      expect(await range(read, 5, 10)).toEqual(Uint8Array.from(Buffer.from('chalk')));
    } finally {
      slice.mockRestore();
    }
    expect(decrypted).toEqual([new Uint8Array(64)]);
  });

  test('far beyond what a message can hold is an error before it is read', async () => {
    const { encrypt, range } = setUp(1);
    const reads: [number, number][] = [];
    const read = stored(await encrypt(randomBytes(10)), reads);
    await expect(range(read, Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER)).rejects.toMatchObject({
      code: 'RANGE',
    });
    expect(reads.length).toBe(1);
  });
});

withVectors('every published and crafted message that is framed and unsigned', () => {
  const cases = VECTORS.filter(
    (vector) =>
      skipReason(vector) === undefined &&
      vector.expect === 'success' &&
      vector.header?.signed === false &&
      vector.header.contentType === 'framed',
  );

  test('gives its second half by range', async () => {
    expect(cases.length).toBeGreaterThan(200);
    for (const vector of cases) {
      const settings = settingsOfVector(vector);
      const plaintext = Buffer.from(vector.plaintextBase64 ?? '', 'base64');
      const half = Math.floor(plaintext.length / 2);
      const read = stored(Buffer.from(vector.ciphertextBase64, 'base64'));
      const asked = vector.reproducedEncryptionContext ?? {};
      const part = await decryptRange(openEnvelope(settings), read, asked, half, plaintext.length);
      expect({ id: vector.id, equal: plaintext.subarray(half).equals(part) }).toEqual({ id: vector.id, equal: true });
    }
  }, 30_000);
});
