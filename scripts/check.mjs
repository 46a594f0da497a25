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
  const failed = await runAll(checks);
  console.log(`checks: ${checks.length - failed.length} passed, ${failed.length} failed in ${seconds(start)}`);
  if (failed.length > 0) {
    console.log(`again only these: npm run check -- ${failed.join(' ')}`);
    process.exitCode = 1;
  }
});

/** Runs the checks, as many at once as there is room for, and returns the names of those that failed. */
async function runAll(checks) {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const builds = new Map();
  const waiting = [...checks];
  const failed = [];
  const lane = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const { problems, time } = await outcome(check, builds);
      const ok = problems.length === 0;
      console.log(`${ok ? 'ok  ' : 'FAIL'}  ${check.name.padEnd(width)}  ${time}`);
      if (!ok) {
        console.log(problems.map((problem) => `      ${problem.trimEnd().replaceAll('\n', '\n      ')}`).join('\n'));
        failed.push(check.name);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return failed;
}

/** The problems that a check found. What it cannot do without is built first, once for all; failing at that fails it. */
async function outcome({ needs = [], load }, builds) {
  let start = performance.now();
  let problems;
  try {
    for (const build of needs) {
      if (!builds.has(build)) {
        builds.set(build, build());
      }
      await builds.get(build);
    }
    start = performance.now();
    const { check } = await load();
    problems = await check();
  } catch (error) {
    problems = [explain(error)];
  }
  return { problems, time: seconds(start).padStart(6) };
}

/** What a failed command said speaks for itself; where it went straight to the terminal, its name has to do. */
function explain(error) {
  if (error instanceof CommandFailed) {
    return error.output?.trim() ? error.output : error.message;
  }
  return String(error.stack ?? error);
}
