// npm run snippets: runs the programs of the documentation. Arguments name pages. With --update the pages say afterwards
// what their programs print; read the difference before you commit it.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildConstructs, buildExample, install } from './lib/steps.mjs';
import { main, ROOT, seconds } from './lib/work.mjs';

main(async () => {
  const wanted = process.argv.slice(2).filter((argument) => argument !== '--update');
  const update = process.argv.includes('--update');
  await install();
  await Promise.all([buildExample(), buildConstructs()]);
  // Loaded only now: they import what an installation brings.
  const [{ pages }, { runPages }] = await Promise.all([import('./snippets/pages.mjs'), import('./snippets/run.mjs')]);
  const chosen = pages().filter(({ file }) => wanted.length === 0 || wanted.includes(file));
  if (wanted.length > 0 && chosen.length < wanted.length) {
    const files = pages().map(({ file }) => file);
    throw new Error(`only these have programs: ${files.join(', ')}`);
  }
  const start = performance.now();
  const outcomes = await runPages(chosen);
  if (update) {
    const differing = outcomes.filter(({ differs }) => differs);
    for (const file of new Set(differing.map((outcome) => outcome.file))) {
      writePage(file, differing);
    }
  }
  const wrong = outcomes.filter(({ problem, differs }) => problem !== undefined && !(update && differs));
  const problems = [
    ...chosen.flatMap((page) => page.problems),
    ...wrong.map(({ file, module, problem }) => `${file}:${module.line} ${problem}`),
  ];
  for (const problem of problems) {
    console.log(problem);
  }
  console.log(`${outcomes.length} programs in ${seconds(start)}, ${problems.length} problems`);
  process.exitCode = problems.length > 0 ? 1 : 0;
});

/** Puts what was printed into the page, from its end on, so that lines keep their numbers. */
function writePage(page, outcomes) {
  const path = join(ROOT, page);
  const lines = readFileSync(path, 'utf8').split('\n');
  const onPage = outcomes.filter(({ file }) => file === page);
  for (const { module, printed } of onPage.sort((a, b) => b.module.line - a.module.line)) {
    const { line, text } = module.output;
    lines.splice(line, text === '' ? 0 : text.split('\n').length, ...printed.trimEnd().split('\n'));
  }
  writeFileSync(path, lines.join('\n'));
}
