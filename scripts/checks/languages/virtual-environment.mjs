// Python with the packages of one file of requirements, kept until the file or Python changes.

import { rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { CACHE, CommandFailed, ROOT, run, step } from '../../lib/work.mjs';
import { fetching, told, Unavailable } from './toolchain.mjs';

const WINDOWS = process.platform === 'win32';
const COMMAND = WINDOWS ? 'python' : 'python3';

/**
 * The interpreter of a virtual environment that has exactly what `requirements` names.
 * @param name the folder in which it is kept
 * @throws Unavailable when Python or its registry is not there
 */
export async function virtualEnvironment(name, requirements) {
  const [, version] = await told(COMMAND, ['--version'], /Python ([\d.]+)/, '3.11');
  // Another Python cannot use the packages of this one.
  const home = join(CACHE, name, version);
  const python = join(home, ...(WINDOWS ? ['Scripts', 'python.exe'] : ['bin', 'python']));
  await step(`packages for Python ${version} (${relative(ROOT, requirements)})`, {
    inputs: [relative(ROOT, requirements)],
    outputs: [relative(ROOT, python)],
    work: () => install(home, python, requirements),
  });
  return python;
}

async function install(home, python, requirements) {
  rmSync(home, { recursive: true, force: true });
  try {
    await run(COMMAND, ['-m', 'venv', home], { quiet: true });
  } catch (error) {
    throw error instanceof CommandFailed ? new Unavailable(`"${COMMAND} -m venv" does not work here`) : error;
  }
  // What is never imported is not compiled, and a registry that is not there is not waited for.
  const quick = ['--no-compile', '--retries', '1', '--disable-pip-version-check'];
  await fetching(python, ['-m', 'pip', 'install', ...quick, '--requirement', requirements]);
}
