// npm run agreement -w packages/local-kms -- [--seed n] [--cases n]: the map and the local KMS on many generated apps, each
// asked with twelve requests: the default is 12,000 cases.

import { parseArgs } from 'node:util';
import * as fc from 'fast-check';
import { generatedCase } from './cases.ts';
import { judge, newTally } from './judge.ts';

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, cases: { type: 'string', default: '1000' } },
});
const [seed, numRuns] = [Number(values.seed), Number(values.cases)];
if (!Number.isInteger(seed) || !Number.isInteger(numRuns) || numRuns < 1) {
  throw new RangeError('--seed and --cases are integers, and there is at least one case');
}
const tally = newTally();
await fc.assert(
  fc.asyncProperty(generatedCase, (one) => judge(one, tally)),
  { seed, numRuns },
);
console.log(`seed ${seed}, ${numRuns} apps: the map and the local KMS agree`);
for (const [kind, count] of Object.entries(tally)) console.log(`  ${kind.padEnd(15)} ${count}`);
