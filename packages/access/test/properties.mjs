// npm run properties -w packages/access -- [--seeds n] [--from n] [--runs n] [--of name]: the property tests, seed by seed.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    from: { type: 'string', default: '1' },
    runs: { type: 'string', default: '1000' },
    // A part of a file's name: new-access.
    of: { type: 'string', default: 'properties' },
  },
});
const [seeds, from, runs] = [values.seeds, values.from, values.runs].map(Number);
if (![seeds, from, runs].every((one) => Number.isSafeInteger(one) && one > 0)) {
  throw new RangeError('--seeds, --from and --runs are whole numbers above zero');
}

const root = join(import.meta.dirname, '../../..');
const jest = join(root, 'node_modules/jest/bin/jest.js');
const failed = [];
for (let seed = from; seed < from + seeds; seed++) {
  const env = { ...process.env, KEYSMITH_SEED: String(seed), KEYSMITH_RUNS: String(runs) };
  const args = [jest, '--selectProjects', 'access', '--maxWorkers=1', '--testTimeout=3600000', values.of];
  const { status } = spawnSync(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
  console.log(`seed ${seed}, ${runs} runs of each property: ${status === 0 ? 'passed' : 'FAILED'}`);
  if (status !== 0) failed.push(seed);
}
if (failed.length > 0) throw new Error(`seeds that failed: ${failed.join(', ')}`);
