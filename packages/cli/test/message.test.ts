import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildClient, CommitmentPolicy, KmsKeyringNode } from '@aws-crypto/client-node';
import { main } from '../src/index.ts';
import { keysmith, openVault, type Vault } from './support/vault.ts';

/*
 * Everything here is real: a local KMS on a socket, the SDK's own credentials and endpoint, and the command in this process.
 */

let vault: Vault;
let at: (name: string) => string;
beforeAll(async () => {
  vault = await openVault('Rotator');
  at = (name) => join(vault.folder, name);
});
afterAll(() => vault.close());

const SECRET = 'two boxes of chalk';
const ACME = ['--envelope', 'Tokens', '--context', 'tenant=acme'];
const encrypt = (...words: string[]) => ['message', 'encrypt', ...ACME, ...words];
const decrypt = (...words: string[]) => ['message', 'decrypt', ...ACME, ...words];

async function sealed(plaintext: Uint8Array | string = SECRET, ...words: string[]): Promise<Buffer> {
  const { code, bytes, stderr } = await keysmith(encrypt(...words), { stdin: plaintext });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return bytes;
}

describe('keysmith message encrypt and decrypt', () => {
  test.each([0, 1, 65_535, 65_536, 65_537, 200_000])(
    '%d bytes come back, as bytes and as base64 text',
    async (length) => {
      const plaintext = randomBytes(length);
      for (const form of [[], ['--base64'], ['--sign']]) {
        const message = await sealed(plaintext, ...form);
        const { code, bytes } = await keysmith(decrypt('--read', 'signed'), { stdin: message });
        expect([code, bytes.equals(plaintext)]).toEqual([0, true]);
      }
    },
  );

  test('go through files, which only their owner may read when plaintext is in them', async () => {
    writeFileSync(at('plain.bin'), randomBytes(100_000));
    await keysmith(encrypt(at('plain.bin'), '--out', at('sealed.msg')));
    writeFileSync(at('again.bin'), 'what was there before', { mode: 0o644 });
    expect(await keysmith(decrypt(at('sealed.msg'), '--out', at('again.bin')))).toMatchObject({ code: 0, stdout: '' });
    expect(readFileSync(at('again.bin')).equals(readFileSync(at('plain.bin')))).toBe(true);
    expect(statSync(at('again.bin')).mode & 0o777).toBe(0o600);
  });

  test('read what an AWS Encryption SDK wrote before version 2, when it is asked for', async () => {
    const official = buildClient(CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT);
    const keyring = new KmsKeyringNode({ generatorKeyId: vault.keyArn });
    const encryptionContext = { service: 'vault', tenant: 'acme' };
    const { result } = await official.encrypt(keyring, Buffer.from(SECRET), { encryptionContext, suiteId: 0x0178 });
    const refused = await keysmith(decrypt(), { stdin: result });
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('standard input: algorithm suite 0x0178 needs --read non-committing');
    const inspected = await keysmith(['message', 'inspect'], { stdin: result });
    expect(inspected.stdout).toContain('does not commit to one data key, not signed');
    expect(await keysmith(decrypt('--read', 'non-committing'), { stdin: result })).toMatchObject({ stdout: SECRET });
  });

  test('find a declaration in a file, as lines or as AWS prints the variables of a function', async () => {
    const declaration = process.env['KEYSMITH_ENVELOPE_Tokens'] ?? '';
    writeFileSync(at('lines.env'), `# as deployed\nKEYSMITH_ENVELOPE_Tokens='${declaration}'\n`);
    writeFileSync(at('function.json'), JSON.stringify({ Variables: { KEYSMITH_ENVELOPE_Tokens: declaration } }));
    writeFileSync(at('wrong.json'), '{"KEYSMITH_ENVELOPE_Tokens": 1}');
    const message = await sealed();
    for (const file of ['lines.env', 'function.json']) {
      const words = ['message', 'decrypt', '--env', at(file), '--context', 'tenant=acme'];
      expect(await keysmith(words, { stdin: message, env: {} })).toMatchObject({ code: 0, stdout: SECRET });
    }
    const wrong = await keysmith(['message', 'decrypt', '--env', at('wrong.json')], { stdin: message, env: {} });
    expect(wrong.stderr).toContain('is neither lines of NAME=value nor a JSON object of texts');
    expect(await keysmith(['doctor', 'Tokens', '--env', at('lines.env'), '--context', 'tenant=a'])).toMatchObject({
      code: 0,
    });
  });
});

