// Commands, and steps of the build that are done once and skipped while nothing that they read has changed.

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** What the scripts remember between runs. It goes when node_modules goes, and then all of it is stale. */
export const CACHE = join(ROOT, 'node_modules', '.cache', 'keysmith');

const NOT_SOURCES = new Set(['node_modules', 'dist', 'cdk.out', '.git']);
const WINDOWS = process.platform === 'win32';
const GRACE_MS = 3000;

/** A command that did not exit with 0. `output` is what it said, if that was kept back. */
export class CommandFailed extends Error {
  constructor(command, code, output) {
    super(`"${command}" ended with ${typeof code === 'number' ? `exit code ${code}` : code}`);
    this.exitCode = typeof code === 'number' && code > 0 ? code : 1;
    this.output = output;
  }
}

/**
 * Runs a command in the root folder. `quiet` keeps back what it says: standard output is the result, and all of it is
 * part of the failure.
 */
export function run(command, args, { quiet = false, env = {}, cwd = ROOT } = {}) {
  return new Promise((resolve, reject) => {
    stopChildrenOnSignals();
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
      // A process group of its own, so that a signal reaches what the command itself has started too. Windows has no
      // such groups, and would open a console window.
      detached: !WINDOWS,
      windowsHide: true,
    });
    children.add(child);
    const result = [];
    const everything = [];
    child.stdout?.on('data', (chunk) => {
      result.push(chunk);
      everything.push(chunk);
    });
    child.stderr?.on('data', (chunk) => everything.push(chunk));
    child.on('error', (error) => {
      children.delete(child);
      reject(error);
    });
    child.on('close', (code, signal) => {
      children.delete(child);
      if (code === 0) {
        resolve(Buffer.concat(result).toString());
      } else {
        reject(new CommandFailed([command, ...args].join(' '), code ?? signal, Buffer.concat(everything).toString()));
      }
    });
  });
}

const children = new Set();
let listening = false;
let stopping = false;

/** Once: on Ctrl-C and the like, ends everything that was started, then this process as the signal would have. */
function stopChildrenOnSignals() {
  if (listening) {
    return;
  }
  listening = true;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, async () => {
      const closed = Promise.all([...children].map((child) => new Promise((done) => child.once('close', done))));
      // Whoever asks a second time is not kept waiting.
      kill(stopping ? 'SIGKILL' : signal);
      stopping = true;
      const deadline = setTimeout(() => kill('SIGKILL'), GRACE_MS);
      await closed;
      clearTimeout(deadline);
      process.exit(128 + constants.signals[signal]);
    });
  }
  // The last resort, for example after an exception that nobody caught.
  process.on('exit', () => kill('SIGKILL'));
}

function kill(signal) {
  for (const { pid } of children) {
    if (pid === undefined) {
      continue;
    }
    if (WINDOWS) {
      spawnSync('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore' });
      continue;
    }
    try {
      process.kill(-pid, signal);
    } catch {
      // It has just ended by itself.
    }
  }
}

/** Runs the script of an installed package with this Node.js; no shell, and no wrapper that differs between systems. */
export function tool(script, args, options) {
  return run(process.execPath, [join(ROOT, 'node_modules', script), ...args], options);
}

/** Runs npm: the one that started us, else the one that came with this Node.js, else the one on the path. */
export function npm(args, options) {
  // Windows has npm as a .cmd file, which only a shell could start: the script behind it runs everywhere.
  const home = dirname(process.execPath);
  const script = [
    process.env.npm_execpath ?? '',
    join(home, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(home, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ].find((candidate) => candidate.endsWith('npm-cli.js') && existsSync(candidate));
  return script ? run(process.execPath, [script, ...args], options) : run('npm', args, options);
}

/** Does a step unless its inputs are those of last time and its outputs are there. Says which of the two it was. */
export async function step(name, { inputs, outputs, work }) {
  const stamp = join(CACHE, `${name.replace(/\W+/g, '-')}.sha256`);
  const now = digest(inputs);
  const done = existsSync(stamp) && readFileSync(stamp, 'utf8') === now;
  if (done && outputs.every((output) => existsSync(join(ROOT, output)))) {
    console.log(`${name}: up to date`);
    return;
  }
  const start = performance.now();
  console.log(`${name} …`);
  // A step that fails half-way must not be taken for done when its inputs go back to what they were.
  rmSync(stamp, { force: true });
  await work();
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(stamp, now);
  console.log(`${name}: done in ${seconds(start)}`);
}

/** The time since `start`, in words. */
export const seconds = (start) => `${((performance.now() - start) / 1000).toFixed(1)} s`;

/** One digest over the contents of files and folders. */
function digest(inputs) {
  const hash = createHash('sha256').update(process.versions.node.split('.')[0]);
  for (const file of inputs.flatMap((input) => filesBelow(join(ROOT, input)))) {
    hash.update(`\0${file}\0`).update(readFileSync(file));
  }
  return hash.digest('hex');
}

/** Every file at or below a path, without what is installed or built; in an order that is the same everywhere. */
export function filesBelow(path) {
  if (!existsSync(path)) {
    return [];
  }
  if (statSync(path).isFile()) {
    return [path];
  }
  return readdirSync(path)
    .filter((entry) => !NOT_SOURCES.has(entry))
    .sort()
    .flatMap((entry) => filesBelow(join(path, entry)));
}

/** Runs a script's main function; a failure is what the command said, one line, and an exit code. */
export async function main(body) {
  try {
    await body();
  } catch (error) {
    if (error instanceof CommandFailed && error.output) {
      process.stderr.write(error.output.endsWith('\n') ? error.output : `${error.output}\n`);
    }
    console.error(`keysmith: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = error instanceof CommandFailed ? error.exitCode : 1;
  }
}
