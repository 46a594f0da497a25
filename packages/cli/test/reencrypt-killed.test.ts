import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { envelope, inspect } from '@cdk-keysmith/envelope';
import { type Installation, installKeysmith } from './support/installation.ts';
import { start } from './support/running.ts';
import { openVault, type Vault } from './support/vault.ts';

const COUNT = 200;
const TIMEOUT_MS = 180_000;

let installed: Installation;
let vault: Vault;
beforeAll(async () => {
  [installed, vault] = await Promise.all([installKeysmith(), openVault('Rotator')]);
}, TIMEOUT_MS);
afterAll(async () => {
  installed.remove();
  await vault.close();
});

const nameOf = (index: number) => `${String(index).padStart(3, '0')}.msg`;

test.each(['SIGKILL', 'SIGINT'] as const)(
  'a run that %s ends in its middle is finished by the next one, and no message is lost',
  async (signal) => {
    const tokens = envelope<{ tenant: string }>('Tokens');
    const next = envelope<{ tenant: string }>('Next');
    const cursor = `${signal}.cursor`;
    const at = (index: number) => join(vault.folder, nameOf(index));
    for (let index = 0; index < COUNT; index++) {
      writeFileSync(at(index), await tokens.encrypt(`secret ${index}`, { tenant: 'acme' }));
    }
    const keyOf = (index: number) => inspect(readFileSync(at(index))).wrappedBy[0]?.keyArn;
    const words = [
      'message',
      'reencrypt',
      vault.folder,
      '--suffix',
      '.msg',
      '--envelope',
      'Tokens',
      '--to-envelope',
      'Next',
    ];
    const run = () =>
      start([installed.executable, ...words, '--context', 'tenant=acme', '--cursor', cursor], vault.folder, {
        ...vault.environment,
        NODE_NO_WARNINGS: '1',
      });

    const first = run();
    while (keyOf(20) !== vault.nextKeyArn && first.process.exitCode === null) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    first.process.kill(signal);
    await first.ended;
    expect(first.process.signalCode ?? first.process.exitCode).toBe(signal === 'SIGKILL' ? 'SIGKILL' : 130);
    const done = Array.from({ length: COUNT }, (_none, index) => keyOf(index)).filter(
      (key) => key === vault.nextKeyArn,
    );
    expect(done.length).toBeGreaterThan(20);
    expect(done.length).toBeLessThan(COUNT);

    const second = run();
    await second.ended;
    expect({ code: second.process.exitCode, stderr: second.stderr }).toMatchObject({ code: 0 });
    for (let index = 0; index < COUNT; index++) {
      expect(await next.decrypt(readFileSync(at(index)), { tenant: 'acme' }, 'text')).toBe(`secret ${index}`);
    }
    // Who is killed may leave a file that it had not finished; the next run took it for what it is.
    const others = readdirSync(vault.folder).filter((name) => !name.endsWith('.msg') && !name.endsWith('.cursor'));
    expect(others.filter((name) => !/^\.keysmith-[0-9a-f]{16}\.tmp$/.test(name))).toEqual([]);
    expect(others.length).toBeLessThanOrEqual(signal === 'SIGKILL' ? 1 : 0);
    for (const name of readdirSync(vault.folder)) rmSync(join(vault.folder, name));
  },
  TIMEOUT_MS,
);

test('lines that did not fit on the disk are not taken for done, and no message is lost', async () => {
  const [tokens, next] = [envelope<{ tenant: string }>('Tokens'), envelope<{ tenant: string }>('Next')];
  const secrets = ['a', 'b', 'c'].map((letter) => letter.repeat(6_000));
  const lines = await Promise.all(secrets.map((secret) => tokens.encrypt(secret, { tenant: 'acme' })));
  const text = lines
    .map((message) => `${JSON.stringify({ token: Buffer.from(message).toString('base64') })}\n`)
    .join('');
  const file = join(vault.folder, 'in.jsonl');
  writeFileSync(file, text);
  const words = ['message', 'reencrypt', file, '--jsonl', '--field', 'token', '--envelope', 'Tokens'];
  const more = ['--to-envelope', 'Next', '--context', 'tenant=acme', '--out', file, '--cursor', 'lines.cursor'];
  // A limit of the system on the size of files, in units of the shell, fails as a full disk does.
  const run = async (limit: string) => {
    const shell = ['-c', `ulimit -f ${limit}; exec "$@"`, 'sh', process.execPath, installed.executable];
    const env = { PATH: process.env['PATH'], NODE_NO_WARNINGS: '1', ...vault.environment };
    const ended = promisify(execFile)('sh', [...shell, ...words, ...more], { cwd: vault.folder, env });
    return ended.then(({ stderr }) => stderr).catch(({ code, stderr }) => `${code} ${stderr}`);
  };
  expect(await run('8')).toMatch(/^1 .*cannot write .*in\.jsonl\.partial: it would be larger than files may be\n$/s);
  expect(readFileSync(file, 'utf8')).toBe(text);
  expect(await run('unlimited')).toBe('keysmith: 3 re-encrypted\n');
  const written = readFileSync(file, 'utf8').trim().split('\n');
  expect(
    await Promise.all(written.map((line) => next.decrypt(JSON.parse(line).token, { tenant: 'acme' }, 'text'))),
  ).toEqual(secrets);
});
