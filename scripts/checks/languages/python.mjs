// The program in Python, in a virtual environment of its own with exactly the packages that it names.

import { join } from 'node:path';
import { PROGRAMS } from './toolchain.mjs';
import { virtualEnvironment } from './virtual-environment.mjs';

export const PYTHON = {
  name: 'Python',
  can: { contract: true, apis: ['keyring', 'master key provider'], unframed: true },
  async prepare() {
    const python = await virtualEnvironment('python', join(PROGRAMS, 'python', 'requirements.txt'));
    // Isolated: without what the user's own environment adds to Python.
    return { command: python, args: ['-I', join(PROGRAMS, 'python', 'interop.py')] };
  },
};
