// Peak memory, each case in a process of its own: what a buffered message takes beyond itself, and that a stream takes
// the same however long it is. Nothing is timed here.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const MB = 1024 * 1024;

// Bundled, so that no compiler and no module loader stands in the memory that is measured.
const folder = mkdtempSync(join(import.meta.dirname, '.memory-'));
const script = join(folder, 'case.mjs');
await build({
  entryPoints: [join(import.meta.dirname, 'memory', 'case.ts')],
  bundle: true,
  platform: 'node',
  format: 'esm',
  external: ['@aws-sdk/*', '@smithy/*', '@aws-crypto/*'],
  splitting: true,
  outdir: folder,
  outExtension: { '.js': '.mjs' },
});
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** What one case says when it is done: peak memory of its process in MB, before and after. */
interface Peak {
  readonly before: number;
  readonly after: number;
}

function peakOf(name: string, bytes: number): Peak {
  const args = ['--no-warnings', script, name, String(bytes)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Peak;
}

console.log('buffered, 64 MB: peak beyond the process, in multiples of the message');
for (const name of ['encrypt', 'decrypt', 'official encrypt', 'official decrypt']) {
  if (name.endsWith('decrypt')) peakOf(name.replace('decrypt', 'write it'), 64 * MB);
  const { before, after } = peakOf(name, 64 * MB);
  console.log(`  ${name.padEnd(18)} ${((after - before) / 64).toFixed(2)} x`);
}

console.log('streamed in chunks of 64 KB: peak of the whole process, in MB');
for (const [name, sizes] of [
  ['web encrypt', [100, 1_024, 10_240]],
  ['web decrypt', [100, 1_024, 10_240]],
  ['node encrypt', [100, 1_024, 10_240]],
  ['node decrypt', [100, 1_024, 10_240]],
  ['plain cipher', [100, 1_024]],
  ['nothing', [0]],
] as const) {
  const peaks = sizes.map((size) => `${size} MB: ${peakOf(name, size * MB).after.toFixed(0)}`);
  console.log(`  ${name.padEnd(18)} ${peaks.join('   ')}`);
}
