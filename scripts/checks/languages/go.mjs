// The program in Go. Its AWS Encryption SDK is the code that .NET and Rust share, compiled for Go.

import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { CACHE, ROOT, step } from '../../lib/work.mjs';
import { fetching, PROGRAMS, told, Unavailable } from './toolchain.mjs';

const SOURCE = join(PROGRAMS, 'go');
const BINARY = join(CACHE, 'go', process.platform === 'win32' ? 'interop.exe' : 'interop');

export const GO = {
  name: 'Go',
  can: { apis: ['keyring'], unframed: false },
  async prepare(named) {
    await told('go', ['version'], /go version go([\d.]+)/, '1.24');
    if (!named && !existsSync(BINARY)) {
      throw new Unavailable('compiling takes minutes the first time; npm run check -- languages does it');
    }
    await step('compile for Go', {
      inputs: [relative(ROOT, SOURCE)],
      outputs: [relative(ROOT, BINARY)],
      work: () => fetching('go', ['build', '-o', BINARY, '.'], { cwd: SOURCE, env: { GOTOOLCHAIN: 'local' } }),
    });
    return { command: BINARY, args: [] };
  },
};
