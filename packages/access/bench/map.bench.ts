// Reading an app and its access map, each size in a process of its own: time of both, and peak memory of the process. Each
// role's policy has five statements that name one key each, at every size: what it costs grows with them. Doubling the
// keys that no role's policy names must not show. `KEYSMITH_BENCH_FULL=1` adds the largest size, 200 keys, 2,000 roles and
// 10,000 statements, which the goal of 3 s and 500 MB is for.

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
  readonly loadSeconds: number;
  readonly mapSeconds: number;
  readonly rows: number;
  readonly megabytes: number;
}

const FULL = { keys: 200, roles: 2000, spareKeys: 0 };
const SIZES = [
  { keys: 20, roles: 200, spareKeys: 0 },
  { keys: 20, roles: 400, spareKeys: 0 },
  { keys: 20, roles: 800, spareKeys: 0 },
  { keys: 20, roles: 800, spareKeys: 20 },
  { keys: 20, roles: 800, spareKeys: 60 },
  ...(process.env['KEYSMITH_BENCH_FULL'] === '1' ? [FULL] : []),
];

console.log('access map: processor time of loading and of the map, wall time of both, rows, peak of the process');
for (const { keys, roles, spareKeys } of SIZES) {
  const statements = 5 * roles;
  const args = ['--no-warnings', script, ...[keys, roles, statements, spareKeys].map(String)];
  const result = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Result;
  const { seconds, loadSeconds, mapSeconds, rows, megabytes } = result;
  const times = [`${loadSeconds.toFixed(2)} s + ${mapSeconds.toFixed(2)} s`, `${seconds.toFixed(2)} s`].join(', ');
  const size = `${keys} + ${spareKeys} keys, ${roles} roles, ${statements} statements`;
  console.log(`  ${size}: ${times}, ${rows.toLocaleString('en')} rows, ${megabytes.toFixed(0)} MB`);
}
