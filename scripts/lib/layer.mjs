// The Lambda layer with the helper prebuilt: one package in the folder where Node.js functions look for the packages of layers.

import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { modulesOf } from './exports.mjs';
import { filesBelow, ROOT } from './work.mjs';

const PACKAGE = join(ROOT, 'packages', 'envelope');
const HOME = 'assets/envelope-layer/nodejs/node_modules/@cdk-keysmith/envelope';

const TEXTS = ['LICENSE', 'NOTICE'];

/** The file that is there when all of the layer is. */
export const LAYER = `${HOME}/package.json`;

/** Bundles the helper. The SDK is that of the Lambda runtime. */
export async function bundleLayer() {
  const home = join(ROOT, HOME);
  rmSync(home, { recursive: true, force: true });
  const manifest = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'));
  const all = modulesOf(manifest).map(({ path, module }) => ({
    path,
    source: `src/${module}.ts`,
    out: path === '.' ? 'index' : path.slice(2),
  }));
  await build({
    entryPoints: all.map(({ source, out }) => ({ in: join(PACKAGE, source), out })),
    outdir: home,
    bundle: true,
    splitting: true,
    minify: true,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    external: ['@aws-sdk/*'],
    legalComments: 'none',
    logLevel: 'warning',
  });
  const { name, version, license } = manifest;
  const exports = Object.fromEntries(all.map((one) => [one.path, `./${one.out}.js`]));
  mkdirSync(home, { recursive: true });
  // Who has the layer has a copy of the helper, which its licence goes with.
  for (const file of TEXTS) {
    copyFileSync(join(ROOT, file), join(home, file));
  }
  writeFileSync(
    join(home, 'package.json'),
    `${JSON.stringify({ name, version, license, type: 'module', exports }, null, 2)}\n`,
  );
}

/** Whether the layer is there, and nothing that it is made of is newer. */
export function layerIsCurrent() {
  const layer = join(ROOT, LAYER);
  const sources = [
    import.meta.filename,
    join(PACKAGE, 'package.json'),
    ...TEXTS.map((file) => join(ROOT, file)),
    ...filesBelow(join(PACKAGE, 'src')),
  ];
  return existsSync(layer) && sources.every((file) => statSync(file).mtimeMs <= statSync(layer).mtimeMs);
}
