// The TypeScript in the documentation. Each fence of it is one of two things, so that nothing is merely compiled:
//
//   a program   a fence of `text` follows it, which is what the program prints, to the letter
//   a file      it begins with its name, `// reader.ts`; programs further down the page import it and use what it exports
//
// The files of a README.md below docs/ are there on all pages of its folder.

import { readFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fencesOf } from '../lib/markdown.mjs';
import { PACKAGES } from '../lib/steps.mjs';
import { filesBelow, ROOT } from '../lib/work.mjs';

const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'docs',
  ...PACKAGES.map((name) => `packages/${name}/README.md`),
  'examples',
];

/** Made from the sources themselves: signatures, which are no programs, and examples, which have a test of their own. */
const GENERATED = [join('docs', 'reference', sep), join('docs', 'guide', 'constructs', 'examples.md')];

const FILE_NAME = /^\/\/ ([\w-]+\.ts)$/;
const EXPORT = /^export (?:async )?(?:function\*?|const|class) (\w+)/gm;

/** The paths of all Markdown files of the documentation, below the root. */
export function files() {
  return DOCUMENTS.flatMap((path) => filesBelow(join(ROOT, path)))
    .map((path) => relative(ROOT, path))
    .filter((file) => file.endsWith('.md'));
}

/** Those that somebody has written, with their fences. */
export function documents() {
  return files()
    .filter((file) => !GENERATED.some((path) => file.startsWith(path)))
    .map((file) => ({ file, fences: fencesOf(readFileSync(join(ROOT, file), 'utf8')) }));
}

/** The documents that have TypeScript in them. */
export function pages() {
  return pagesOf(documents()).filter(({ modules, problems }) => modules.length + problems.length > 0);
}

/**
 * `{ file, modules, problems }` for each document: every fence of TypeScript under the name that it is written to, a program
 * with the `output` that it has to print; and what is neither program nor file.
 */
export function pagesOf(documents) {
  return documents.map((document) => {
    const { file, fences } = document;
    const around = documents.filter((other) => other !== document && dirname(other.file) === dirname(file));
    const shares = file.startsWith(`docs${sep}`) && basename(file) === 'README.md';
    const others = shares ? around.flatMap((other) => other.fences) : [];
    const page = pageOf(file, fences, others);
    const index =
      file.startsWith(`docs${sep}`) && !shares && around.find((other) => basename(other.file) === 'README.md');
    const shared = index ? pageOf(index.file, index.fences, []).modules.filter(({ output }) => !output) : [];
    return { ...page, modules: page.modules.length > 0 ? [...shared, ...page.modules] : [] };
  });
}

function pageOf(file, fences, others) {
  const problems = [];
  const modules = [];
  fences.forEach(({ language, code, line }, index) => {
    if (!isTypeScript(language)) {
      return;
    }
    const [, name] = FILE_NAME.exec(code.split('\n', 1)[0]) ?? [];
    const next = fences[index + 1];
    if (name !== undefined) {
      const later = [...fences.slice(index + 1), ...others];
      problems.push(...unused(code, later).map((what) => `${file}:${line} ${name}: ${what}`));
      if (modules.some((other) => other.name === name)) {
        problems.push(`${file}:${line} ${name} is on this page already`);
      }
      modules.push({ name, code, line });
    } else if (next?.language === 'text') {
      modules.push({ name: `program-${line}.ts`, code, line, output: { text: next.code, line: next.line } });
    } else {
      problems.push(`${file}:${line} is run by nothing: a fence of text follows a program, "// name.ts" begins a file`);
    }
  });
  return { file, modules, problems };
}

const isTypeScript = (language) => language === 'ts' || language === 'typescript';

/** What a file exports and no fence after it mentions. */
function unused(code, later) {
  const names = [...code.matchAll(EXPORT)].map(([, name]) => name);
  if (names.length === 0) {
    return ['exports nothing that a program could use'];
  }
  const words = later.filter(({ language }) => isTypeScript(language)).flatMap((fence) => fence.code.match(/\w+/g));
  return names.filter((name) => !words.includes(name)).map((name) => `nothing further down uses ${name}`);
}
