// The files of a package that Node.js loads. The compiler checks the sources and writes the declarations; this writes the code.

import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { build } from 'esbuild';
import { modulesOf } from './exports.mjs';
import { filesBelow, ROOT } from './work.mjs';

/**
 * In which forms a package is published. `modules` are what the compiler makes of each source: bundlers leave out those that
 * a function does not use. `chunks` are few large ES modules: Node.js takes about a millisecond for each file. `commonjs` is for
 * test runners that load CommonJS, as Jest does in an app of `cdk init`, and for apps that are CommonJS.
 */
const FORMS = {
  access: ['chunks', 'commonjs'],
  envelope: ['modules', 'commonjs'],
  'local-kms': ['chunks', 'commonjs'],
  cli: ['chunks'],
};

/** What is loaded besides the modules that a package exports. */
const LOADED_BY_COMMANDS = { cli: ['main'] };

/** Dependencies that have no CommonJS: their code is in ours there, with their licences beside it. */
const WITHOUT_COMMONJS = ['@noble/curves', '@noble/hashes', '@noble/post-quantum', 'jose'];

/** Empties the folder of a package that code and declarations are written to, so that nothing of before is published. */
export function empty(name) {
  rmSync(join(ROOT, 'packages', name, 'dist'), { recursive: true, force: true });
}

/** Writes the code of a package. The declarations are there. */
export async function publish(name) {
  const folder = join(ROOT, 'packages', name);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const dependencies = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  const entries = [...modulesOf(manifest).map(({ module }) => module), ...(LOADED_BY_COMMANDS[name] ?? [])];
  for (const form of FORMS[name]) {
    await WRITERS[form]?.(folder, entries, dependencies);
  }
}

const COMMON = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  sourcemap: true,
  // They are published too.
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'warning',
};

const WRITERS = {
  async chunks(folder, entries, dependencies) {
    await build({
      ...COMMON,
      entryPoints: entries.map((entry) => join(folder, 'src', `${entry}.ts`)),
      outdir: join(folder, 'dist'),
      splitting: true,
      format: 'esm',
      external: dependencies,
    });
  },

  // One file, since esbuild does not share code between files of CommonJS, and what a package remembers is in it.
  async commonjs(folder, entries, dependencies) {
    const home = join(folder, 'dist', 'cjs');
    mkdirSync(home, { recursive: true });
    const names = entries.map((entry) => [entry, entry.replaceAll(/\W/g, '_')]);
    const { metafile } = await build({
      ...COMMON,
      stdin: {
        contents: names.map(([entry, name]) => `export * as ${name} from './src/${entry}.ts';`).join('\n'),
        resolveDir: folder,
      },
      outfile: join(home, 'all.js'),
      format: 'cjs',
      external: dependencies.filter((one) => !WITHOUT_COMMONJS.includes(one)),
      // Jest cannot import from within CommonJS.
      supported: { 'dynamic-import': false },
      metafile: true,
    });
    for (const [entry, name] of names) {
      const file = join(home, `${entry}.js`);
      const all = `./${relative(dirname(entry), 'all.js').replaceAll('\\', '/')}`;
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(
        file,
        `'use strict';\nmodule.exports = Object.defineProperty(require('${all}').${name}, '__esModule', { value: true });\n`,
      );
    }
    declarations(join(folder, 'dist'), home);
    writeFileSync(join(home, 'package.json'), `${JSON.stringify({ type: 'commonjs' })}\n`);
    writeLicences(home, metafile);
  },
};

/** The same declarations as of the ES modules: whether they are of the one or the other, their package.json says. */
function declarations(from, to) {
  for (const file of filesBelow(from).filter((one) => one.endsWith('.d.ts') && !one.startsWith(to))) {
    const copy = join(to, relative(from, file));
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(file, copy);
  }
}

/** @throws Error when the code of a package is in it that is not meant to be */
function writeLicences(home, { inputs }) {
  const inside = new Set(Object.keys(inputs).flatMap((path) => OF_PACKAGE.exec(path)?.[1] ?? []));
  const unmeant = [...inside].filter((name) => !WITHOUT_COMMONJS.includes(name));
  if (unmeant.length > 0) throw new Error(`${home} would contain the code of ${unmeant.join(', ')}`);
  if (inside.size === 0) return;
  const texts = [...inside].sort().map((name) => `${name}\n\n${licenceOf(name)}\n`);
  writeFileSync(join(home, 'LICENSES.txt'), `The code of these packages is in all.js.\n\n${texts.join('\n')}`);
}

const OF_PACKAGE = /node_modules\/((?:@[^/]+\/)?[^/]+)\//;

function licenceOf(name) {
  const folder = join(ROOT, 'node_modules', name);
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  return readFileSync(join(folder, file), 'utf8').trim();
}
