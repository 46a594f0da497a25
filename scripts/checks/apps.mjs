// The constructs in other languages: the application of test/languages, written once more in each, synthesizes the same
// templates there as in TypeScript, assets included. What each language has to do is in apps/.

import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { inScratch } from '../lib/scratch.mjs';
import { baseline } from './apps/baseline.mjs';
import { differences, versionOf } from './apps/compare.mjs';
import { GO } from './apps/go.mjs';
import { JAVA } from './apps/java.mjs';
import { PYTHON } from './apps/python.mjs';
import { APPS, synthesized } from './apps/target.mjs';
import { Unavailable } from './languages/toolchain.mjs';

const LANGUAGES = [PYTHON, JAVA, GO];

export function check(context) {
  return inScratch(async (folder) => {
    const problems = [];
    for (const language of LANGUAGES) {
      problems.push(...(await problemsOf(language, folder, context)).map((problem) => `${language.name}: ${problem}`));
    }
    context.skip('.NET: its sources are generated (npm run check -- constructs) and not compiled');
    return problems;
  });
}

async function problemsOf({ name, source, prepare }, folder, { named, note, skip }) {
  try {
    const home = join(folder, name);
    cpSync(join(APPS, source), join(home, source), { recursive: true });
    const out = join(home, 'cdk.out');
    await synthesized(out, await prepare(home, named));
    const version = versionOf(out);
    const problems = differences(await baseline(version, folder), out);
    if (problems.length === 0) {
      note(`${name}: the same templates and assets as in TypeScript, with aws-cdk-lib ${version}`);
    }
    return problems;
  } catch (error) {
    if (!(error instanceof Unavailable)) {
      return [error.output || error.stack];
    }
    skip(`${name}: ${error.message}`);
    return [];
  }
}
