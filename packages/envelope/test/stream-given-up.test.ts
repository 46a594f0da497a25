import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Readable, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { openEnvelope } from '../src/envelope.ts';
import { rawAesWrapping } from '../src/raw/aes.ts';
import type { BytesThrough } from '../src/stream/chunks.ts';
import { decryptStream } from '../src/stream/decrypt.ts';
import { encryptStream } from '../src/stream/encrypt.ts';
import { settingsFor } from './settings.ts';

const wrapping = rawAesWrapping({ keyNamespace: 'orders', keyName: 'first', key: randomBytes(32) });

function sides(frameLength = 64) {
  const box = openEnvelope(settingsFor(wrapping, { frameLength }));
  const context = { tenant: 'a' };
  return { box, seal: () => encryptStream(box, context), open: () => decryptStream(box, context) };
}

describe('a stream that is given up half way', () => {
  /** What `Buffer.alloc` made while `work` ran: among it what streams hold plaintext in. */
  const allocatedBy = async (work: () => Promise<unknown>): Promise<Buffer[]> => {
    const alloc = jest.spyOn(Buffer, 'alloc');
    try {
      await work();
      return alloc.mock.results.map(({ value }) => value as Buffer);
    } finally {
      alloc.mockRestore();
    }
  };
  const PLAINTEXT = Buffer.alloc(40, 'chalk');
  const WAYS: [string, (stream: BytesThrough, chunk: Uint8Array) => Promise<unknown>][] = [
    [
      'is destroyed',
      async (stream, chunk) => {
        const node = stream.toNode();
        await new Promise((done) => node.write(chunk, done));
        await once(node.destroy(), 'close');
      },
    ],
    [
      'is destroyed by what comes after it',
      async (stream, chunk) => {
        const source = new Readable({ read() {} });
        source.push(chunk);
        const after = new Writable();
        const failed = pipeline(source, stream.toNode(), after).catch(() => undefined);
        await new Promise((done) => setTimeout(done, 5));
        after.destroy(new Error('no space left'));
        await failed;
      },
    ],
    [
      'is cancelled',
      async ({ readable, writable }, chunk) => {
        const reader = readable.getReader();
        const reading = reader.read();
        await writable.getWriter().write(chunk);
        await reader.cancel();
        await reading;
      },
    ],
    [
      'is aborted',
      async ({ readable, writable }, chunk) => {
        const writer = writable.getWriter();
        const reading = buffer(readable).catch(() => undefined);
        await writer.write(chunk);
        await writer.abort(new Error('aborted'));
        await reading;
      },
    ],
    [
      'gets what is no chunk',
      async ({ readable, writable }, chunk) => {
        const writer = writable.getWriter();
        const reading = buffer(readable).catch(() => undefined);
        await writer.write(chunk);
        await writer.write('text' as never).catch(() => undefined);
        await reading;
      },
    ],
  ];

  test.each(WAYS)('holds no plaintext any more when it %s', async (_way, giveUp) => {
    const { box, seal, open } = sides();
    const message = await box.encrypt(Buffer.concat([PLAINTEXT, PLAINTEXT]), { tenant: 'a' });
    const header = message.length - (80 + 32 + 40);
    // Part of a frame: without the end of it, it is not encrypted, and not verified.
    const cases = [() => giveUp(seal(), PLAINTEXT), () => giveUp(open(), message.subarray(0, header + 16 + 40))];
    for (const work of cases) {
      const held = (await allocatedBy(work)).filter((bytes) => bytes.includes('chalk'));
      expect(held).toEqual([]);
    }
  });

  test('holds no frame that came in one chunk with one that is not authentic, and was not given to anybody', async () => {
    const { box, open } = sides(40);
    const message = await box.encrypt(Buffer.concat([PLAINTEXT, PLAINTEXT, PLAINTEXT]), { tenant: 'a' });
    message[message.length - 1] = (message.at(-1) ?? 0) ^ 1;
    const held = await allocatedBy(async () => {
      const opening = buffer(new Blob([message]).stream().pipeThrough(open()));
      await expect(opening).rejects.toMatchObject({ code: 'NOT_AUTHENTIC' });
    });
    expect(held.filter((bytes) => bytes.includes('chalk'))).toEqual([]);
  });

  test('holds none of what came of a data key that it waited for meanwhile', async () => {
    const { box } = sides();
    const message = await box.encrypt(Buffer.concat([PLAINTEXT, PLAINTEXT]), { tenant: 'a' });
    const header = message.length - (80 + 32 + 40);
    const go: (() => void)[] = [];
    const gate = new Promise<void>((resolve) => go.push(resolve));
    const slow = openEnvelope(
      settingsFor({
        wrapDataKey: wrapping.wrapDataKey,
        unwrapDataKey: async (request) => gate.then(() => wrapping.unwrapDataKey(request)),
      }),
    );
    const held = await allocatedBy(async () => {
      const node = decryptStream(slow, { tenant: 'a' }).toNode();
      node.write(message.subarray(0, header + 16 + 40));
      node.destroy();
      go[0]?.();
      await new Promise((done) => setTimeout(done, 20));
    });
    expect(held.filter((bytes) => bytes.includes('chalk'))).toEqual([]);
  });
});
