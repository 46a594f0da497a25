// 1 GB through streams, suite 0x0478, in chunks and frames of 64 KB: Web and Node streams of ours, those of the official
// client, and a plain cipher in a stream of either kind, which ours are held against. Rounds are passes of a part, in turns.

import { createCipheriv, randomBytes } from 'node:crypto';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { decryptStream, encryptStream } from '@cdk-keysmith/envelope';
import { median } from '../../../bench/statistics.ts';
import { CONTEXT, official, ours } from './peers.ts';

/** Four of them are 1 GB; no cache holds one of them. */
const PASS = 256 * 1024 ** 2;
const ROUNDS = 8;
const CHUNK = randomBytes(65_536);

const box = ours();
const they = official();
const nowhere = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });
const sink = (): WritableStream<Uint8Array> => new WritableStream({ write: () => undefined });

function* plaintext(): Generator<Uint8Array> {
  for (let sent = 0; sent < PASS; sent += CHUNK.length) yield CHUNK;
}

/** One message in the pieces that an object store would give. */
const message = await (async () => {
  const pieces: Uint8Array[] = [];
  await pipeline(plaintext(), encryptStream(box, CONTEXT).toNode(), async (output: AsyncIterable<Uint8Array>) => {
    for await (const piece of output) pieces.push(Buffer.from(piece));
  });
  return pieces;
})();

const cipher = () => createCipheriv('aes-256-gcm', randomBytes(32), randomBytes(12));

const webCipher = (): TransformStream<Uint8Array, Uint8Array> => {
  const plain = cipher();
  return new TransformStream({
    transform: (chunk, controller) => controller.enqueue(plain.update(chunk)),
    flush: () => void plain.final(),
  });
};

const CASES: Readonly<Record<string, () => Promise<unknown>>> = {
  'encrypt, plain cipher, Node stream': () => pipeline(plaintext(), cipher(), nowhere()),
  'encrypt, plain cipher, Web stream': () => ReadableStream.from(plaintext()).pipeThrough(webCipher()).pipeTo(sink()),
  'encrypt, Node stream': () => pipeline(plaintext(), encryptStream(box, CONTEXT).toNode(), nowhere()),
  'encrypt, Web stream': () => ReadableStream.from(plaintext()).pipeThrough(encryptStream(box, CONTEXT)).pipeTo(sink()),
  'encrypt, official client': () => pipeline(plaintext(), they.encryptStream(PASS), nowhere()),
  // Over the same memory, which no cache holds: reading it is a part of the time.
  'decrypt, plain cipher, Node stream': () => pipeline(message, cipher(), nowhere()),
  'decrypt, plain cipher, Web stream': () => ReadableStream.from(message).pipeThrough(webCipher()).pipeTo(sink()),
  'decrypt, Node stream': () => pipeline(message, decryptStream(box, CONTEXT).toNode(), nowhere()),
  'decrypt, Web stream': () => ReadableStream.from(message).pipeThrough(decryptStream(box, CONTEXT)).pipeTo(sink()),
  'decrypt, official client': () => pipeline(message, they.decryptStream(), nowhere()),
};

const seconds = new Map<string, number[]>(Object.keys(CASES).map((name) => [name, []]));
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [name, run] of Object.entries(CASES)) {
    const begun = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(begun);
    seconds.get(name)?.push((user + system) / 1e6);
  }
}

/** Medians of round by round: whatever else the machine does hits what is compared alike. */
const percentOf = (base: string, name: string): string => {
  const own = seconds.get(name) ?? [];
  const ratio = median((seconds.get(base) ?? []).map((time, round) => time / (own[round] ?? Number.NaN)));
  return `${(100 * ratio).toFixed(0).padStart(4)} % of ${base.slice(9)}`;
};
console.log('streams in chunks and frames of 64 KB');
for (const [name, all] of seconds) {
  const speed = `${Math.round(PASS / 1024 ** 2 / median(all))} MB/s of CPU`;
  const kind = name.includes('Web') ? 'Web' : 'Node';
  const bases = [`${name.slice(0, 7)}, plain cipher, ${kind} stream`, `${name.slice(0, 7)}, official client`];
  console.log(`  ${name.padEnd(36)} ${speed.padStart(18)}  ${bases.map((base) => percentOf(base, name)).join('  ')}`);
}
