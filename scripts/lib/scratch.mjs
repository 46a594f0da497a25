// Temporary folders that go away with what was tried in them.

import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs `body` with a new folder outside of the repository. */
export async function inScratch(body) {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'keysmith-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  // Also when a signal ends this process while `body` is waiting.
  process.once('exit', remove);
  try {
    return await body(folder);
  } finally {
    process.off('exit', remove);
    remove();
  }
}
