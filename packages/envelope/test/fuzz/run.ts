// The long form of fuzz.test.ts: `npm run fuzz -w packages/envelope -- --seed 7 --runs 1000000`.

import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: `${Date.now() % 1_000_000}` },
    runs: { type: 'string', default: '1000000' },
  },
});
const seed = Number(values.seed);
const runs = Number(values.runs);

console.log(`fuzz: seed ${seed}, ${runs} mutated messages of all suites`);
const start = performance.now();
const result = await fuzz(seed, runs, (done) => {
  if (done % 100_000 === 0) console.log(`fuzz: ${done} done`);
});
const seconds = (performance.now() - start) / 1000;
console.log(`fuzz: ${result.runs} done in ${seconds.toFixed(0)} s, slowest ${result.slowestMillis.toFixed(1)} ms`);
console.log(`fuzz: harmless ${result.harmless}`, Object.fromEntries(result.refused));
