// npm run kill -w packages/local-kms -- --seed 7 --runs 1000

import { parseArgs } from 'node:util';
import { killAgainAndAgain } from './kill.ts';

const { values } = parseArgs({ options: { seed: { type: 'string' }, runs: { type: 'string' } } });
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const runs = Number(values.runs ?? 1000);
const started = Date.now();
const result = await killAgainAndAgain({ here: import.meta.dirname, seed, runs, log: (line) => console.log(line) });
const seconds = ((Date.now() - started) / 1000).toFixed(0);
console.log(
  `seed ${seed}: nothing that was answered was lost in ${runs} kills, ${seconds} s: ${JSON.stringify(result)}`,
);
