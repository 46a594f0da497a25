// npm run fuzz -w packages/local-kms -- [--seed n] [--requests n]: requests that nobody would send, over sockets and in the
// process: every answer is one of KMS's own errors, and the server goes on.

import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.ts';

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, requests: { type: 'string', default: '100000' } },
});
const [seed, requests] = [Number(values.seed), Number(values.requests)];
if (!Number.isInteger(seed) || !Number.isInteger(requests) || requests < 1) {
  throw new RangeError('--seed and --requests are integers, and there is at least one request');
}
const { answers, heap } = await fuzz(seed, requests);
console.log(`seed ${seed}, ${requests} requests: no answer but those of KMS, no crash, no hang`);
for (const [kind, count] of [...answers].sort(([, a], [, b]) => b - a)) console.log(`  ${kind.padEnd(36)} ${count}`);
console.log(`heap after the first server ${heap.first.toFixed(0)} MB, after the last ${heap.last.toFixed(0)} MB`);
