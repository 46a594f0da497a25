// The declarations of the packages, for each of the ways in which TypeScript looks for modules.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** A program is CommonJS or an ES module by the ending of its name; the older ways do not ask. */
const WAYS = [
  { name: 'program.cts', module: 'Node16', moduleResolution: 'Node16' },
  { name: 'program.mts', module: 'Node16', moduleResolution: 'Node16' },
  { name: 'program.cts', module: 'NodeNext', moduleResolution: 'NodeNext' },
  { name: 'program.mts', module: 'NodeNext', moduleResolution: 'NodeNext' },
  { name: 'program.ts', module: 'ESNext', moduleResolution: 'Bundler' },
  // Of apps that `cdk init` made until it chose NodeNext.
  { name: 'program.ts', module: 'CommonJS', moduleResolution: 'Node10' },
];

const STRICT = {
  strict: true,
  noEmit: true,
  skipLibCheck: false,
  target: 'ES2022',
  lib: ['ES2023', 'ESNext.Disposable'],
};

/** @param modules - names to import from, each with the values that it has */
export function typed(consumer, modules) {
  const program = modules.map(([name], at) => `import * as m${at} from ${JSON.stringify(name)};`);
  program.push(`export const all: object[] = [${modules.map((_, at) => `m${at}`).join(', ')}];`);
  for (const [at, [, values]] of modules.entries()) {
    program.push(`export const of${at} = [${values.map((value) => `m${at}.${value}`).join(', ')}];`);
  }
  return WAYS.flatMap(({ name, ...way }) => {
    const file = join(consumer, name);
    writeFileSync(file, `${program.join('\n')}\n`);
    const { options, errors } = ts.convertCompilerOptionsFromJson(
      { ...STRICT, ...way, types: ['node'], ignoreDeprecations: '6.0' },
      consumer,
    );
    const found = [...errors, ...problemsOfOurs(ts.createProgram([file], options))];
    return found.map(
      (one) => `types by ${way.moduleResolution}, ${name}: ${ts.flattenDiagnosticMessageText(one.messageText, ' ')}`,
    );
  });
}

/** Of the program and of our declarations: those of aws-cdk-lib would take a minute, and are not ours. */
function problemsOfOurs(program) {
  const ours = program
    .getSourceFiles()
    .filter(({ fileName }) => fileName.includes('@cdk-keysmith') || program.getRootFileNames().includes(fileName));
  return ours.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]);
}
