import { CommanderError } from 'commander';
import { CliError, exitCodeOf, systemReason, WRONG_USAGE } from './errors.ts';
import { type Io, processIo } from './io.ts';
import { createProgram } from './program.ts';
import { printable, printableLines } from './render/terminal.ts';

/** 128 and the number of the signal, which Node.js ignores and Windows does not know. */
const ENDED_BY_SIGPIPE = 141;

/**
 * Runs one `keysmith` command line.
 *
 * @param argv - the words after `keysmith`, e.g. `['access', 'cdk.out', '--format', 'json']`
 * @param io - where it writes, its environment and its signals; the process itself unless given
 * @returns the exit code: 0 when it worked, 1 when it failed, 2 when the command line is wrong, 3 when `diff`
 * or `check` found what it was told to fail on; `run` passes on the exit code of its command. Errors are one line on stderr; with
 * `KEYSMITH_DEBUG=1` in the environment, their stack too.
 */
export async function main(argv: readonly string[], io: Io = processIo()): Promise<number> {
  try {
    return await dispatch(argv, io);
  } catch (error) {
    io.stderr.write(`keysmith: ${inOneLine(error)}\n`);
    if (io.env['KEYSMITH_DEBUG'] === '1') {
      io.stderr.write(`${printableLines(String(error instanceof Error ? error.stack : error))}\n`);
    }
    return exitCodeOf(error);
  }
}

/** What `bin/keysmith.js` does: this process's words in, its exit code out. */
export async function runAsProcess(): Promise<void> {
  let failed = false;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // Each piece that is written would tell the same.
    if (!failed) setImmediate(endWithoutOutput, error);
    failed = true;
  });
  // Nobody is left to tell, and the work goes on.
  process.stderr.on('error', () => {});
  process.exitCode = await main(process.argv.slice(2));
}

/**
 * Whoever read our output may have gone (`keysmith local --json | head`). What has come to an end has its exit code by then,
 * which a pipeline may wait for (`keysmith check | grep -q`); anything else ends as SIGPIPE would end it. Where the output
 * could not be kept, as on a full disk, the command has failed, whatever it thought.
 */
function endWithoutOutput(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? ENDED_BY_SIGPIPE);
  process.stderr.write(`keysmith: cannot write to the standard output: ${systemReason(error, 'write')}\n`);
  process.exit(1);
}

async function dispatch(argv: readonly string[], io: Io): Promise<number> {
  let exitCode = 0;
  const program = await createProgram(argv, io, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help or the version, shown already. Asked for, it is the answer; otherwise the command line lacks its command.
      return error.exitCode === 0 ? 0 : WRONG_USAGE;
    }
    throw error;
  }
  return exitCode;
}

/** Errors that know what to do about themselves have a code; any other is a fault of ours, and says how to tell more. */
function inOneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const expected = error instanceof CliError || (error instanceof Error && 'code' in error);
  const hint = expected ? '' : ' (unexpected; KEYSMITH_DEBUG=1 shows where)';
  return printable(message.replaceAll(/\s*\n\s*/g, '; ')) + hint;
}
