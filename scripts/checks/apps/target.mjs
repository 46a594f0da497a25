// What jsii makes of the constructs for a language, and how an application is run that uses it.

import { rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { JSII_ENVIRONMENT } from '../../lib/steps.mjs';
import { CACHE, ROOT, run, step, tool } from '../../lib/work.mjs';

export const APPS = join(ROOT, 'test', 'languages');
export const HOME = join(CACHE, 'apps');

/** What the assembly is made of, and with what. */
const SOURCES = ['package-lock.json', 'package.json', 'README.md', 'lib', 'handlers', 'packages/envelope/src'];

/** The version of aws-cdk-lib that the constructs are compiled against: registries of other languages may be behind. */
export const NEWEST = (manifest) => manifest.devDependencies['aws-cdk-lib'];

/** Makes the package of a language, and then what `build(folder)` makes of it, unless both are up to date. */
export async function target(language, args, built, build) {
  const folder = join(HOME, language);
  await step(`package for ${language}`, {
    inputs: SOURCES,
    outputs: [relative(ROOT, join(folder, built))],
    work: async () => {
      rmSync(folder, { recursive: true, force: true });
      await tool('jsii-pacmak/bin/jsii-pacmak', [...args, '--targets', language, '--outdir', HOME, ROOT], {
        quiet: true,
        env: JSII_ENVIRONMENT,
      });
      await build(folder);
    },
  });
  return folder;
}

/** Runs an application; its cloud assembly goes to `out`. */
export function synthesized(out, { command, args, cwd }) {
  // What CloudFormation would say of the templates is asked for the examples, and takes seconds for each of them.
  return run(command, args, {
    quiet: true,
    cwd,
    env: { ...JSII_ENVIRONMENT, CDK_OUTDIR: out, CDK_VALIDATION: 'false' },
  });
}
