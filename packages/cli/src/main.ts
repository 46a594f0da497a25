import { readFileSync } from 'node:fs';
import { readArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { access } from './commands/access.ts';
import { local } from './commands/local.ts';
import { run } from './commands/run.ts';
import { CliError, exitCodeOf, usageError } from './errors.ts';
import { helpOfCommand, helpOfProgram } from './help.ts';
import { type Io, processIo } from './io.ts';
import { columnsOf, printable } from './render/terminal.ts';
import { suggestion } from './suggest.ts';

const COMMANDS: readonly Command[] = [local, run, access];

/**
 * Runs one `keysmith` command line.
 *
 * @param argv - the words after `keysmith`, e.g. `['access', 'cdk.out', '--json']`
 * @param io - where it writes, its environment and its signals; the process itself unless given
 * @returns the exit code: 0 when it worked, 1 when it failed, 2 when the command line is wrong; `run` passes on the
 * exit code of its command. Errors are one line on stderr; with `KEYSMITH_DEBUG=1` in the environment, their stack too.
 */
export async function main(argv: readonly string[], io: Io = processIo()): Promise<number> {
  try {
    return await dispatch(argv, io);
  } catch (error) {
    io.stderr.write(`keysmith: ${inOneLine(error)}\n`);
    if (io.env['KEYSMITH_DEBUG'] === '1') {
      io.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    }
    return exitCodeOf(error);
  }
}

/** What `bin/keysmith.js` does: this process's words in, its exit code out. */
export async function runAsProcess(): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever read our output has gone (`keysmith local --json | head`). Nobody is left to tell.
    process.exit(error.code === 'EPIPE' ? 0 : 1);
  });
  process.exitCode = await main(process.argv.slice(2));
}

async function dispatch([name, ...words]: readonly string[], io: Io): Promise<number> {
  if (name === '--version') {
    io.stdout.write(`${version()}\n`);
    return 0;
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    // Asked for, help is the answer; otherwise the command line lacks its command.
    const asked = name !== undefined;
    (asked ? io.stdout : io.stderr).write(`${helpOfProgram(COMMANDS, columnsOf(io.stdout))}\n`);
    return asked ? 0 : 2;
  }
  const command = find(name);
  const request = readArguments(command, words);
  if (request.help) {
    io.stdout.write(`${helpOfCommand(command, columnsOf(io.stdout))}\n`);
    return 0;
  }
  return command.run(request.invocation, io);
}

function find(name: string): Command {
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command === undefined) {
    const names = COMMANDS.map((candidate) => candidate.name);
    const problem = name.startsWith('-')
      ? `the command comes first, before "${name}": ${names.join(', ')}`
      : `unknown command "${name}"${suggestion(name, names)}`;
    throw usageError([problem], 'keysmith --help');
  }
  return command;
}

function version(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return String(version);
}

/** Errors that know what to do about themselves have a code; any other is a fault of ours, and says how to tell more. */
function inOneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const expected = error instanceof CliError || (error instanceof Error && 'code' in error);
  const hint = expected ? '' : ' (unexpected; KEYSMITH_DEBUG=1 shows where)';
  return printable(message.replaceAll(/\s*\n\s*/g, '; ')) + hint;
}
