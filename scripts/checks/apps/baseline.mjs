// The application in TypeScript, synthesized with the very version of aws-cdk-lib that another language has: between two
// versions templates and assets of aws-cdk-lib itself may differ.

import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { CACHE, npm, ROOT, step } from '../../lib/work.mjs';
import { reaching } from '../languages/toolchain.mjs';
import { APPS, synthesized } from './target.mjs';

/** The cloud assembly; made once for each version. */
export async function baseline(version, folder) {
  const out = join(folder, `typescript-${version}`);
  if (!existsSync(out)) {
    const home = join(CACHE, 'apps', `aws-cdk-lib-${version}`);
    await step(`aws-cdk-lib ${version}`, {
      inputs: [],
      outputs: [relative(ROOT, join(home, 'node_modules', 'aws-cdk-lib', 'package.json'))],
      work: () => install(home, version),
    });
    const own = join(home, 'node_modules', 'cdk-keysmith');
    rmSync(own, { recursive: true, force: true });
    for (const part of ['dist', 'assets', 'package.json']) {
      cpSync(join(ROOT, part), join(own, part), { recursive: true });
    }
    cpSync(join(APPS, 'app.ts'), join(home, 'app.ts'));
    const tsx = join(ROOT, 'node_modules', 'tsx', 'dist', 'cli.mjs');
    await synthesized(out, { command: process.execPath, args: [tsx, 'app.ts'], cwd: home });
  }
  return out;
}

function install(home, version) {
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const dependencies = { 'aws-cdk-lib': version, constructs: devDependencies.constructs };
  writeFileSync(join(home, 'package.json'), JSON.stringify({ private: true, dependencies }));
  const args = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', '--no-package-lock'];
  return reaching(() => npm([...args, '--loglevel=error'], { quiet: true, cwd: home }));
}
