import { environmentOfCommand, WITHHELD_VARIABLES } from '../src/environment.ts';
import type { EndingSignal, Io } from '../src/io.ts';
import { runProcess } from '../src/process.ts';
import { columnsOf, printable, wantsColour } from '../src/render/terminal.ts';
import { breakName, wrap } from '../src/render/wrap.ts';

const ENV = { PATH: process.env['PATH'] ?? '' };

function collect() {
  const text = { stdout: '', stderr: '' };
  const listeners = new Set<(signal: EndingSignal) => void>();
  const io: Io = {
    stdout: {
      write: (chunk) => {
        text.stdout += chunk;
      },
    },
    stderr: {
      write: (chunk) => {
        text.stderr += chunk;
      },
    },
    env: ENV,
    onSignal: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const send = (signal: EndingSignal) => {
    for (const listener of listeners) listener(signal);
  };
  return { io, text, listeners, send };
}

const node = (code: string, io: Io) => runProcess(process.execPath, ['-e', code], ENV, io);

describe('a command that keysmith runs', () => {
  test('writes where keysmith writes, and its exit code is passed on', async () => {
    const { io, text } = collect();
    expect(await node('console.log("out"); console.error("err"); process.exitCode = 7', io)).toBe(7);
    expect(text).toEqual({ stdout: 'out\n', stderr: 'err\n' });
  });

  test('gets the signals that keysmith gets, and counts as 128 and the signal when it was killed by one', async () => {
    const { io, listeners, send } = collect();
    const ended = node('setInterval(() => {}, 1000)', io);
    send('SIGTERM');
    expect(await ended).toBe(128 + 15);
    expect(listeners.size).toBe(0);
  });

  test.each([
    ['no-such-command', 'COMMAND_NOT_FOUND', 'command not found: no-such-command; check its spelling and the PATH'],
    ['./no-such-file', 'COMMAND_NOT_FOUND', 'command not found: ./no-such-file; check the path'],
    [__filename, 'COMMAND_NOT_EXECUTABLE', `cannot start ${__filename} (EACCES)`],
  ])('that cannot be started is told as %s', async (command, code, message) => {
    const { io, listeners } = collect();
    await expect(runProcess(command, [], ENV, io)).rejects.toMatchObject({ code, message });
    expect(listeners.size).toBe(0);
  });

  test('keeps the environment except for what would lead an SDK around the local KMS', () => {
    const own = { HOME: '/srv/app', UNSET: undefined, AWS_REGION: 'us-east-1' };
    const withheld = Object.fromEntries(Object.keys(WITHHELD_VARIABLES).map((name) => [name, 'something']));
    expect(environmentOfCommand({ ...own, ...withheld }, { AWS_REGION: 'eu-west-1' })).toEqual({
      HOME: '/srv/app',
      AWS_REGION: 'eu-west-1',
    });
  });

  test.each([
    [{ HTTP_PROXY: 'http://proxy:3128' }, '127.0.0.1'],
    [{ http_proxy: 'http://proxy:3128', NO_PROXY: 'intranet' }, 'intranet,127.0.0.1'],
    [{ ALL_PROXY: 'http://proxy:3128', NO_PROXY: 'a', no_proxy: 'b' }, 'b,127.0.0.1'],
    [{ HTTP_PROXY: 'http://proxy:3128', NO_PROXY: '*' }, '*'],
    [{ NO_PROXY: 'intranet' }, undefined],
  ])('goes to no proxy with what is for the local KMS (%j)', (own, exempt) => {
    const expected = exempt === undefined ? own : { ...own, NO_PROXY: exempt, no_proxy: exempt };
    expect(environmentOfCommand(own, {})).toEqual(expected);
    expect(environmentOfCommand({}, own)).toEqual(expected);
  });
});

describe('text for a terminal', () => {
  const terminal = { write: () => {}, isTTY: true, columns: 240 };
  const file = { write: () => {} };

  test.each([
    [terminal, {}, true],
    [terminal, { NO_COLOR: '1' }, false],
    [terminal, { NO_COLOR: '' }, true],
    [terminal, { TERM: 'dumb' }, false],
    [file, {}, false],
    [file, { FORCE_COLOR: '1' }, true],
    [file, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
    [terminal, { FORCE_COLOR: '0' }, false],
    [file, { FORCE_COLOR: 'false' }, false],
  ])('is in colour only where it is wanted (%#)', (output, env, colour) => {
    expect(wantsColour(output, env)).toBe(colour);
  });

  test('is never wider than 100 columns, and never so narrow that tables break', () => {
    expect(columnsOf(terminal)).toBe(100);
    expect(columnsOf(file)).toBe(100);
    expect(columnsOf({ ...terminal, columns: 80 })).toBe(80);
    expect(columnsOf({ ...terminal, columns: 10 })).toBe(72);
  });

  test('cannot move the cursor or turn its direction, whatever a template calls its things', () => {
    expect(printable('a\u001b[2Jb\nc\u202ed')).toBe('a\\u001b[2Jb\\u000ac\\u202ed');
    expect(printable('Orders/Schlüssel ✔')).toBe('Orders/Schlüssel ✔');
  });

  test('is broken between words, and a word that is too long stays whole', () => {
    expect(wrap('one two three four', 9, '  ')).toBe('  one two\n  three\n  four');
    const arn = 'arn:aws:kms:eu-central-1:111122223333:key/a';
    expect(wrap(`${arn} b`, 10, '  ')).toBe(`  ${arn}\n  b`);
  });

  test('that is one name of many thousand lines is broken too', () => {
    expect(breakName('k'.repeat(500_000), 16).split('\n')).toHaveLength(31_250);
  });

  test.each([
    ['Orders/Writer', 20, 'Orders/Writer'],
    ['Orders/Writer', 8, 'Orders/\nWriter'],
    ['Orders/Writer', 5, 'Order\ns/\nWrite\nr'],
    ['account 111122223333', 12, 'account\n111122223333'],
  ])(
    'that is the name %s is broken at its joints to fit %d columns, and nothing of it is lost',
    (name, width, broken) => {
      expect(breakName(name, width)).toBe(broken);
    },
  );
});
