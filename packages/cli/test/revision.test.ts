import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkOut, revisionIn } from '../src/revision.ts';

/* What of a git revision is written to a folder, seen from other folders than the top of the repository. */

const before = process.cwd();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keysmith-'));
  mkdirSync(join(folder, 'app', 'cdk.out'), { recursive: true });
  writeFileSync(join(folder, 'app', 'cdk.out', 'Orders.template.json'), '{"Resources":{}}');
  process.chdir(folder);
  const author = ['-c', 'user.name=Keysmith', '-c', 'user.email=keysmith@example.com'];
  for (const words of [
    ['init', '--quiet'],
    ['add', '.'],
    [...author, 'commit', '--quiet', '--message', 'app'],
  ]) {
    execFileSync('git', words, { stdio: 'ignore' });
  }
});
afterEach(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

test.each([
  ['.', 'HEAD:app/cdk.out'],
  ['app', 'HEAD:app/cdk.out'],
  ['app', 'HEAD:./cdk.out'],
])('below %s of a repository, %s has its files', (from, text) => {
  process.chdir(join(folder, from));
  const { path, remove } = checkOut(revisionIn(text) ?? { revision: '', path: '' });
  expect(readdirSync(path)).toEqual(['Orders.template.json']);
  remove();
});
