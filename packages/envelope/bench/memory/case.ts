// One case of the memory benchmark, in a process of its own: `case.ts NAME BYTES`.

import { createCipheriv, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { decryptStream, type Envelope, encryptStream, envelope, rawAesWrapping } from '@cdk-keysmith/envelope';

const CONTEXT = { tenant: 'a' };
const CHUNK = randomBytes(65_536);
const MESSAGE = join(import.meta.dirname, 'message');

// Without the SDK and without the official client: neither is in the memory that is measured.
const box: Envelope = envelope('Bench', {
  direction: 'both',
  wrapping: rawAesWrapping({ keyNamespace: 'bench', keyName: 'key', key: Buffer.alloc(32, 7) }),
  context: {},
  requiredContext: [],
});

function* chunks(bytes: number): Generator<Uint8Array> {
  for (let sent = 0; sent < bytes; sent += CHUNK.length) yield CHUNK;
}

const nowhere = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });
const web = (source: Iterable<Uint8Array>): ReadableStream<Uint8Array> => ReadableStream.from(source);
const sink = (): WritableStream<Uint8Array> => new WritableStream({ write: () => undefined });
const sealed = (bytes: number): Readable => Readable.from(chunks(bytes)).pipe(encryptStream(box, CONTEXT).toNode());

type Work = () => Promise<unknown>;

/** What is measured, once everything that it needs is in memory. */
const CASES: Readonly<Record<string, (bytes: number) => Promise<Work> | Work>> = {
  encrypt: (bytes) => {
    const plaintext = Buffer.alloc(bytes, 7);
    return () => box.encrypt(plaintext, CONTEXT);
  },
  // Written by a process of its own, so that nothing of the writing is in the memory of the reading.
  'write it': (bytes) => async () => writeFileSync(MESSAGE, await box.encrypt(Buffer.alloc(bytes, 7), CONTEXT)),
  decrypt: () => {
    const message = readFileSync(MESSAGE);
    return () => box.decrypt(message, CONTEXT);
  },
  'official encrypt': async (bytes) => {
    const they = (await import('../peers.ts')).official();
    const plaintext = Buffer.alloc(bytes, 7);
    await they.decrypt(await they.encrypt(Buffer.from('warm')));
    return () => they.encrypt(plaintext);
  },
  'official write it': async (bytes) => {
    const they = (await import('../peers.ts')).official();
    return async () => writeFileSync(MESSAGE, await they.encrypt(Buffer.alloc(bytes, 7)));
  },
  'official decrypt': async () => {
    const they = (await import('../peers.ts')).official();
    await they.decrypt(await they.encrypt(Buffer.from('warm')));
    const message = readFileSync(MESSAGE);
    return () => they.decrypt(message);
  },
  'web encrypt': (bytes) => () => web(chunks(bytes)).pipeThrough(encryptStream(box, CONTEXT)).pipeTo(sink()),
  'web decrypt': (bytes) => () =>
    web(chunks(bytes)).pipeThrough(encryptStream(box, CONTEXT)).pipeThrough(decryptStream(box, CONTEXT)).pipeTo(sink()),
  'node encrypt': (bytes) => () => pipeline(chunks(bytes), encryptStream(box, CONTEXT).toNode(), nowhere()),
  'node decrypt': (bytes) => () => pipeline(sealed(bytes), decryptStream(box, CONTEXT).toNode(), nowhere()),
  'plain cipher': (bytes) => () =>
    pipeline(chunks(bytes), createCipheriv('aes-256-gcm', randomBytes(32), randomBytes(12)), nowhere()),
  nothing: () => async () => undefined,
};

/** The largest that the process has been so far, in MB. */
const peak = (): number => process.resourceUsage().maxRSS / 1024;

// What is compiled on the way of a first small message is not counted.
await box.decrypt(await box.encrypt('warm', CONTEXT), CONTEXT);
const [name = '', size = '0'] = process.argv.slice(2);
const work = await CASES[name]?.(Number(size));
const before = peak();
await work?.();
console.log(JSON.stringify({ before, after: peak() }));
