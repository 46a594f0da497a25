import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { installKeysmith } from './support/installation.ts';
import { type Running, start } from './support/running.ts';
import { readScript, type Script, type Step } from './support/script.ts';
import { type Play, VERBS } from './support/verbs.ts';

const SCRIPTS = join(__dirname, 'scripts');
const TIMEOUT_MS = 180_000;

describe('keysmith on the command line', () => {
  // Not in beforeAll: concurrent tests begin before it, and they are concurrent since they mostly wait for processes.
  const installed = installKeysmith();
  afterAll(async () => (await installed).remove());

  for (const file of readdirSync(SCRIPTS)) {
    const script = readScript(join(SCRIPTS, file));
    test.concurrent(`${file}: ${script.title}`, async () => play(script, (await installed).executable), TIMEOUT_MS);
  }

  test.concurrent('check found something, whether or not anybody reads what', async () => {
    const words = ['check', join(__dirname, 'fixtures', 'findings', 'Orders.template.json')];
    const running = start([(await installed).executable, ...words], __dirname, {});
    running.process.stdout?.destroy();
    await running.ended;
    expect([running.process.exitCode, running.stderr]).toEqual([3, '']);
  });

  test.concurrent('access has failed when its output went to a full disk', async () => {
    const { executable } = await installed;
    const words = ['-c', 'exec "$@" > /dev/full', 'sh', process.execPath, executable, 'access'];
    const ended = await promisify(execFile)('sh', [...words, join(__dirname, 'fixtures', 'orders')]).catch(
      ({ code, stderr }) => ({ code, stderr }),
    );
    expect(ended).toEqual({ code: 1, stderr: 'keysmith: cannot write to the standard output: no space left\n' });
  });
});

async function play(script: Script, keysmith: string): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'keysmith-'));
  const started: Running[] = [];
  const state: Play = {
    script,
    keysmith,
    folder: work,
    env: {},
    work,
    start: (words, env, input) => {
      const running = start(words, work, env, input);
      started.push(running);
      return running;
    },
    background: undefined,
    last: undefined,
  };
  try {
    for (const [name, text] of script.files) {
      writeFileSync(join(work, name), text);
    }
    for (const step of script.steps) {
      await act(step, state);
    }
  } finally {
    for (const { process } of started) {
      process.kill('SIGKILL');
    }
    await Promise.all(started.map(({ ended }) => ended));
    rmSync(work, { recursive: true });
  }
}

async function act(step: Step, state: Play): Promise<void> {
  const verb = VERBS[step.verb];
  if (verb === undefined) {
    throw new Error(`line ${step.line}: "${step.verb}" is no verb of these scripts`);
  }
  try {
    await verb(step, state);
  } catch (error) {
    const { stdout = '', stderr = '' } = state.last ?? {};
    const seen = `--- stdout\n${stdout}\n--- stderr\n${stderr}`;
    throw new Error(`line ${step.line}: ${step.verb} ${step.text}\n${error}\n${seen}`, { cause: error });
  }
}
