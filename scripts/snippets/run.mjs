// Runs the programs of the documentation, each in a process of its own, and compares what they print.

import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { CACHE, ROOT } from '../lib/work.mjs';

/** Variables of this machine that no program may see. */
const WITHHELD = /^(AWS_|KEYSMITH_|CDK_|JEST_|NODE_OPTIONS$)/;

const QUIET = {
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  AWS_EC2_METADATA_DISABLED: 'true',
  // Takes seconds for each app, and another test has it on.
  CDK_VALIDATION: 'false',
  NO_COLOR: '1',
  TZ: 'UTC',
};

/**
 * Runs the programs of some pages, those of one page in their order and in one folder, as somebody would who follows the
 * page. The folder has the `cdk.out` of the example in `bin/`, if the page mentions it.
 * @param patience - milliseconds that a program may take
 * @returns `{ file, module, printed, differs, problem }` for every program: what it printed, unless it failed; whether that
 * is something else than the page says; and what is wrong, if that is so, if it failed, or wrote to standard error
 */
export async function runPages(pages, patience = 60_000) {
  mkdirSync(CACHE, { recursive: true });
  // Inside of node_modules, so that a program imports what a user's file would import.
  const scratch = mkdtempSync(join(CACHE, 'programs-'));
  const remove = () => rmSync(scratch, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    mkdirSync(join(scratch, 'node_modules'));
    writeFileSync(join(scratch, 'package.json'), '{ "type": "module" }\n');
    // The root is not installed in its own node_modules, as it would be at a user's.
    symlinkSync(ROOT, join(scratch, 'node_modules', 'cdk-keysmith'), 'junction');
    const laidOut = pages.map((page) => layOut(page, scratch));
    const broken = await compile(laidOut.flat(), scratch);
    return await inLanes(laidOut, (programs) => runInOrder(programs, broken, patience));
  } finally {
    process.off('exit', remove);
    remove();
  }
}

/** Writes what is on a page to a folder of its own; its programs. */
function layOut({ file, modules }, scratch) {
  const folder = join(scratch, file.replace(/\W+/g, '-'));
  mkdirSync(folder);
  for (const { name, code } of modules) {
    writeFileSync(join(folder, name), code);
  }
  const example = join(ROOT, 'cdk.out');
  if (modules.some(({ code }) => code.includes('cdk.out')) && existsSync(example)) {
    cpSync(example, join(folder, 'cdk.out'), { recursive: true });
  }
  return modules.filter(({ output }) => output !== undefined).map((module) => ({ file, module, folder }));
}

/**
 * Bundles all programs at once, as functions are bundled: what several of them import is put into files that they share, so
 * that a process starts in half the time. The CDK, and what is no ES module, is imported from where it is installed.
 * @returns what is wrong, by the folder of the page; those programs have no bundle
 */
async function compile(programs, scratch, broken = new Map()) {
  const sound = programs.filter(({ folder }) => !broken.has(folder));
  try {
    await build({
      entryPoints: sound.map(({ folder, module }) => join(folder, module.name)),
      outbase: scratch,
      outdir: scratch,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      splitting: true,
      // What has binaries looks for them beside itself.
      external: ['aws-cdk-lib', 'cdk-keysmith', 'cdk-nag', '@aws-crypto/client-node', 'classic-level'],
      mainFields: ['module', 'main'],
      platform: 'node',
      format: 'esm',
      target: 'node20',
      keepNames: true,
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
      logLevel: 'silent',
    });
    return broken;
  } catch (error) {
    const before = broken.size;
    for (const { location, text } of error.errors ?? []) {
      const program = sound.find(({ folder }) => resolve(location?.file ?? '').startsWith(folder + sep));
      if (program !== undefined) {
        broken.set(program.folder, `${text} (line ${location.line})`);
      }
    }
    if (broken.size === before) {
      throw error;
    }
    return compile(programs, scratch, broken);
  }
}

/** Works on as many pages at once as there are processors, beginning with the longest. */
async function inLanes(laidOut, work) {
  const waiting = [...laidOut].sort((a, b) => b.length - a.length);
  const outcomes = [];
  const lane = async () => {
    for (let programs = waiting.shift(); programs; programs = waiting.shift()) {
      outcomes.push(...(await work(programs)));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  return outcomes;
}

async function runInOrder(programs, broken, patience) {
  const outcomes = [];
  for (const { file, module, folder } of programs) {
    const why = broken.get(folder);
    const outcome = why === undefined ? await runProgram(module, folder, patience) : { problem: `fails: ${why}` };
    outcomes.push({ file, module, ...outcome });
  }
  return outcomes;
}

/** What {@link runPages} says about a program. */
async function runProgram({ name, output }, folder, patience) {
  const kept = Object.entries(process.env).filter(([variable]) => !WITHHELD.test(variable));
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [name.replace(/\.ts$/, '.mjs')], {
      cwd: folder,
      env: { ...Object.fromEntries(kept), ...QUIET },
      timeout: patience,
      maxBuffer: 16 * 1024 * 1024,
    });
    if (stderr !== '') {
      return { printed: stdout, problem: `writes to standard error:\n${stderr}` };
    }
    const expected = output.text === '' ? '' : `${output.text}\n`;
    return stdout === expected
      ? { printed: stdout }
      : { printed: stdout, differs: true, problem: difference(expected, stdout) };
  } catch (error) {
    const why = error.killed
      ? `is not done after ${patience / 1000} seconds`
      : `fails: ${error.stderr || error.message}`;
    return { problem: error.stdout ? `${why}\nafter it printed:\n${error.stdout}` : why };
  }
}

/** The first line that differs, and all that was printed. */
function difference(expected, printed) {
  const [wanted, found] = [expected.split('\n'), printed.split('\n')];
  const at = found.findIndex((line, index) => line !== wanted[index]);
  return `prints something else than the page says, first in line ${at + 1}: ${found[at]}\nall of it:\n${printed}`;
}