describe('a message that is not whole', () => {
  const altered = (message: Buffer): Buffer => {
    const copy = Buffer.from(message);
    copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1;
    return copy;
  };

  test('never becomes a file, and a file that is there stays', async () => {
    writeFileSync(at('kept'), 'kept');
    const message = await sealed(randomBytes(200_000));
    const signed = await sealed(randomBytes(200_000), '--sign');
    const before = readdirSync(vault.folder);
    for (const bad of [
      message.subarray(0, 150_000),
      altered(message),
      Buffer.concat([message, message]),
      altered(signed),
    ]) {
      for (const out of ['kept', 'never']) {
        const { code, stdout } = await keysmith(decrypt('--read', 'signed', '--out', at(out)), { stdin: bad });
        expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      }
    }
    expect([readdirSync(vault.folder), readFileSync(at('kept'), 'utf8')]).toEqual([before, 'kept']);
  });

  test('goes to the standard output as far as it is verified, and signed ones not at all', async () => {
    const plaintext = randomBytes(200_000);
    const cut = await keysmith(decrypt(), { stdin: (await sealed(plaintext)).subarray(0, 150_000) });
    expect(cut.code).toBe(1);
    expect(cut.bytes.equals(plaintext.subarray(0, 131_072))).toBe(true);
    const signed = altered(await sealed(plaintext, '--sign'));
    expect(await keysmith(decrypt('--read', 'signed'), { stdin: signed })).toMatchObject({ code: 1, stdout: '' });
    const released = await keysmith(decrypt('--read', 'signed', '--release-unverified'), { stdin: signed });
    expect([released.code, released.bytes.length]).toEqual([1, 196_608]);
  });

  test.each([
    ['nothing at all', ''],
    ['something else', 'two boxes of chalk'],
    ['base64 that ends in something else', 'AgR4 and so on'],
    ['a header that never ends', Buffer.concat([Buffer.of(2, 4, 0x78), Buffer.alloc(3_000, 0xff)])],
  ])('is refused in one line when it is %s', async (_what, stdin) => {
    const { code, stdout, stderr } = await keysmith(decrypt(), { stdin });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^keysmith: standard input: .+\n$/);
  });

  test('is inspected as far as it goes', async () => {
    const message = await sealed();
    const { code, stdout } = await keysmith(['message', 'inspect'], { stdin: message.subarray(0, -1) });
    expect(code).toBe(0);
    expect(stdout).toContain('not known: the input is not a whole message');
  });
});

describe('a terminal', () => {
  test('gets text, and nothing else unless it is forced', async () => {
    expect(await keysmith(decrypt(), { stdin: await sealed(), isTTY: true })).toMatchObject({
      code: 0,
      stdout: SECRET,
    });
    for (const bytes of [Buffer.of(0x1b, 0x5b, 0x32, 0x4a), Buffer.of(0xff, 0xfe), Buffer.of(0)]) {
      const message = await sealed(bytes);
      const { code, stdout, stderr } = await keysmith(decrypt(), { stdin: message, isTTY: true });
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain('use --out <file>, a pipe, or --force');
      const forced = await keysmith(decrypt('--force'), { stdin: message, isTTY: true });
      expect(forced.bytes.equals(bytes)).toBe(true);
    }
    const refused = await keysmith(encrypt(), { stdin: SECRET, isTTY: true });
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(await keysmith(encrypt('--base64'), { stdin: SECRET, isTTY: true })).toMatchObject({ code: 0 });
  });

  test('gets names and values of others without what moves its cursor', async () => {
    const words = [
      'message',
      'encrypt',
      '--key',
      vault.keyArn,
      '--context',
      'service=vault',
      '--context',
      'tenant=\u001b[2J',
    ];
    const { bytes } = await keysmith(words, { stdin: SECRET });
    const { stdout } = await keysmith(['message', 'inspect'], { stdin: bytes, isTTY: true });
    expect(stdout).toContain('tenant = \\u001b[2J');
    expect(stdout).not.toContain('\u001b[2J');
  });
});

