import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const PACKAGE = join(__dirname, '..', '..');
const OURS = ['access', 'envelope', 'local-kms'];

/** `keysmith` as it is installed: the executable, and what it loads, made from the sources as they are now. */
export interface Installation {
  readonly executable: string;
  readonly remove: () => void;
}

/**
 * Lays a package out in a folder of its own. The modules are put into few files, because a process that starts from them is
 * ready several times sooner than one that compiles, and scripts start many.
 */
export async function installKeysmith(): Promise<Installation> {
  const folder = mkdtempSync(join(tmpdir(), 'keysmith-installed-'));
  const executable = join(folder, 'bin', 'keysmith.js');
  mkdirSync(join(folder, 'bin'));
  copyFileSync(join(PACKAGE, 'package.json'), join(folder, 'package.json'));
  copyFileSync(join(PACKAGE, 'bin', 'keysmith.js'), executable);
  await build({
    entryPoints: [join(PACKAGE, 'src', 'main.ts')],
    outdir: join(folder, 'dist'),
    bundle: true,
    // What a command loads when it needs it stays apart.
    splitting: true,
    mainFields: ['module', 'main'],
    platform: 'node',
    format: 'esm',
    target: 'node20',
    alias: Object.fromEntries(
      OURS.map((name) => [`@cdk-keysmith/${name}`, join(PACKAGE, '..', name, 'src', 'index.ts')]),
    ),
    // It finds its binary beside itself.
    external: ['classic-level'],
    // commander and cli-table3 are CommonJS modules, and ask for modules of Node.js with `require`.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  mkdirSync(join(folder, 'node_modules'));
  const installed = join(PACKAGE, '..', '..', 'node_modules', 'classic-level');
  symlinkSync(installed, join(folder, 'node_modules', 'classic-level'), 'junction');
  return { executable, remove: () => rmSync(folder, { recursive: true }) };
}
