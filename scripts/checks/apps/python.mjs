// Python: the wheel, in a virtual environment of its own.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFailed, ROOT, run } from '../../lib/work.mjs';
import { fetching, told, Unavailable } from '../languages/toolchain.mjs';
import { NEWEST, target } from './target.mjs';

const WINDOWS = process.platform === 'win32';
const COMMAND = WINDOWS ? 'python' : 'python3';
const BUILT = join('venv', ...(WINDOWS ? ['Scripts', 'python.exe'] : ['bin', 'python']));

export const PYTHON = {
  name: 'Python',
  source: 'app.py',
  async prepare(home) {
    await told(COMMAND, ['--version'], /Python ([\d.]+)/, '3.11');
    const folder = await target('python', [], BUILT, install);
    return { command: join(folder, BUILT), args: ['-I', 'app.py'], cwd: home };
  },
};

async function install(folder) {
  try {
    await run(COMMAND, ['-m', 'venv', join(folder, 'venv')], { quiet: true });
  } catch (error) {
    throw error instanceof CommandFailed ? new Unavailable(`"${COMMAND} -m venv" does not work here`) : error;
  }
  const wheel = readdirSync(folder).find((file) => file.endsWith('.whl'));
  const newest = NEWEST(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')));
  const quick = ['--no-compile', '--retries', '1', '--disable-pip-version-check'];
  const packages = [join(folder, wheel), `aws-cdk-lib<=${newest}`];
  await fetching(join(folder, BUILT), ['-m', 'pip', 'install', ...quick, ...packages]);
}
