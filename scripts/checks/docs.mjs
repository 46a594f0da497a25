// The generated files are what `npm run docs` would write now.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PAGES } from '../docs/index.mjs';
import { CommandFailed, ROOT } from '../lib/work.mjs';

export async function check() {
  const problems = [];
  for (const { file, make } of PAGES) {
    try {
      const difference = compare(file, await make());
      if (difference) {
        problems.push(`${file}${difference}; run npm run docs`);
      }
    } catch (error) {
      problems.push(`${file} cannot be made: ${error.message}\n${error instanceof CommandFailed ? error.output : ''}`);
    }
  }
  return problems;
}

function compare(file, text) {
  const path = join(ROOT, file);
  if (!existsSync(path)) {
    return ' does not exist';
  }
  const [now, then] = [text.split('\n'), readFileSync(path, 'utf8').replaceAll('\r\n', '\n').split('\n')];
  const at = now.findIndex((line, index) => line !== then[index]);
  return at < 0 && now.length === then.length ? undefined : `:${(at < 0 ? now.length : at) + 1} differs`;
}
