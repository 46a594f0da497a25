// 1 GB through streams, suite 0x0478, in chunks and frames of 64 KB: Web and Node streams of ours, those of the official
// client, and a plain cipher stream. Rounds are whole passes, in turns.

import { createCipheriv, randomBytes } from 'node:crypto';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { decryptStream, encryptStream } from '@cdk-keysmith/envelope';
import { median } from '../../../bench/statistics.ts';
import { CONTEXT, official, ours } from './peers.ts';

const GB = 1024 ** 3;
const ROUNDS = 3;
const CHUNK = randomBytes(65_536);

const box = ours();
const they = official();
const nowhere = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });
const sink = (): WritableStream<Uint8Array> => new WritableStream({ write: () => undefined });

function* plaintext(): Generator<Uint8Array> {
  for (let sent = 0; sent < GB; sent += CHUNK.length) yield CHUNK;
}

/** One message of 1 GB in the pieces that an object store would give. */
const message = await (async () => {
  const pieces: Uint8Array[] = [];
  await pipeline(plaintext(), encryptStream(box, CONTEXT).toNode(), async (output: AsyncIterable<Uint8Array>) => {
    for await (const piece of output) pieces.push(Buffer.from(piece));
  });
  return pieces;
})();

const cipher = () => createCipheriv('aes-256-gcm', randomBytes(32), randomBytes(12));

const CASES: Readonly<Record<string, () => Promise<unknown>>> = {
  'encrypt, plain cipher stream': () => pipeline(plaintext(), cipher(), nowhere()),
  'encrypt, Node stream': () => pipeline(plaintext(), encryptStream(box, CONTEXT).toNode(), nowhere()),
  'encrypt, Web stream': () => ReadableStream.from(plaintext()).pipeThrough(encryptStream(box, CONTEXT)).pipeTo(sink()),
  'encrypt, official client': () => pipeline(plaintext(), they.encryptStream(GB), nowhere()),
  // Over the same memory, which no cache holds: reading it is a part of the time.
  'decrypt, plain cipher stream': () => pipeline(message, cipher(), nowhere()),
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
console.log('1 GB in chunks and frames of 64 KB');
for (const [name, all] of seconds) {
  const time = median(all);
  const base = median(seconds.get(`${name.slice(0, 7)}, plain cipher stream`) ?? []);
  const speed = `${Math.round(1024 / time)} MB/s of CPU`;
  console.log(
    `  ${name.padEnd(30)} ${speed.padStart(18)}   ${((100 * base) / time).toFixed(0).padStart(4)} % of the cipher`,
  );
}
