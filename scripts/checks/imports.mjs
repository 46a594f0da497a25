// Who imports whom, by the rules of .dependency-cruiser.cjs.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, tool } from '../lib/work.mjs';

const FOLDERS = ['lib', 'handlers', 'bin', 'test', 'bench', 'packages', 'examples'];

export const check = () => checkTree(ROOT);

/** The same for any tree of folders with these names. */
export async function checkTree(root) {
  const folders = FOLDERS.filter((folder) => existsSync(join(root, folder)));
  const config = join(ROOT, '.dependency-cruiser.cjs');
  const script = 'dependency-cruiser/bin/dependency-cruise.mjs';
  await tool(script, ['--config', config, '--output-type', 'err', ...folders], { quiet: true, cwd: root });
  return [];
}
