// npm run docs: writes the pages that are made from the code. `npm run check -- docs` compares them.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PAGES } from './docs/index.mjs';
import { buildConstructs, buildPackages, install } from './lib/steps.mjs';
import { main, ROOT } from './lib/work.mjs';

main(async () => {
  await install();
  await buildPackages();
  await buildConstructs();
  for (const { file, make } of PAGES) {
    const text = await make();
    mkdirSync(dirname(join(ROOT, file)), { recursive: true });
    writeFileSync(join(ROOT, file), text);
    console.log(file);
  }
});