describe('JSON Lines', () => {
  const LINES = ['{"tenant":"acme", "v":{"n": 1.50}}', '{"tenant":"globex","v":[9007199254740993]}', ''].join('\n');
  const FIELD = ['--envelope', 'Tokens', '--jsonl', '--field', 'v', '--context-field', 'tenant'];

  test('hold JSON that comes back with every digit', async () => {
    const { bytes } = await keysmith(['message', 'encrypt', ...FIELD, '--as', 'json', '--into', 'm'], { stdin: LINES });
    expect(bytes.toString()).not.toMatch(/1\.50|9007199254740993|"v"/);
    const words = [
      'message',
      'decrypt',
      '--envelope',
      'Tokens',
      '--jsonl',
      '--field',
      'm',
      '--context-field',
      'tenant',
    ];
    expect(await keysmith([...words, '--as', 'json', '--into', 'v'], { stdin: bytes })).toMatchObject({
      code: 0,
      stdout: LINES,
    });
  });

  test('hold JSON that was written over several lines, on one', async () => {
    const message = (await sealed('{\n  "a": "b\\nc"\n}\n', '--base64')).toString().trim();
    const words = ['message', 'decrypt', ...FIELD, '--as', 'json'];
    const { stdout } = await keysmith(words, { stdin: `{"tenant":"acme","v":"${message}"}\n` });
    expect(stdout).toBe('{"tenant":"acme","v":{   "a": "b\\nc" }}\n');
  });

  test('are refused by number and member, and neither plaintext nor context is told', async () => {
    const cases: readonly (readonly [string, string])[] = [
      [`{"tenant":"acme","v":"${SECRET}"`, 'it is not JSON'],
      [`"${SECRET}"`, 'it is JSON, but not an object'],
      [`{"tenant":"acme","w":"${SECRET}"}`, 'there is no member v'],
      [`{"tenant":"acme","v":{"x":"${SECRET}"}}`, 'the member v is not a string'],
      [`{"tenant":"acme","v":"${SECRET}\\ud800"}`, 'the member v is text that UTF-8 cannot express'],
      [`{"tenant":7,"v":"${SECRET}"}`, 'the member tenant is not a string'],
      [`{"v":"${SECRET}"}`, 'there is no member tenant'],
      [`{"tenant":"","v":"${SECRET}"}`, 'encryption context: "tenant"'],
    ];
    for (const [line, problem] of cases) {
      const { code, stdout, stderr } = await keysmith(['message', 'encrypt', ...FIELD], { stdin: `${line}\n` });
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain(`keysmith: standard input, line 1: ${problem}`);
      expect(stderr).not.toContain(SECRET);
    }
    const message = (await sealed(SECRET, '--base64')).toString().trim();
    const words = ['message', 'decrypt', ...FIELD, '--as', 'json'];
    const { stderr } = await keysmith(words, { stdin: `{"tenant":"acme","v":"${message}"}` });
    expect(stderr).toContain('the plaintext is authentic, but it is not JSON in UTF-8');
    expect(stderr).not.toContain('chalk');
  });

  test('are inspected to JSON that moves no cursor, whatever the message says', async () => {
    const tenant = '\u009b2J\u202eacme';
    const words = ['message', 'encrypt', '--envelope', 'Tokens', '--context', `tenant=${tenant}`, '--base64'];
    const { stdout: message } = await keysmith(words, { stdin: SECRET });
    const { stdout } = await keysmith(['message', 'inspect', '--json'], { stdin: message });
    expect(stdout).not.toMatch(/[\u0080-\u009f\u202e]/);
    expect(JSON.parse(stdout)).toMatchObject({ context: { tenant } });
  });

  test('are inspected line by line, also where they hold nothing to inspect', async () => {
    const message = (await sealed(SECRET, '--base64')).toString().trim();
    const stdin = `{"v":"${message}"}\n{"v":"text"}\nno JSON\n`;
    const { code, stdout } = await keysmith(['message', 'inspect', '--jsonl', '--field', 'v'], { stdin });
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(1);
    expect(lines).toMatchObject([
      { line: 1, authenticated: false, contentLength: SECRET.length },
      { line: 2, error: { code: 'NOT_A_MESSAGE' } },
      { line: 3, error: { code: 'REFUSED', message: 'it is not JSON' } },
    ]);
  });
});

