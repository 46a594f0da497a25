// Other languages open our messages and we open theirs: the official AWS Encryption SDKs, unmodified, with data keys from
// the local KMS. What each has to do is in languages/; its program is in packages/envelope/interop/. Nothing that the
// programs need is part of this repository: it is fetched when it is first needed, under permissive licences throughout.

import { inScratch } from '../lib/scratch.mjs';
import { exchange } from './languages/exchange.mjs';
import { GO } from './languages/go.mjs';
import { JAVA } from './languages/java.mjs';
import { PYTHON } from './languages/python.mjs';
import { Unavailable } from './languages/toolchain.mjs';
import { startWorld } from './languages/world.mjs';

const LANGUAGES = [PYTHON, JAVA, GO];

/** One broken thing breaks many exchanges; more than these tell nothing new. */
const MOST_PROBLEMS = 10;

export function check(context) {
  return inScratch(async (folder) => {
    const world = await startWorld(folder);
    try {
      const problems = [];
      for (const language of LANGUAGES) {
        const found = await problemsOf(language, world, folder, context);
        problems.push(...found.map((problem) => `${language.name}: ${problem}`));
      }
      return problems;
    } finally {
      await world.kms.close();
    }
  });
}

async function problemsOf({ name, can, prepare }, world, folder, { named, note, skip }) {
  try {
    const { versions, count, problems } = await exchange(world, folder, { name, can, ...(await prepare(named)) });
    note(`${name}: ${count} exchanges with ${versions.join(', ')}`);
    const more = problems.length - MOST_PROBLEMS;
    return more > 0 ? [...problems.slice(0, MOST_PROBLEMS), `… and ${more} more`] : problems;
  } catch (error) {
    if (!(error instanceof Unavailable)) {
      return [error.output || error.stack];
    }
    skip(`${name}: ${error.message}`);
    return [];
  }
}
