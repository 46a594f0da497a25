import { keysmith } from './support/vault.ts';

const ARN = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const env = {};

describe('a command line about messages that makes no sense', () => {
  test.each([
    ['message decrypt a.msg', 'say which keys: --key <arn>, --envelope <name>'],
    ['message decrypt a.msg --key alias/tokens', `option '--key <arn>' argument 'alias/tokens' is invalid. It must be`],
    [`message decrypt a.msg --key ${ARN} --key ${ARN} --no-context`, 'is invalid. It is given twice.'],
    [
      `message decrypt a.msg --key ${ARN}`,
      'give the encryption context as --context <name=value>, or say --no-context',
    ],
    [`message decrypt a.msg --key ${ARN} --envelope A`, `option '--envelope <name>' cannot be used with option '--key`],
    [
      `message decrypt a.msg --key ${ARN} --env a.env`,
      `option '--env <file>' cannot be used with option '--key <arn>'`,
    ],
    ['message decrypt a.msg --context tenant', 'It must be <name>=<value>, neither of them empty.'],
    ['message decrypt a.msg --context =a', 'It must be <name>=<value>, neither of them empty.'],
    ['message decrypt a.msg --context a=', 'It must be <name>=<value>, neither of them empty.'],
    ['message decrypt a.msg --context a=1 --context a=2', 'It gives a a second time.'],
    ['message decrypt a.msg --read old', `Allowed choices are signed, non-committing, non-framed.`],
    ['message decrypt a.msg b.msg', `too many arguments for 'decrypt'. Expected 1 argument but got 2.`],
    ['message decrypt a.msg --field token', `option '--field' goes with '--jsonl' only`],
    ['message decrypt a.msg --as json --into b', `option '--into', '--as' goes with '--jsonl' only`],
    ['message decrypt a.jsonl --jsonl', `option '--jsonl' needs '--field <member>', which says where the message is`],
    ['message decrypt a.jsonl --jsonl --field /', 'It must be the name of a member, or a JSON Pointer'],
    ['message decrypt a.jsonl --jsonl --field t --as xml', 'Allowed choices are text, json, base64.'],
    ['message encrypt a.jsonl --jsonl --field t --base64', `option '--base64' cannot be used with option '--jsonl'`],
    ['message reencrypt', `missing required argument 'path'`],
    ['message reencrypt a --max-age 9d', `options '--max-age' and '--suite' go with '--only-stale'`],
    [
      'message reencrypt a --only-stale --max-age soon',
      'It must be a whole number and one of s, m, h, d, such as 90d.',
    ],
    ['message reencrypt a --only-stale --suite 478', 'It must be the id of an algorithm suite, such as 0x0478.'],
    ['message reencrypt - --envelope A', `'-', the standard input, goes with '--jsonl' only`],
    ['message reencrypt a --out b', `option '--out' goes with '--jsonl' only`],
    ['message reencrypt a b --jsonl --field t', `'--jsonl' takes one file`],
    ['message reencrypt a --jsonl --field t --suffix .b', `option '--suffix' is for folders`],
    ['message reencrypt a --jsonl --field t --cursor c', `with '--jsonl', '--cursor' needs '--out <file>'`],
    ['message reencrypt - --jsonl --field t --cursor c --out b', `with '--jsonl', '--cursor' needs '--out <file>'`],
    ['message reencrypt a --jsonl --field t --only-stale --max-age 9d', `needs '--written-at <member>' with '--jsonl'`],
    ['message inspect a --field token', `option '--field' goes with '--jsonl' only`],
    ['doctor A --direction both', `option '--direction <direction>' goes with '--key <arn>'`],
    [`doctor A --key ${ARN} --no-context`, `option '--key <arn>' cannot be used with the declaration A`],
    [`doctor --key ${ARN}`, 'give the encryption context as --context <name=value>, or say --no-context'],
  ])('"%s" is refused in one line: %s', async (line, message) => {
    const { code, stdout, stderr } = await keysmith(line.split(' '), { env });
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^keysmith: .+ \(see "keysmith [\w ]+ --help"\)\n$/);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  test('names the declarations that there are', async () => {
    const two = { KEYSMITH_ENVELOPE_B: '{}', KEYSMITH_ENVELOPE_A: '{}', KEYSMITH_ENVELOPE_C: undefined };
    const { code, stderr } = await keysmith(['message', 'decrypt', 'a.msg'], { env: two });
    expect(code).toBe(2);
    expect(stderr).toContain('say which declaration is meant with --envelope <name>; there is A, B');
  });

  test.each(['inspect', 'decrypt', 'encrypt', 'reencrypt'])('%s shows examples in its help', async (name) => {
    const { code, stdout, stderr } = await keysmith(['message', name, '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`\\n\\nExamples:\\n {2}keysmith message ${name} `));
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });
});
