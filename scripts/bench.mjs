// npm run bench: every benchmark, or those whose path contains one of the arguments; in a package, those of the package.
// See bench/harness.ts.

import { relative, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { buildConstructs, buildPackages, install, PACKAGES } from './lib/steps.mjs';
import { filesBelow, main, ROOT, run } from './lib/work.mjs';

const FOLDERS = ['bench', ...PACKAGES.map((name) => `packages/${name}/bench`)];

main(async () => {
  const { values, positionals: filters } = parseArgs({
    options: { in: { type: 'string', default: '' } },
    allowPositionals: true,
  });
  const all = FOLDERS.flatMap((folder) => filesBelow(`${ROOT}/${folder}`))
    .map((path) => relative(ROOT, path).replaceAll(sep, '/'))
    .filter((file) => file.endsWith('.bench.ts') && file.startsWith(values.in));
  const files = all.filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)));
  if (files.length === 0) {
    throw new Error(`no benchmark matches ${filters.join(', ')}; there are ${all.join(', ')}`);
  }
  await install();
  await buildPackages();
  await buildConstructs();
  // One after another: two at once would measure each other.
  for (const file of files) {
    console.log(`\n${file}`);
    await run(process.execPath, ['--import', 'tsx', file]);
  }
});
