import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keysmith } from './support/in-process.ts';

/* What the README shows of reports is what they print, in a folder with `cdk.out` and a template. */

const FIXTURES = join(__dirname, 'fixtures');
const README = readFileSync(join(__dirname, '..', 'README.md'), 'utf8');
const REPORTS = /^```console\n\$ keysmith ((?:access|who-can|why|check)\b.*)\n([\s\S]*?)^```$/gm;

const blocks = [...README.matchAll(REPORTS)].map(([, command = '', printed = '']) => [command, printed] as const);

const before = process.cwd();
const folder = mkdtempSync(join(tmpdir(), 'keysmith-readme-'));
beforeAll(() => {
  cpSync(join(FIXTURES, 'orders'), join(folder, 'cdk.out'), { recursive: true });
  cpSync(join(FIXTURES, 'findings', 'Orders.template.json'), join(folder, 'Orders.template.json'));
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

test('each report has a block', () => {
  expect(blocks.map(([command]) => command.split(' ')[0])).toEqual(['access', 'who-can', 'why', 'check']);
});

test.each(blocks)('keysmith %s', async (command, printed) => {
  const { stdout, stderr } = await keysmith(command.split(' '));
  expect({ stdout, stderr }).toEqual({ stdout: printed, stderr: '' });
});
