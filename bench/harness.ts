// Compares ways to do the same thing within one process: case after case, round after round, so that whatever else the
// machine does hits all of them alike. What a benchmark shows is the ratio; times are those of one machine.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { operationsFor, type Sample, type Summary, summarize } from './statistics.ts';

/** One operation. What it returns is kept from being optimised away; a promise is waited for. */
export type Case = () => unknown;

/** What is compared, and for how long. */
export interface BenchOptions<Name extends string> {
  /** The cases by name. */
  readonly cases: Readonly<Record<Name, Case>>;
  /** The case that the others are compared with. */
  readonly baseline: NoInfer<Name>;
  /** Rounds in which every case runs once. Range 3 to 1,000; default 15. */
  readonly rounds?: number;
  /** How long a case runs in a round, in milliseconds. Range 1 to 10,000; default 50. */
  readonly roundMillis?: number;
}

const RESULTS = join(import.meta.dirname, '..', 'bench-results');
const WARM_UP_ROUNDS = 3;

// Benchmarks of one file run one after another, whether or not the file waits for them.
let queue: Promise<unknown> = Promise.resolve();

/**
 * Runs a benchmark, prints its table and writes `bench-results/<title>.json`.
 *
 * @param title - what is compared; also names the file of the results
 * @throws RangeError when rounds or roundMillis are out of range, or when the baseline is no case
 */
export function bench<Name extends string>(title: string, options: BenchOptions<Name>): Promise<readonly Summary[]> {
  const result = queue.then(() => compare(title, options));
  // A failure is the caller's, or ends the process as an unhandled rejection; the next benchmark runs all the same.
  queue = result.catch(() => undefined);
  return result;
}

async function compare<Name extends string>(title: string, options: BenchOptions<Name>): Promise<readonly Summary[]> {
  const { cases, baseline, rounds = 15, roundMillis = 50 } = options;
  checkRange('rounds', rounds, 3, 1000);
  checkRange('roundMillis', roundMillis, 1, 10_000);
  const all = Object.entries<Case>(cases).map(([name, run]) => ({ name, run, operations: 1, samples: [] as Sample[] }));
  const base = all.find(({ name }) => name === baseline);
  if (!base) {
    throw new RangeError(`baseline "${baseline}" is no case of "${title}": ${all.map(({ name }) => name).join(', ')}`);
  }
  for (const one of all) {
    one.operations = await calibrate(one.run, roundMillis * 1000);
  }
  for (let round = 0; round < rounds; round += 1) {
    // Another case begins each round, so that none always runs in what the same one left behind.
    for (let turn = 0; turn < all.length; turn += 1) {
      const one = all[(round + turn) % all.length];
      one?.samples.push(await measure(one.run, one.operations));
    }
  }
  const summaries = all.map(({ name, samples }) => summarize(name, samples, base.samples));
  console.log(`${title}\n${tableOf(summaries, baseline)}\n`);
  save(title, baseline, summaries);
  return summaries;
}

/** Warms a case up until it is compiled, and finds how many operations fill a round. */
async function calibrate(run: Case, roundMicros: number): Promise<number> {
  let operations = 1;
  for (let warm = 0; warm < WARM_UP_ROUNDS; ) {
    const { wallMicros } = await measure(run, operations);
    // A trial much shorter than a round says little: make it longer, in steps, since the first ones are the slowest.
    if (wallMicros >= roundMicros / 2) {
      warm += 1;
      operations = operationsFor(roundMicros, operations, wallMicros);
    } else {
      operations = Math.min(operations * 10, operationsFor(roundMicros, operations, wallMicros));
    }
  }
  return operations;
}

/** What the last operation returned. Exported, so that no optimisation may take it for unused. */
export let sink: unknown;

// Every case pays for its own garbage and for no other's. Left alone, keys and ciphers that one case has dropped are freed
// in the turn of whichever fills the heap next: that of who makes more JavaScript objects, and not more of these.
setFlagsFromString('--expose-gc');
const collectYoung: () => void = runInNewContext("() => gc({ type: 'minor' })");

async function measure(run: Case, operations: number): Promise<Sample> {
  collectYoung();
  const wall = process.hrtime.bigint();
  const cpu = process.cpuUsage();
  for (let operation = 0; operation < operations; operation += 1) {
    const result = run();
    // Waiting for what is no promise costs more than many an operation.
    sink = result instanceof Promise ? await result : result;
  }
  collectYoung();
  const { user, system } = process.cpuUsage(cpu);
  return { operations, cpuMicros: user + system, wallMicros: Number(process.hrtime.bigint() - wall) / 1000 };
}

/** The summaries as an aligned table: text to the left, numbers to the right. */
function tableOf(summaries: readonly Summary[], baseline: string): string {
  const head = ['case', 'cpu µs/op', '± MAD', 'wall µs/op', '± MAD', 'ops/s', 'cpu ratio'];
  const rows = summaries.map((summary) => [
    summary.name,
    micros(summary.cpuMicros),
    micros(summary.cpuMad),
    micros(summary.wallMicros),
    micros(summary.wallMad),
    Math.round(summary.operationsPerSecond).toLocaleString('en'),
    summary.name === baseline ? 'baseline' : `${summary.ratio.toFixed(2)} x`,
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, column) => pad(cell, column, widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `  ${line}`)
    .join('\n');
}

function pad(cell: string, column: number, width: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}

function micros(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

function save(title: string, baseline: string, summaries: readonly Summary[]): void {
  const { node, v8, openssl } = process.versions;
  const machine = { node, v8, openssl, platform: process.platform, arch: process.arch };
  const file = join(RESULTS, `${title.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.json`);
  mkdirSync(RESULTS, { recursive: true });
  const result = { title, date: new Date().toISOString(), ...machine, baseline, cases: summaries };
  writeFileSync(file, `${JSON.stringify(result, undefined, 2)}\n`);
}

function checkRange(name: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new RangeError(`${name} is ${value}; it is an integer from ${min} to ${max}`);
  }
}
