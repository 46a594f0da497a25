import { chmodSync, lstatSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keysmith } from './support/in-process.ts';

/* The file that a report goes to. */

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keysmith-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);
const reportTo = (name: string) => keysmith(['check', '--list', '--output', at(name)]);

test('keeps the mode that it has, whatever the umask', async () => {
  writeFileSync(at('report.txt'), 'old');
  chmodSync(at('report.txt'), 0o666);
  expect(await reportTo('report.txt')).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(statSync(at('report.txt')).mode & 0o777).toBe(0o666);
  expect(readFileSync(at('report.txt'), 'utf8')).toContain('key-policy-lockout');
});

test('may have the longest name that there is', async () => {
  const name = 'n'.repeat(255);
  expect(await reportTo(name)).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(readFileSync(at(name), 'utf8')).toContain('key-policy-lockout');
});

test('is not put in the place of a symbolic link that leads nowhere', async () => {
  symlinkSync(at('nowhere'), at('link'));
  expect(await reportTo('link')).toMatchObject({ code: 1, stderr: expect.stringContaining('give that path itself') });
  expect(lstatSync(at('link')).isSymbolicLink()).toBe(true);
});
