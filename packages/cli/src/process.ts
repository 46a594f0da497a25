import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { CliError } from './errors.ts';
import type { EndingSignal, Io, Output } from './io.ts';

/** What shells add to a signal's number when a program was killed by it. */
const KILLED = 128;

/**
 * Runs a program with the streams of this one and waits for its end.
 *
 * @returns its exit code, or 128 and the number of the signal that killed it, as shells count.
 * @throws {@link CliError} `COMMAND_NOT_FOUND`, `COMMAND_NOT_EXECUTABLE`
 */
export async function runProcess(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  io: Io,
): Promise<number> {
  const child = spawn(command, args, {
    env,
    stdio: ['inherit', streamFor(io.stdout, process.stdout), streamFor(io.stderr, process.stderr)],
  });
  copy(child.stdout, io.stdout);
  copy(child.stderr, io.stderr);
  const stopForwarding = io.onSignal((signal) => forward(signal, child));
  try {
    return await exitCodeOfChild(child, command);
  } finally {
    stopForwarding();
  }
}

/** A program gets our own stream itself, so that it knows whether it talks to a terminal. */
function streamFor(output: Output, own: NodeJS.WriteStream): 'inherit' | 'pipe' {
  return output === own ? 'inherit' : 'pipe';
}

function copy(from: NodeJS.ReadableStream | null, to: Output): void {
  from?.setEncoding('utf8').on('data', (text: string) => to.write(text));
}

function forward(signal: EndingSignal, child: ChildProcess): void {
  // Ctrl-C in a terminal reaches every program in the foreground already. Many take a second one for "now, at once".
  if (signal === 'SIGINT' && process.stdin.isTTY) {
    return;
  }
  child.kill(signal);
}

function exitCodeOfChild(child: ChildProcess, command: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      // A program that runs can also fail to receive a signal; only one that never started has no process id.
      if (child.pid === undefined) {
        reject(cannotStart(command, error));
      }
    });
    child.once('close', (code, signal) => resolve(code ?? KILLED + (signal === null ? 0 : constants.signals[signal])));
  });
}

function cannotStart(command: string, error: NodeJS.ErrnoException): CliError {
  const cause = { cause: error };
  if (error.code === 'ENOENT') {
    const fix = command.includes('/') ? 'check the path' : 'check its spelling and the PATH';
    return new CliError('COMMAND_NOT_FOUND', `command not found: ${command}; ${fix}`, cause);
  }
  return new CliError('COMMAND_NOT_EXECUTABLE', `cannot start ${command} (${error.code ?? error.message})`, cause);
}
