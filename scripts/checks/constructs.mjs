// The jsii assembly and what is made of it: the examples in doc comments compile, and all five languages come out.
// That the constructs compile without a warning is the build's own condition: see the step in lib/steps.mjs.

import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inScratch } from '../lib/scratch.mjs';
import { JSII_ENVIRONMENT } from '../lib/steps.mjs';
import { CACHE, filesBelow, ROOT, tool } from '../lib/work.mjs';

const LANGUAGES = ['js', 'python', 'java', 'dotnet', 'go'];

export function check() {
  return inScratch(async (folder) => {
    await examplesCompile(join(folder, 'cdk-keysmith'));
    const targets = join(folder, 'targets');
    await tool('jsii-pacmak/bin/jsii-pacmak', ['--code-only', '--outdir', targets, ROOT], {
      quiet: true,
      env: JSII_ENVIRONMENT,
    });
    return [
      ...LANGUAGES.filter((language) => filesBelow(join(targets, language)).length === 0).map(
        (language) => `jsii-pacmak made nothing for ${language}; see jsii.targets in package.json`,
      ),
      ...featureProblems(JSON.parse(readFileSync(join(ROOT, '.jsii'), 'utf8'))),
    ];
  });
}

/** What jsii allows and not every language can say. */
export function featureProblems({ usedFeatures = [] }) {
  return usedFeatures.includes('class-covariant-overrides')
    ? [
        'a class overrides a property by one of a narrower type: with an interface that has the narrower one, Go does not compile, and C# users see the wider one; leave the property out of the base class',
      ]
    : [];
}

/**
 * Rosetta compiles every `@example`. It sees a copy of the package without its README, whose snippets also show
 * `@cdk-keysmith/envelope`, which is no jsii module and which Rosetta cannot resolve: the check of snippets compiles
 * those.
 */
async function examplesCompile(copy) {
  cpSync(join(ROOT, 'dist'), join(copy, 'dist'), { recursive: true });
  cpSync(join(ROOT, 'package.json'), join(copy, 'package.json'));
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'), 'junction');
  const { readme: _, ...assembly } = JSON.parse(readFileSync(join(ROOT, '.jsii'), 'utf8'));
  writeFileSync(join(copy, '.jsii'), JSON.stringify(assembly));
  await tool(
    'jsii-rosetta/bin/jsii-rosetta',
    ['extract', '--strict', '--cache', join(CACHE, 'rosetta.json'), '--directory', copy, copy],
    {
      quiet: true,
      env: JSII_ENVIRONMENT,
    },
  );
}
