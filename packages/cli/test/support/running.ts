import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';

const PATIENCE_MS = 120_000;

/** A process of its own, as a user's shell would start it. */
export interface Running {
  readonly process: ChildProcess;
  readonly stdout: string;
  readonly stderr: string;
  /** Resolves when it has ended and everything that it printed was read. */
  readonly ended: Promise<void>;
}

/**
 * Starts Node.js with a script and nothing in its environment but the PATH and what is given.
 * @param input - file that is its standard input; nothing comes in without one
 */
export function start(
  words: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
  input?: string,
): Running {
  const stdin = input === undefined ? 'ignore' : openSync(join(cwd, input), 'r');
  const child = spawn(process.execPath, words, {
    cwd,
    env: { PATH: process.env['PATH'], ...env },
    stdio: [stdin, 'pipe', 'pipe'],
    timeout: PATIENCE_MS,
  });
  if (typeof stdin === 'number') closeSync(stdin);
  const text = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (chunk: string) => {
      text[stream] += chunk;
    });
  }
  return {
    process: child,
    get stdout() {
      return text.stdout;
    },
    get stderr() {
      return text.stderr;
    },
    ended: new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', () => resolve());
    }),
  };
}

/** Waits until the process has printed some text, or has ended without it. */
export async function untilPrinted(running: Running, stream: 'stdout' | 'stderr', text: string): Promise<void> {
  const { process } = running;
  while (!running[stream].includes(text) && process.exitCode === null && process.signalCode === null) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(running[stream]).toContain(text);
}
