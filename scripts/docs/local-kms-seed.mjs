// The JSON Schema of seed files, from the description that the local KMS reads them by.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { tsImport } from 'tsx/esm/api';
import { ROOT } from '../lib/work.mjs';

export async function localKmsSeedSchema() {
  // From its source, since the package does not export it.
  const source = join(ROOT, 'packages', 'local-kms', 'src', 'seed', 'file', 'seed-shape.ts');
  const { seedJsonSchema } = await tsImport(pathToFileURL(source).href, import.meta.url);
  return `${JSON.stringify(seedJsonSchema(), undefined, 2)}\n`;
}
