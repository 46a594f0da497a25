import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Shared test data; not part of the repository. */
export const VECTORS = process.env['KEYSMITH_VECTORS'] ?? resolve(__dirname, '../../../../../shared/vectors');

/** Registers tests that need the vectors; without them the tests show up as skipped, and a warning says why. */
export function describeWithVectors(folder: string, title: string, body: (path: string) => void): void {
  const path = join(VECTORS, folder);
  const present = existsSync(path);
  if (!present) console.warn(`${title}: SKIPPED, there is no folder ${folder} of vectors; set KEYSMITH_VECTORS`);
  const maybe = present ? describe : describe.skip;
  maybe(title, () => {
    if (present) body(path);
    else it('needs the vectors', () => undefined);
  });
}

export function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}
