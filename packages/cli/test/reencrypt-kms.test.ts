import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from '@cdk-keysmith/envelope';
import { keysmith, openVault, type Vault } from './support/vault.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keysmith-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const at = (...names: string[]) => join(folder, ...names);

describe('keysmith message reencrypt, with KMS', () => {
  let vault: Vault;
  beforeAll(async () => {
    vault = await openVault('Rotator');
  });
  afterAll(() => vault.close());

  const ACME = ['--context', 'tenant=acme'];
  const seal = async (name: string, ...words: string[]) =>
    keysmith(['message', 'encrypt', '--envelope', 'Tokens', ...ACME, '--out', at(name), ...words], { stdin: 'secret' });
  const reencrypt = (...words: string[]) => keysmith(['message', 'reencrypt', folder, ...ACME, ...words]);
  const keysOf = (name: string) => inspect(readFileSync(at(name))).wrappedBy.map(({ keyArn }) => keyArn);

  test('takes what was done and not noted for done, where the old keys cannot open it', async () => {
    await seal('a.msg');
    await seal('b.msg');
    const move = ['--envelope', 'Tokens', '--to-envelope', 'Next'];
    expect(await reencrypt(...move)).toMatchObject({ code: 0, stderr: 'keysmith: 2 re-encrypted\n' });
    await seal('c.msg');
    expect(await reencrypt(...move)).toMatchObject({ code: 0, stderr: 'keysmith: 1 re-encrypted, 2 current\n' });
    expect(['a.msg', 'b.msg', 'c.msg'].flatMap(keysOf)).toEqual([vault.nextKeyArn, vault.nextKeyArn, vault.nextKeyArn]);
  });

  test('goes by keys, suite and age when only stale messages are meant', async () => {
    await seal('old.msg');
    await seal('signed.msg', '--sign');
    await seal('new.msg');
    const lastYear = new Date(Date.now() - 400 * 86_400_000);
    utimesSync(at('old.msg'), lastYear, lastYear);
    const same = ['--envelope', 'Tokens', '--read', 'signed', '--only-stale'];
    const before = readFileSync(at('new.msg'));
    expect((await reencrypt(...same, '--suite', '0x0478', '--suite', '0x0578')).stderr).toBe(
      'keysmith: 0 re-encrypted, 3 current\n',
    );
    expect((await reencrypt(...same, '--max-age', '365d', '--suite', '0x0478', '--suite', '0x0578')).stderr).toBe(
      'keysmith: 1 re-encrypted, 2 current\n',
    );
    expect((await reencrypt(...same)).stderr).toBe('keysmith: 1 re-encrypted, 2 current\n');
    expect(inspect(readFileSync(at('signed.msg'))).suite.id).toBe(0x0478);
    expect(readFileSync(at('new.msg')).equals(before)).toBe(true);
    // From keys by their ARNs to others; the context of each message stays what it was.
    const keys = ['--key', vault.keyArn, '--to-key', vault.nextKeyArn, '--only-stale'];
    expect((await keysmith(['message', 'reencrypt', folder, '--no-context', ...keys])).stderr).toBe(
      'keysmith: 3 re-encrypted\n',
    );
    expect(inspect(readFileSync(at('new.msg')))).toMatchObject({ context: { service: 'vault', tenant: 'acme' } });
  });

  test('tells by a member of each line how old a message is', async () => {
    const { stdout } = await keysmith(['message', 'encrypt', '--base64', '--envelope', 'Tokens', ...ACME], {
      stdin: 'secret',
    });
    const times = ['"2020-02-01T00:00:00Z"', String(Date.now() / 1000), `"${new Date().toISOString()}"`, '"soon"'];
    const stdin = times.map((time) => `{"at":${time},"t":"${stdout.trim()}"}\n`).join('');
    const words = ['message', 'reencrypt', '-', '--envelope', 'Tokens', ...ACME, '--jsonl', '--field', 't'];
    const ended = await keysmith([...words, '--only-stale', '--max-age', '365d', '--written-at', 'at'], { stdin });
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('standard input, line 4: the member at is no time');
    expect(ended.stderr).toContain('keysmith: 1 re-encrypted, 2 current, 1 failed\n');
    const changed = ended.stdout.split('\n').map((line, index) => line !== stdin.split('\n')[index]);
    expect(changed).toEqual([true, false, false, false, false]);
  });

  test('stops when a signal comes, and says how to go on', async () => {
    for (let index = 0; index < 4; index++) await seal(`${index}.msg`);
    writeFileSync(at('2.msg'), 'no message');
    // The failure of the third is told, and then the signal comes.
    const ended = await keysmith(
      ['message', 'reencrypt', folder, ...ACME, '--envelope', 'Tokens', '--cursor', at('cursor')],
      {
        onStderr: (text, send) => text.includes('no AWS Encryption SDK message') && send('SIGINT'),
      },
    );
    expect(ended.code).toBe(130);
    expect(ended.stderr).toContain(
      'keysmith: 2 re-encrypted, 1 failed; give the same --cursor again to go on\nkeysmith: interrupted\n',
    );
    const again = await keysmith([
      'message',
      'reencrypt',
      folder,
      ...ACME,
      '--envelope',
      'Tokens',
      '--cursor',
      at('cursor'),
    ]);
    expect(again).toMatchObject({ code: 1, stderr: 'keysmith: 3 re-encrypted, 1 failed\n' });
  });
});
