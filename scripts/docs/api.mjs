// Reference of the constructs, from the jsii assembly.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inScratch } from '../lib/scratch.mjs';
import { JSII_ENVIRONMENT } from '../lib/steps.mjs';
import { tool } from '../lib/work.mjs';

export function apiReference() {
  return inScratch(async (folder) => {
    const page = join(folder, 'api.md');
    await tool('jsii-docgen/bin/jsii-docgen', ['--output', page], { quiet: true, env: JSII_ENVIRONMENT });
    return `${readFileSync(page, 'utf8').trimEnd()}\n`;
  });
}