describe('a KMS', () => {
  test('that denies is told with what finds out why', async () => {
    const words = ['message', 'encrypt', '--key', vault.keyArn, '--no-context'];
    const { code, stderr } = await keysmith(words, { stdin: SECRET });
    expect(code).toBe(1);
    expect(stderr).toContain('failed: AccessDeniedException; "keysmith doctor" with the same keys and context says');
  });

  test.each([
    [['doctor', 'Tokens', '--context', 'tenant=acme'], 0, 'healthy'],
    [['doctor', 'Tokens'], 1, 'not healthy: 1 problem'],
    [['doctor', 'Nothing', '--context', 'tenant=acme'], 1, 'KEYSMITH_ENVELOPE_Nothing is not set'],
  ])('answers %j with exit code %d', async (words, code, text) => {
    const ended = await keysmith(words);
    expect(ended).toMatchObject({ code, stderr: '' });
    expect(ended.stdout).toContain(text);
  });

  test('is asked about keys by their ARNs, in the direction that is meant', async () => {
    const words = [
      'doctor',
      '--key',
      vault.keyArn,
      '--direction',
      'decrypt',
      '--context',
      'service=vault',
      '--context',
      'tenant=a',
    ];
    const { code, stdout } = await keysmith([...words, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).findings.map(({ action }: { action?: string }) => action)).toEqual([
      undefined,
      undefined,
      'kms:Decrypt',
    ]);
    expect(await keysmith(['doctor', '--key', vault.keyArn, '--no-context'])).toMatchObject({ code: 1 });
  });
});

describe('a signal', () => {
  /** Runs a command whose input sends the signal in its middle. */
  async function interrupted(words: readonly string[], input: (send: () => void) => AsyncIterable<Uint8Array>) {
    let send = () => {};
    let stderr = '';
    const code = await main(words, {
      stdout: { write: () => {} },
      stderr: { write: (text) => (stderr += text) },
      stdin: input(() => send()),
      env: process.env,
      onSignal: (listener) => {
        send = () => listener('SIGTERM');
        return () => {};
      },
    });
    return { code, stderr };
  }
  const ended = { code: 143, stderr: 'keysmith: interrupted\n' };

  test('ends a decryption that waits for its input, without leaving a file', async () => {
    const message = await sealed(randomBytes(200_000));
    const before = readdirSync(vault.folder);
    async function* halting(send: () => void) {
      yield message.subarray(0, 100_000);
      send();
      await new Promise(() => {});
    }
    expect(await interrupted(decrypt('--out', at('never')), halting)).toEqual(ended);
    expect(readdirSync(vault.folder)).toEqual(before);
  });

  test('ends work on lines that would go on for ever', async () => {
    async function* endless(send: () => void) {
      for (let count = 0; ; count++) {
        if (count === 100) send();
        yield Buffer.from('{"tenant":"acme","v":"secret"}\n');
      }
    }
    const words = [
      '--envelope',
      'Tokens',
      '--jsonl',
      '--field',
      'v',
      '--context-field',
      'tenant',
      '--out',
      at('never'),
    ];
    const before = readdirSync(vault.folder);
    expect(await interrupted(['message', 'encrypt', ...words], endless)).toEqual(ended);
    const { code } = await interrupted(
      ['message', 'reencrypt', '-', ...words.slice(0, 4), 'w?', ...words.slice(5)],
      endless,
    );
    expect(code).toBe(143);
    expect(readdirSync(vault.folder)).toEqual(before);
  });
});
