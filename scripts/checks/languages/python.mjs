// The program in Python, in a virtual environment of its own with exactly the packages that it names.

import { rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { CACHE, CommandFailed, ROOT, run, step } from '../../lib/work.mjs';
import { fetching, PROGRAMS, told, Unavailable } from './toolchain.mjs';

const REQUIREMENTS = join(PROGRAMS, 'python', 'requirements.txt');
const WINDOWS = process.platform === 'win32';
const COMMAND = WINDOWS ? 'python' : 'python3';

export const PYTHON = {
  name: 'Python',
  can: { contract: true, apis: ['keyring', 'master key provider'], unframed: true },
  async prepare() {
    const [, version] = await told(COMMAND, ['--version'], /Python ([\d.]+)/, '3.11');
    // Another Python cannot use the packages of this one.
    const home = join(CACHE, 'python', version);
    const python = join(home, ...(WINDOWS ? ['Scripts', 'python.exe'] : ['bin', 'python']));
    await step(`packages for Python ${version}`, {
      inputs: [relative(ROOT, REQUIREMENTS)],
      outputs: [relative(ROOT, python)],
      work: () => install(home, python),
    });
    // Isolated: without what the user's own environment adds to Python.
    return { command: python, args: ['-I', join(PROGRAMS, 'python', 'interop.py')] };
  },
};

async function install(home, python) {
  rmSync(home, { recursive: true, force: true });
  try {
    await run(COMMAND, ['-m', 'venv', home], { quiet: true });
  } catch (error) {
    throw error instanceof CommandFailed ? new Unavailable(`"${COMMAND} -m venv" does not work here`) : error;
  }
  // What is never imported is not compiled, and a registry that is not there is not waited for.
  const quick = ['--no-compile', '--retries', '1', '--disable-pip-version-check'];
  await fetching(python, ['-m', 'pip', 'install', ...quick, '--requirement', REQUIREMENTS]);
}
