import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const ROOT = resolve(__dirname, '../../..');
const run = promisify(execFile);

/**
 * Runs a program of the folder `children` in a process of its own, and answers with what it prints as JSON. It imports
 * the packages from their sources, so that no build has to be there.
 *
 * Errors that Node itself makes, such as those of sockets, are of another realm than a test under jest, and the SDK there
 * does not know them for errors: what they become has to be seen elsewhere.
 */
export async function inChild(
  program: string,
  args: readonly string[],
  environment: Record<string, string> = {},
  flags: readonly string[] = [],
): Promise<unknown> {
  const file = join(__dirname, 'children', program);
  const { stdout } = await run(process.execPath, ['--no-warnings', '--import', 'tsx', ...flags, file, ...args], {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'] ?? '',
      TSX_TSCONFIG_PATH: join(ROOT, 'packages', 'tsconfig.json'),
      ...environment,
    },
    timeout: 50_000,
  });
  return JSON.parse(stdout);
}
