// What the pages are made from: exports of the built packages.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../lib/work.mjs';

/** One export of a built package. */
export async function exported(folder, name) {
  const module = await import(pathToFileURL(join(ROOT, 'packages', folder, 'dist', 'index.js')).href);
  if (module[name] === undefined) {
    throw new Error(`packages/${folder} exports no ${name}, which a page below docs/reference is made from`);
  }
  return module[name];
}

/** A Markdown table. A bar inside of a cell would end it. */
export function table(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
