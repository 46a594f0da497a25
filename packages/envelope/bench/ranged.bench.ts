// 1 MB out of a message of 1 GB, by range, against decrypting all of it.

import { pipeline } from 'node:stream/promises';
import { decryptRange, decryptStream, encryptStream } from '@cdk-keysmith/envelope';
import { median } from '../../../bench/statistics.ts';
import { CONTEXT, ours } from './peers.ts';

const MB = 1024 * 1024;
const box = ours();
const chunk = Buffer.alloc(65_536, 7);

function* plaintext(): Generator<Uint8Array> {
  for (let sent = 0; sent < 1024 * MB; sent += chunk.length) yield chunk;
}

const pieces: Uint8Array[] = [];
await pipeline(plaintext(), encryptStream(box, CONTEXT).toNode(), async (output: AsyncIterable<Uint8Array>) => {
  for await (const piece of output) pieces.push(piece);
});
const message = Buffer.concat(pieces);

async function cpuMillis(work: () => Promise<unknown>): Promise<number> {
  const begun = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1_000;
}

const read = (from: number, to: number): Uint8Array => message.subarray(from, to);
const [whole, part]: [number[], number[]] = [[], []];
for (let round = 0; round < 3; round += 1) {
  whole.push(
    await cpuMillis(() =>
      pipeline(pieces, decryptStream(box, CONTEXT).toNode(), async (output: AsyncIterable<Uint8Array>) => {
        for await (const _ of output);
      }),
    ),
  );
  for (let count = 0; count < 20; count += 1) {
    const from = Math.floor(Math.random() * 1023 * MB);
    part.push(await cpuMillis(() => decryptRange(box, read, CONTEXT, from, from + MB)));
  }
}
const share = (100 * median(part)) / median(whole);
console.log(`1 MB of a message of 1 GB by range: ${share.toFixed(2)} % of the CPU time that the whole takes`);
console.log(`  the range ${median(part).toFixed(2)} ms, the whole ${median(whole).toFixed(0)} ms`);
