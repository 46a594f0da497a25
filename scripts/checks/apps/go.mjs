// Go: the module, which jsii-pacmak compiles. Compiling aws-cdk-lib for it takes minutes the first time.

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fetching, reaching, told, Unavailable } from '../languages/toolchain.mjs';
import { HOME, target } from './target.mjs';

const MODULE = 'github.com/cdk-keysmith/cdk-keysmith-go/cdkkeysmith';
const ENVIRONMENT = { GOTOOLCHAIN: 'local' };

/** Stays when the constructs change: from then on Go has compiled what takes so long. */
const COMPILED = join(HOME, 'go-has-compiled-aws-cdk-lib');

export const GO = {
  name: 'Go',
  source: 'go',
  async prepare(home, named) {
    await told('go', ['version'], /go version go([\d.]+)/, '1.25');
    if (!named && !existsSync(COMPILED)) {
      throw new Unavailable('compiling takes minutes the first time; npm run check -- apps does it');
    }
    const folder = await reaching(() => target('go', [], join('cdkkeysmith', 'go.mod'), async () => {}));
    writeFileSync(COMPILED, '');
    const cwd = join(home, 'go');
    const replaced = join(folder, 'cdkkeysmith');
    writeFileSync(
      join(cwd, 'go.mod'),
      `module app\n\ngo 1.25\n\nrequire ${MODULE} v0.0.0\n\nreplace ${MODULE} => ${replaced}\n`,
    );
    await fetching('go', ['mod', 'tidy'], { cwd, env: ENVIRONMENT });
    await fetching('go', ['build', '-o', 'app.exe', '.'], { cwd, env: ENVIRONMENT });
    return { command: join(cwd, 'app.exe'), args: [], cwd };
  },
};
