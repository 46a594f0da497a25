// What users would install: the packed packages, in a folder that knows nothing of this repository's sources.

import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { modulesOf } from '../lib/exports.mjs';
import { inScratch } from '../lib/scratch.mjs';
import { MANIFESTS } from '../lib/steps.mjs';
import { CommandFailed, npm, ROOT, run } from '../lib/work.mjs';
import { runsInJest } from './pack/in-jest.mjs';
import { typed } from './pack/typed.mjs';

const NEEDED = ['package.json', 'LICENSE', 'NOTICE', 'README.md'];
const UNWANTED = [/(^|\/)(test|bench|node_modules|scripts)\//, /\.test\./, /\.tsbuildinfo$/, /(^|\/)tsconfig.*\.json$/];

/** Lambda looks for the packages of a layer in a folder of this name. */
const LAYER = /^assets\/envelope-layer\/nodejs\/node_modules\//;

/** What a consumer cannot do without beside the modules: the functions and the layer that constructs hand to Lambda. */
const ASSETS = ['assets/grant/index.js', 'assets/envelope-layer/nodejs/node_modules/@cdk-keysmith/envelope/index.js'];

/**
 * What a user has installed already. They are linked, not installed again, which would take a minute: what is proved is
 * that our packages work beside them.
 */
const PEERS = ['aws-cdk-lib', 'constructs', '@aws-sdk/client-kms'];

const packages = () =>
  MANIFESTS.map((manifest) => ({
    folder: dirname(manifest),
    ...JSON.parse(readFileSync(join(ROOT, manifest), 'utf8')),
  }));

export function check() {
  return inScratch(async (folder) => {
    const tarballs = await pack(folder);
    const problems = tarballs.flatMap(contentProblems);
    const consumer = join(folder, 'consumer');
    await installInto(consumer, tarballs);
    for (const trial of [importable, requirable, typesArrive, runsInJest, commandRuns]) {
      problems.push(...(await trial(consumer)));
    }
    return problems;
  });
}

async function pack(folder) {
  const args = ['pack', '--json', '--ignore-scripts', '--workspaces', '--include-workspace-root', '--pack-destination'];
  const output = await npm([...args, folder], { quiet: true });
  return JSON.parse(output).map(({ name, filename, files }) => ({
    name,
    path: join(folder, filename),
    files: files.map(({ path }) => path),
  }));
}

function contentProblems({ name, files }) {
  const needed = name === 'cdk-keysmith' ? [...NEEDED, ...ASSETS] : NEEDED;
  return [
    ...needed.filter((file) => !files.includes(file)).map((file) => `${name}: the tarball has no ${file}`),
    ...files
      .filter((file) => !LAYER.test(file) && UNWANTED.some((pattern) => pattern.test(file)))
      .map((file) => `${name}: the tarball has ${file}, which nobody needs who installs it`),
  ];
}

async function installInto(consumer, tarballs) {
  mkdirSync(consumer);
  const dependencies = Object.fromEntries(tarballs.map(({ name, path }) => [name, `file:${path}`]));
  writeFileSync(join(consumer, 'package.json'), JSON.stringify({ private: true, dependencies }));
  const args = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', '--legacy-peer-deps'];
  await npm([...args, '--no-package-lock', '--loglevel=error'], { quiet: true, cwd: consumer });
  for (const peer of PEERS) {
    const link = join(consumer, 'node_modules', peer);
    mkdirSync(dirname(link), { recursive: true });
    try {
      symlinkSync(join(ROOT, 'node_modules', peer), link, 'junction');
    } catch (error) {
      // One of our packages depends on it, so npm has brought it.
      if (error.code !== 'EEXIST') {
        throw error;
      }
    }
  }
}

const importable = (consumer) => namesArrive(consumer, 'import', (name) => `await import(${JSON.stringify(name)})`);
const requirable = (consumer) => namesArrive(consumer, 'require', (name) => `require(${JSON.stringify(name)})`);

/**
 * Not these: the declarations of the constructs and of what goes with them name those of aws-cdk-lib, and to read all of that
 * once for every way would take minutes; the command is a program for people, and an ES module only.
 */
const NOT_TYPED = ['cdk-keysmith', '@cdk-keysmith/access/cdk', '@cdk-keysmith/cli'];
const typesArrive = (consumer) =>
  typed(
    consumer,
    modules().filter(([name]) => !NOT_TYPED.includes(name)),
  );

/** Loads every module in one way and compares the names that come out with those that its source lists. */
async function namesArrive(consumer, way, load) {
  const problems = [];
  for (const [name, values] of modules()) {
    const program = `console.log(JSON.stringify(Object.keys(${load(name)})))`;
    const type = way === 'import' ? 'module' : 'commonjs';
    try {
      const args = ['--no-warnings', `--input-type=${type}`, '--eval', program];
      const names = JSON.parse(await run(process.execPath, args, { quiet: true, cwd: consumer }));
      const missing = values.filter((value) => !names.includes(value));
      problems.push(...missing.map((value) => `${way} of ${name}: ${value} is not there`));
    } catch (error) {
      problems.push(`${way} of ${name}: ${error instanceof CommandFailed ? error.output : error.message}`);
    }
  }
  return problems;
}

/** Every module that can be imported from the packages, with the values that its source exports. */
function modules() {
  return packages().flatMap((manifest) => {
    const { name, folder } = manifest;
    return modulesOf(manifest).map(({ path, module }) => {
      const source = join(ROOT, folder, folder === '.' ? 'lib' : 'src', `${module}.ts`);
      return [join(name, path).replaceAll('\\', '/'), valuesExportedBy(source)];
    });
  });
}

/** The values, not the types, that a module exports, as far as it says so by name. */
function valuesExportedBy(path) {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest);
  return source.statements.flatMap((statement) => {
    if (ts.isExportDeclaration(statement)) return listedIn(statement);
    const exported = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
    if (!exported?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
    if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.map(({ name }) => name.text);
    return ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) ? [statement.name.text] : [];
  });
}

function listedIn({ isTypeOnly, exportClause }) {
  if (isTypeOnly || !exportClause || !ts.isNamedExports(exportClause)) return [];
  return exportClause.elements.filter((element) => !element.isTypeOnly).map((element) => element.name.text);
}

async function commandRuns(consumer) {
  const { version } = packages().find(({ name }) => name === '@cdk-keysmith/cli');
  try {
    const output = await npm(['exec', '--offline', '--', 'keysmith', '--version'], { quiet: true, cwd: consumer });
    return output.trim() === version ? [] : [`keysmith --version says ${output.trim()} instead of ${version}`];
  } catch (error) {
    return [`keysmith --version: ${error instanceof CommandFailed ? error.output : error.message}`];
  }
}
