// The JSON Schema of seed files, from the description that the local KMS reads them by.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../lib/work.mjs';

export async function localKmsSeedSchema() {
  const module = join(ROOT, 'packages', 'local-kms', 'dist', 'seed', 'file', 'seed-shape.js');
  const { seedJsonSchema } = await import(pathToFileURL(module).href);
  return `${JSON.stringify(seedJsonSchema(), undefined, 2)}\n`;
}
