// Java: the archive, compiled by Maven together with what it depends on. The application is one source file, which Java
// compiles as it starts.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ROOT } from '../../lib/work.mjs';
import { fetching, told, Unavailable } from '../languages/toolchain.mjs';
import { NEWEST, target } from './target.mjs';

const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

/** Sources and documentation are for Maven Central. */
const ARGS = ['-Dmaven.javadoc.skip', '-Dmaven.source.skip', '-DincludeScope=runtime', '-DoutputDirectory=target/lib'];

export const JAVA = {
  name: 'Java',
  source: 'java',
  async prepare(home) {
    const about = /Apache Maven ([\d.]+)[\s\S]*Java version: ([\d.]+)[\s\S]*runtime: (.+)/;
    const [, , version, runtime] = await told('mvn', ['-B', '-v'], about, '3.6.3');
    if (Number.parseInt(version, 10) < 17) {
      throw new Unavailable(`Java 17 or newer is needed; Maven runs with ${version}`);
    }
    const folder = await target('java', ['--code-only'], join('target', 'lib'), compile);
    const archive = readdirSync(join(folder, 'target')).find((file) => file.endsWith('.jar'));
    const path = [join(folder, 'target', archive), join(folder, 'target', 'lib', '*')].join(delimiter);
    // It lives for seconds only, which the second compiler would spend on itself.
    const args = ['-XX:TieredStopAtLevel=1', '-cp', path, join('java', 'App.java')];
    return { command: join(runtime.trim(), 'bin', 'java'), args, cwd: home };
  },
};

async function compile(folder) {
  const pom = join(folder, 'pom.xml');
  const text = readFileSync(pom, 'utf8');
  // Maven would take the newest version of the range, which may be newer than that of this repository.
  const limited = text.replace(/(<artifactId>aws-cdk-lib<\/artifactId>\s*<version>\[[\d.]+,)[^<]+/, (_, before) => {
    return `${before}${NEWEST(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')))}]`;
  });
  if (limited === text) {
    throw new Error('the pom.xml of jsii-pacmak names aws-cdk-lib in another way than before');
  }
  writeFileSync(pom, limited);
  await fetching('mvn', ['-q', '-B', ...ARGS, 'package', COPY], { cwd: folder });
}
