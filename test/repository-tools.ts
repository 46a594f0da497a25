import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

export const ROOT = join(__dirname, '..');
export const CHECKS = join(ROOT, 'scripts', 'checks');

/** Writes a tree of files into a new folder. */
export function tree(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'keysmith-repository-'));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return root;
}

/** Runs a module of the scripts in a process of its own, since they are ES modules and this file is not. */
export async function evaluate(program: string, input: unknown): Promise<unknown> {
  const args = ['--input-type=module', '--eval', `const input = JSON.parse(process.argv[1]);\n${program}`];
  const { stdout } = await promisify(execFile)(process.execPath, [...args, JSON.stringify(input)], { cwd: ROOT });
  return JSON.parse(stdout);
}
