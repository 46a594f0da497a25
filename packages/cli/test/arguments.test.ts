import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { given, port, several } from '../src/options.ts';
import { keysmith } from './support/in-process.ts';

const ORDERS = join(__dirname, 'fixtures', 'orders');

describe('a wrong command line', () => {
  test.each([
    ['lcoal', `unknown command 'lcoal' (Did you mean local?) (see "keysmith --help")`],
    ['decrypt', `unknown command 'decrypt' (see "keysmith --help")`],
    ['--as Writer run', `unknown option '--as' (see "keysmith --help")`],
    ['local --prot 1', `unknown option '--prot' (Did you mean --port?) (see "keysmith local --help")`],
    ['access -x', `unknown option '-x'`],
    [
      'access --format=yaml',
      `option '--format <format>' argument 'yaml' is invalid. Allowed choices are text, json, markdown, html.`,
    ],
    ['access --no-json', `unknown option '--no-json'`],
    ['access --__proto__ 1', `unknown option '--__proto__'`],
    ['run -- node', `required option '--as <name>' not specified`],
    ['run --as', `option '--as <name>' argument missing`],
    ['run --as -- node', `option '--as <name>' argument '--' is invalid. It needs a value.`],
    ['run --as --quiet -- node', `option '--as <name>' argument '--quiet' is invalid. It needs a value.`],
    ['access --key=', `option '--key <name>' argument '' is invalid. It needs a value.`],
    ['run --as A', `missing required argument 'command' (see "keysmith run --help")`],
    ['local --port many', `option '--port <number>' argument 'many' is invalid. It must be a whole number from 0`],
    ['local --mode on', `option '--mode <mode>' argument 'on' is invalid. Allowed choices are enforce, report, off.`],
    ['local --quiet --json', `option '--json' cannot be used with option '--quiet'`],
    ['run --as A --explain --quiet -- node', `option '--explain' cannot be used with option '--quiet'`],
    ['run --as A --source-arn B -- node', '--source-arn and --source-account go with an AWS service in --as, such as'],
    ['local --source-account B', '--source-arn and --source-account go with an AWS service in --as, such as'],
    ['access one two', `too many arguments for 'access'. Expected 1 argument but got 2.`],
    ['local one', `too many arguments for 'local'. Expected 0 arguments but got 1.`],
  ])('"%s" is refused in one line: %s', async (line, message) => {
    const { code, stdout, stderr } = await keysmith(line.split(' '));
    expect(stderr).toContain(`keysmith: ${message}`);
    expect(stderr).toMatch(/^.+\n$/);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  test.each([[], ['help', 'nothing']])(
    'without a command that there is gets the help, and is wrong (%#)',
    async (...words) => {
      const { code, stdout, stderr } = await keysmith(words);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain('Commands:');
    },
  );
});

describe('the value of an option', () => {
  test.each(['-1', '1.5', '65536', '0x10', '', ' 1', '١'])('"%s" is no port', (text) => {
    expect(() => port(text)).toThrow('from 0 (any free port) to 65535');
  });

  test('is read as it was written', () => {
    expect([port('0'), port('65535'), given('007'), given('-')]).toEqual([0, 65535, '007', '-']);
    expect(several('b', several('a'))).toEqual(['a', 'b']);
  });

  test('counts each time for options that may be given several times', async () => {
    const named = await keysmith(['access', ORDERS, '--principal', 'Writer', '--principal=Reader']);
    expect(named.stdout).toMatch(/Writer.*Reader/s);
    expect(named.stdout).not.toContain('Reporter');
  });
});

describe('the command that keysmith runs', () => {
  const echo = ['-p', 'JSON.stringify(process.argv.slice(1))'];
  const own = ['--as', 'x', '--help', '--version', '--no-such', '-h', '', 'a b', '--', '--quiet', '--'];

  test.each([
    ['after "--"', ['--', process.execPath, ...echo, '--', ...own]],
    ['without "--"', [process.execPath, ...echo, '--', ...own]],
  ])('gets its words untouched, %s', async (_where, words) => {
    const { code, stdout, stderr } = await keysmith(['run', '--as', 'Orders/Writer', '--app', ORDERS, ...words]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual(own);
  });

  test('is told of keys of before that are not what the seed file says now', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'keysmith-run-'));
    const [seed, state] = [join(folder, 'kms.json'), join(folder, 'state')];
    const words = ['run', '--as', 'A', '--seed', seed, '--state', state, '--', process.execPath, '-p', '1'];
    const run = async (byte: number) => {
      const material = [{ base64: Buffer.alloc(32, byte).toString('base64') }];
      const keys = [{ keyId: '1234abcd-12ab-34cd-56ef-1234567890ab', name: 'Orders', material }];
      writeFileSync(seed, JSON.stringify({ version: 1, keys, principals: [{ name: 'A' }] }));
      return (await keysmith(words)).stderr;
    };
    expect([await run(1), await run(1)]).toEqual(['', '']);
    expect(await run(2)).toContain(`keysmith: key Orders was not changed: ${seed} says another material`);
    rmSync(folder, { recursive: true });
  });

  test('may be an AWS service that acts for something', async () => {
    const source = ['--source-arn', 'arn:aws:sns:eu-west-3:111122223333:news', '--source-account', '111122223333'];
    const words = ['run', '--as', 'sns.amazonaws.com', ...source, '--app', ORDERS, '--', process.execPath];
    const print = 'process.env.AWS_REGION + Boolean(process.env.AWS_SESSION_TOKEN)';
    expect(await keysmith([...words, '-p', print])).toMatchObject({ code: 0, stdout: 'eu-west-3true\n', stderr: '' });
  });
});

describe('help', () => {
  test.each([
    [['--help'], 'Usage: keysmith [options] [command]'],
    [['-h'], 'Usage: keysmith [options] [command]'],
    [['help'], 'Usage: keysmith [options] [command]'],
    [['help', 'run'], 'Usage: keysmith run --as <name> [options] -- <command...>'],
    [['run', '--help'], 'Usage: keysmith run --as <name> [options] -- <command...>'],
    [['local', '-h', '--prot', '1'], 'Usage: keysmith local [options]'],
    [['access', '--help'], 'Usage: keysmith access [options] [app]'],
  ])('%j shows usage and examples on stdout, in the width that there is', async (words, usage) => {
    const { code, stdout, stderr } = await keysmith(words, 72);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.startsWith(usage)).toBe(true);
    expect(stdout).toMatch(/\n\nExamples:\n {2}keysmith /);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(72);
  });

  test('shows each option with what it may be and what it is when left out', async () => {
    const { stdout } = await keysmith(['local', '--help']);
    expect(stdout).toContain('--mode <mode>');
    expect(stdout).toContain('(choices: "enforce", "report", "off", default: "enforce")');
    expect(stdout).toContain('(default: "cdk.out")');
  });
});
