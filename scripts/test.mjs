// npm test: installs, builds and runs the tests of every package. Arguments go to jest.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildConstructs, buildExample, install } from './lib/steps.mjs';
import { CACHE, main, tool } from './lib/work.mjs';

// Read by .ci/run.
const TOTAL = join(CACHE, 'tests.txt');

main(async () => {
  const args = process.argv.slice(2);
  const everything = args.length === 0;
  if (everything) {
    rmSync(TOTAL, { force: true });
  }
  await install();
  await buildExample();
  await buildConstructs();
  // A snapshot that is not there yet is a failure, not a file that nobody has read; -u writes them.
  await tool('jest/bin/jest.js', ['--ci', ...args], { env: everything ? { KEYSMITH_TEST_TOTAL: TOTAL } : {} });
});
