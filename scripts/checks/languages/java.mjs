// The program in Java, compiled by Maven in a copy of its own, together with the archives that its pom.xml names.

import { cpSync, rmSync } from 'node:fs';
import { delimiter, join, relative } from 'node:path';
import { CACHE, ROOT, step } from '../../lib/work.mjs';
import { fetching, PROGRAMS, told, Unavailable } from './toolchain.mjs';

const SOURCE = join(PROGRAMS, 'java');
const HOME = join(CACHE, 'java');
const MAIN = 'io.github.cdkkeysmith.interop.Interop';

export const JAVA = {
  name: 'Java',
  can: { contract: true, apis: ['keyring', 'master key provider'], unframed: true },
  async prepare() {
    // Maven says which Java it uses; the one on the path may be another.
    const about = /Apache Maven ([\d.]+)[\s\S]*Java version: ([\d.]+)[\s\S]*runtime: (.+)/;
    const [, , version, runtime] = await told('mvn', ['-B', '-v'], about, '3.6.3');
    if (Number.parseInt(version, 10) < 17) {
      throw new Unavailable(`Java 17 or newer is needed; Maven runs with ${version}`);
    }
    await step('compile for Java', {
      inputs: [relative(ROOT, SOURCE)],
      outputs: [relative(ROOT, join(HOME, 'target', 'lib'))],
      work: compile,
    });
    const path = [join(HOME, 'target', 'classes'), join(HOME, 'target', 'lib', '*')].join(delimiter);
    // It lives for seconds only, which the second compiler would spend on itself.
    return { command: join(runtime.trim(), 'bin', 'java'), args: ['-XX:TieredStopAtLevel=1', '-cp', path, MAIN] };
  },
};

async function compile() {
  rmSync(HOME, { recursive: true, force: true });
  // A folder `target` that an editor made is not ours.
  cpSync(SOURCE, HOME, { recursive: true, filter: (path) => path !== join(SOURCE, 'target') });
  await fetching('mvn', ['-q', '-B', 'prepare-package'], { cwd: HOME });
}
