import { readArguments } from '../src/arguments.ts';
import { defineCommand } from '../src/command.ts';
import { helpOfCommand, helpOfProgram } from '../src/help.ts';
import { choice, flag, port, required, text, textOr, texts } from '../src/options.ts';
import { nearest } from '../src/suggest.ts';

const seal = defineCommand({
  name: 'seal',
  synopsis: '[file] [options] -- <command ...>',
  describe: 'Seal a file',
  maxPositionals: 1,
  takesRest: true,
  options: {
    as: required('Who seals'),
    port: port('Where'),
    tenant: text('For whom'),
    app: textOr('cdk.out', 'Of which app'),
    mode: choice(['enforce', 'off'], 'What policies do'),
    key: texts('With which keys'),
    json: flag('As JSON'),
  },
  examples: [{ line: 'keysmith seal --as Writer', describe: 'Seal as Writer' }],
  run: async () => 0,
});

function read(line: string) {
  const request = readArguments(seal, line.split(' '));
  return request.help ? 'help' : request.invocation;
}

test('options that are left out have their defaults, and what was given arrives as it was written', () => {
  expect(read('--as Writer')).toEqual({
    options: {
      as: 'Writer',
      port: undefined,
      tenant: undefined,
      app: 'cdk.out',
      mode: 'enforce',
      key: [],
      json: false,
    },
    positionals: [],
    rest: undefined,
  });
  expect(read('order.json --as 007 --port 0 --json --key a --key=b -- node --as x --help')).toMatchObject({
    options: { as: '007', port: 0, json: true, key: ['a', 'b'] },
    positionals: ['order.json'],
    rest: ['node', '--as', 'x', '--help'],
  });
});

test.each([
  ['--as Writer --prot 1', 'unknown option "--prot"; did you mean "--port"?'],
  ['--as Writer --no-json', 'unknown option "--no-json"; did you mean "--json"?'],
  ['--as Writer -x', 'unknown option "-x"'],
  ['--as Writer --as.b 1', 'unknown option "--as.b"'],
  ['--port 1', '--as is missing'],
  ['--as -- node', '--as needs a value'],
  ['--as=', '--as needs a value'],
  ['--as A --as B', '--as is given 2 times, and may be given once'],
  ['--as A --port many', '--port must be a whole number from 0 (any free port) to 65535, not "many"'],
  ['--as A --port 65536', '--port must be a whole number from 0 (any free port) to 65535, not "65536"'],
  ['--as A --port -1', '--port must be a whole number from 0 (any free port) to 65535, not "-1"'],
  ['--as A --port 1.5', '--port must be a whole number from 0 (any free port) to 65535, not "1.5"'],
  ['--as A --mode on', '--mode must be one of enforce, off, not "on"'],
  ['--as A --json=yes', '--json takes no value'],
  ['--as A one two', 'unexpected argument "two" (the command to run comes after "--")'],
])('"%s" is refused: %s', (line, message) => {
  expect(() => read(line)).toThrow(
    expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(message) }),
  );
});

test('all problems of a command line are told at once, with where to read on', () => {
  expect(() => read('--port x --moed off')).toThrow(
    '; did you mean "--mode"?; --as is missing; --port must be a whole number from 0 (any free port) to 65535, ' +
      'not "x" (see "keysmith seal --help")',
  );
});

test('"--" and what follows it are refused where there is no command to run', () => {
  const list = defineCommand({ ...seal, takesRest: false });
  expect(() => readArguments(list, ['--as', 'A', '--', 'node'])).toThrow('"--" has no meaning here');
});

test.each(['--help', '-h', '--help --port x'])('"%s" asks for help, whatever else is wrong', (line) => {
  expect(read(line)).toBe('help');
});

test('the help of a command shows its options with defaults and an example, in the width that there is', () => {
  const help = helpOfCommand(seal, 70);
  for (const shown of [
    'keysmith seal [file] [options] -- <command ...>',
    '--as',
    '(default: cdk.out)',
    'enforce, off',
    '--as Writer',
  ]) {
    expect(help).toContain(shown);
  }
  expect(Math.max(...help.split('\n').map((line) => line.length))).toBeLessThanOrEqual(70);
  expect(helpOfProgram([seal], 70)).toContain('seal  Seal a file');
});

test.each([
  ['lcoal', 'local'],
  ['acces', 'access'],
  ['RUN', 'run'],
  ['x', undefined],
  ['decrypt', undefined],
])('of the commands, "%s" most likely means %s', (word, meant) => {
  expect(nearest(word, ['local', 'run', 'access'])).toBe(meant);
});
