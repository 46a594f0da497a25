// The code in the documentation: TypeScript compiles, programs print what the pages say, files are used by a program, JSON
// parses, and npm scripts that are named exist.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import ts from 'typescript';
import { CACHE, ROOT } from '../lib/work.mjs';
import { documents, pagesOf } from '../snippets/pages.mjs';
import { runPages } from '../snippets/run.mjs';

/** Inside of node_modules, so that a snippet imports what a user's file would import. */
const SCRATCH = join(CACHE, 'snippets');

/** What each kind of fence is held to: problems as `[line within the fence from 0, text]`. TypeScript comes later. */
const KINDS = {
  json: jsonProblems,
  sh: scriptProblems,
  bash: scriptProblems,
  console: scriptProblems,
};

export async function check({ note }) {
  const all = documents();
  const texts = all.flatMap(({ file, fences }) =>
    fences.flatMap(({ line, language, code }) =>
      (KINDS[language]?.(code) ?? []).map(([at, text]) => `${file}:${line + 1 + at} ${text}`),
    ),
  );
  const withPrograms = pagesOf(all);
  const outcomes = await runPages(withPrograms);
  note(`${outcomes.length} programs printed what the pages say`);
  const failures = outcomes.flatMap(({ file, module, problem }) =>
    problem ? [`${file}:${module.line} ${problem}`] : [],
  );
  return [...texts, ...withPrograms.flatMap(({ problems }) => problems), ...compile(withPrograms), ...failures];
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

/** One compilation of all fences, each a module in the folder of its page: nothing is added to them. */
function compile(pages) {
  rmSync(SCRATCH, { recursive: true, force: true });
  mkdirSync(SCRATCH, { recursive: true });
  writeFileSync(join(SCRATCH, 'package.json'), '{ "type": "module" }\n');
  const byPath = new Map();
  for (const { file, modules } of pages) {
    const folder = join(SCRATCH, file.replace(/\W+/g, '-'));
    mkdirSync(folder);
    for (const module of modules) {
      const path = join(folder, module.name);
      writeFileSync(path, module.code);
      byPath.set(path.replaceAll(sep, '/'), { ...module, file });
    }
  }
  const program = ts.createProgram([...byPath.keys()], {
    strict: true,
    noEmit: true,
    noUnusedLocals: true,
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
