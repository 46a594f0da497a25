// The access map, each size in a process of its own: time, and peak memory of the whole process. Each principal has five
// statements at every size, so that the pairs of a principal and a key that can match grow with the app, all pairs with
// its square. `KEYSMITH_BENCH_FULL=1` adds the largest size: 200 keys, 2,000 roles, 10,000 statements.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const folder = mkdtempSync(join(import.meta.dirname, '.map-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const script = join(folder, 'case.mjs');
// Bundled, so that no compiler and no module loader stands in what is measured.
await build({
  entryPoints: [join(import.meta.dirname, 'map', 'case.ts')],
  bundle: true,
  platform: 'node',
  format: 'esm',
  outfile: script,
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
});

/** What one size says of itself. */
interface Result {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly pairs: number;
  readonly megabytes: number;
}

const SMALLEST = { keys: 10, roles: 100, statements: 500 };
const factors = process.env['KEYSMITH_BENCH_FULL'] === '1' ? [1, 2, 4, 20] : [1, 2, 4];

console.log('access map: keys x roles, statements: wall time, processor time, pairs, peak of the process');
for (const factor of factors) {
  const { keys, roles, statements } = {
    keys: SMALLEST.keys * factor,
    roles: SMALLEST.roles * factor,
    statements: SMALLEST.statements * factor,
  };
  const args = ['--no-warnings', '--max-old-space-size=8192', script, ...[keys, roles, statements].map(String)];
  const result = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Result;
  const { seconds, cpuSeconds, pairs, megabytes } = result;
  console.log(
    `  ${keys} x ${roles}, ${statements}: ${seconds.toFixed(2)} s, ${cpuSeconds.toFixed(2)} s, ${pairs.toLocaleString('en')} pairs, ${megabytes.toFixed(0)} MB`,
  );
}
