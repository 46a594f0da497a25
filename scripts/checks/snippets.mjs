// The code in the documentation: TypeScript compiles, JSON parses, and npm scripts that are named exist.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import ts from 'typescript';
import { fencesOf } from '../lib/markdown.mjs';
import { PACKAGES } from '../lib/steps.mjs';
import { CACHE, filesBelow, ROOT } from '../lib/work.mjs';

/** Inside of node_modules, so that a snippet imports what a user's file would import. */
const SCRATCH = join(CACHE, 'snippets');

const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  'docs',
  ...PACKAGES.map((name) => `packages/${name}/README.md`),
  'examples',
];

/** Made from the sources themselves; it quotes signatures, which are no programs. */
const GENERATED = `docs${sep}reference${sep}`;

/** What each kind of fence is held to: problems as `[line within the fence from 0, text]`. TypeScript comes later. */
const KINDS = {
  json: jsonProblems,
  sh: scriptProblems,
  bash: scriptProblems,
  console: scriptProblems,
};

export async function check() {
  const fences = DOCUMENTS.flatMap((path) => filesBelow(join(ROOT, path)))
    .map((path) => relative(ROOT, path))
    .filter((file) => file.endsWith('.md') && !file.startsWith(GENERATED))
    .flatMap((file) => fencesOf(readFileSync(join(ROOT, file), 'utf8')).map((fence) => ({ ...fence, file })));
  const texts = fences.flatMap(({ file, line, language, code }) =>
    (KINDS[language]?.(code) ?? []).map(([at, text]) => `${file}:${line + 1 + at} ${text}`),
  );
  return [...texts, ...compile(fences.filter(({ language }) => language === 'ts' || language === 'typescript'))];
}

function jsonProblems(code) {
  try {
    JSON.parse(code);
    return [];
  } catch (error) {
    return [[0, `is not JSON: ${error.message}`]];
  }
}

function scriptProblems(code) {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  return code.split('\n').flatMap((line, at) => {
    const names = [...line.matchAll(/\bnpm (?:run ([\w:-]+)|(start|test)\b)/g)].map(([, run, short]) => run ?? short);
    return names
      .filter((name) => !Object.hasOwn(scripts, name))
      .map((name) => [at, `there is no npm script "${name}"`]);
  });
}

/** One program over all fences, each a module of its own: nothing is added to them. */
function compile(fences) {
  rmSync(SCRATCH, { recursive: true, force: true });
  mkdirSync(SCRATCH, { recursive: true });
  writeFileSync(join(SCRATCH, 'package.json'), '{ "type": "module" }\n');
  const byPath = new Map();
  for (const fence of fences) {
    const path = join(SCRATCH, `${fence.file.replace(/\W+/g, '-')}-${fence.line}.ts`);
    writeFileSync(path, fence.code);
    byPath.set(path.replaceAll(sep, '/'), fence);
  }
  const program = ts.createProgram([...byPath.keys()], {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleDetection: ts.ModuleDetectionKind.Force,
    types: ['node'],
    typeRoots: [join(ROOT, 'node_modules', '@types')],
    // The root is not installed in its own node_modules, as it would be at a user's.
    paths: { 'cdk-keysmith': [join(ROOT, 'dist', 'index.d.ts')] },
  });
  return ts.getPreEmitDiagnostics(program).map(({ file, start, code, messageText }) => {
    const text = `TS${code}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    const fence = byPath.get(file?.fileName);
    if (!fence) {
      return `${file?.fileName ?? 'snippets'} ${text}`;
    }
    return `${fence.file}:${fence.line + 1 + file.getLineAndCharacterOfPosition(start ?? 0).line} ${text}`;
  });
}
