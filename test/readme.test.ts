import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/* The program that the README begins with is run as it stands there, and prints what stands below it. */

const ROOT = join(__dirname, '..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

function fence(language: string): string {
  const [, content] = README.match(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'm')) ?? [];
  if (content === undefined) {
    throw new Error(`README.md has no fence of ${language}`);
  }
  return content;
}

test('the first program begins before line 25', () => {
  expect(README.split('\n').indexOf('```ts')).toBeLessThan(25);
});

test('the first program prints what the README says', () => {
  const folder = join(ROOT, '.scratch');
  const program = join(folder, 'readme.mts');
  mkdirSync(folder, { recursive: true });
  try {
    writeFileSync(program, fence('ts'));
    const output = execFileSync(process.execPath, ['--no-warnings', '--import', 'tsx', program], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(output).toBe(fence('text'));
  } finally {
    rmSync(program, { force: true });
  }
}, 60_000);
