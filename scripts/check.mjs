// npm run check: everything about the repository that must hold besides its tests. Arguments name single checks.

import { CHECKS } from './checks/index.mjs';
import { install } from './lib/steps.mjs';
import { CommandFailed, main, seconds } from './lib/work.mjs';

const AT_ONCE = 2;

main(async () => {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !CHECKS.some((check) => check.name === name));
  if (unknown.length > 0) {
    throw new Error(`no check is called ${unknown.join(', ')}; there are ${CHECKS.map(({ name }) => name).join(', ')}`);
  }
  const start = performance.now();
  await install();
  const checks = CHECKS.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  const { failed, skipped } = await runAll(checks, wanted.length > 0);
  const counts = [`${checks.length - failed.length} passed`, `${failed.length} failed`];
  if (skipped.length > 0) {
    counts.push(`${skipped.length} skipped in part`);
  }
  console.log(`checks: ${counts.join(', ')} in ${seconds(start)}`);
  if (failed.length > 0) {
    console.log(`again only these: npm run check -- ${failed.join(' ')}`);
    process.exitCode = 1;
  }
});

/**
 * Runs the checks, as many at once as there is room for, and returns the names of those that failed, and of those that
 * did not try everything.
 */
async function runAll(checks, named) {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const builds = new Map();
  const waiting = [...checks];
  const [failed, skipped] = [[], []];
  const lane = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const { problems, notes, skips, time } = await outcome(check, builds, named);
      const ok = problems.length === 0;
      console.log(`${ok ? 'ok  ' : 'FAIL'}  ${check.name.padEnd(width)}  ${time}`);
      for (const text of [...notes, ...skips.map((skip) => `SKIPPED ${skip}`), ...problems]) {
        console.log(`      ${text.trimEnd().replaceAll('\n', '\n      ')}`);
      }
      if (!ok) {
        failed.push(check.name);
      }
      if (skips.length > 0) {
        skipped.push(check.name);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return { failed, skipped };
}

/** The problems that a check found. What it cannot do without is built first, once for all; failing at that fails it. */
async function outcome({ needs = [], load }, builds, named) {
  let start = performance.now();
  let problems;
  const [notes, skips] = [[], []];
  try {
    for (const build of needs) {
      if (!builds.has(build)) {
        builds.set(build, build());
      }
      await builds.get(build);
    }
    start = performance.now();
    const { check } = await load();
    problems = await check({ named, note: (text) => notes.push(text), skip: (text) => skips.push(text) });
  } catch (error) {
    problems = [explain(error)];
  }
  return { problems, notes, skips, time: seconds(start).padStart(6) };
}

/** What a failed command said speaks for itself; where it went straight to the terminal, its name has to do. */
function explain(error) {
  if (error instanceof CommandFailed) {
    return error.output?.trim() ? error.output : error.message;
  }
  return String(error.stack ?? error);
}
