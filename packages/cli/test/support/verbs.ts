import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { type Running, untilPrinted } from './running.ts';
import { type Script, type Step, wordsOf } from './script.ts';

const FIXTURES = join(__dirname, '..', 'fixtures');

/** A script that is being played. */
export interface Play {
  readonly script: Script;
  readonly keysmith: string;
  /** The working directory of the commands. */
  readonly folder: string;
  readonly env: Record<string, string>;
  readonly work: string;
  readonly start: (words: readonly string[], env: Readonly<Record<string, string>>, input?: string) => Running;
  background: Running | undefined;
  /** The last command that ended. */
  last: Running | undefined;
}

/** Without what the machine's own settings would add. */
const GIT_ENVIRONMENT = {
  PATH: process.env['PATH'],
  GIT_CONFIG_GLOBAL: devNull,
  GIT_CONFIG_SYSTEM: devNull,
  ...Object.fromEntries(
    ['AUTHOR', 'COMMITTER'].flatMap((who) => [
      [`GIT_${who}_NAME`, 'Keysmith'],
      [`GIT_${who}_EMAIL`, 'keysmith@example.com'],
    ]),
  ),
};

type Verb = (step: Step, play: Play) => void | Promise<void>;

/** What each verb of the scripts does. */
export const VERBS: Readonly<Record<string, Verb>> = {
  keysmith: async ({ text, negated }, play) => {
    const inBackground = text.endsWith(' &');
    const [command = '', input] = (inBackground ? text.slice(0, -2) : text).split(' < ');
    const running = play.start([play.keysmith, ...wordsOf(command, variables(play))], play.env, input);
    if (inBackground) {
      play.background = running;
    } else {
      await end(running, negated, play);
    }
  },
  call: async ({ text, negated }, play) => {
    const [file = '', ...words] = wordsOf(text, variables(play));
    const env = { ...play.env, ...exportsOf(background(play)) };
    await end(play.start([join(FIXTURES, file), ...words], env), negated, play);
  },
  git: ({ text }, play) => {
    execFileSync('git', wordsOf(text, variables(play)), { cwd: play.folder, env: GIT_ENVIRONMENT, stdio: 'ignore' });
  },
  await: async ({ text }, play) => {
    const [stream, ...words] = text.split(' ');
    play.last = background(play);
    await untilPrinted(background(play), stream === 'stderr' ? 'stderr' : 'stdout', words.join(' '));
  },
  exports: (_step, play) => {
    Object.assign(play.env, exportsOf(background(play)));
  },
  kill: async ({ text }, play) => {
    play.last = background(play);
    play.last.process.kill(text as NodeJS.Signals);
    await play.last.ended;
  },
  exit: ({ text }, play) => expect(last(play).process.exitCode).toBe(Number(text)),
  stdout: (step, play) => compare(step, last(play).stdout, play),
  stderr: (step, play) => compare(step, last(play).stderr, play),
  same: ({ text }, { work }) => {
    const [one, other] = text.split(' ').map((name) => readFileSync(join(work, name)));
    expect(one?.equals(other ?? Buffer.alloc(0))).toBe(true);
  },
  exists: ({ text, negated }, { work }) => expect(existsSync(join(work, text))).toBe(!negated),
  env: ({ text }, play) => {
    const [name = '', ...value] = wordsOf(text, variables(play)).join(' ').split('=');
    play.env[name] = value.join('=');
  },
};

async function end(running: Running, negated: boolean, play: Play): Promise<void> {
  play.last = running;
  await running.ended;
  expect(running.process.exitCode === 0).toBe(!negated);
}

function compare({ negated, text }: Step, printed: string, { script }: Play): void {
  const [how, what = ''] = text.split(' ');
  if (text === 'is json') {
    expect(() => JSON.parse(printed)).not.toThrow();
  } else if (how === 'is') {
    expect(printed).toBe(script.files.get(what));
  } else if (how === 'lines') {
    expect(printed.split('\n').length - 1).toBe(Number(what));
  } else if (negated) {
    expect(printed).not.toContain(text);
  } else {
    expect(printed).toContain(text);
  }
}

function last({ last }: Play): Running {
  if (last === undefined) {
    throw new Error('no command was run before');
  }
  return last;
}

function background({ background }: Play): Running {
  if (background === undefined) {
    throw new Error('no command runs in the background');
  }
  return background;
}

function variables({ background, keysmith, env }: Play): Readonly<Record<string, string>> {
  const port = background === undefined ? undefined : /127\.0\.0\.1:(\d+)/.exec(textOf(background))?.[1];
  return {
    FIXTURES,
    ORDERS: join(FIXTURES, 'orders'),
    VAULT: join(FIXTURES, 'vault'),
    KEYSMITH: keysmith,
    ...env,
    NODE: process.execPath,
    ...(port === undefined ? {} : { PORT: port }),
  };
}

function exportsOf(running: Running): Record<string, string> {
  return Object.fromEntries(
    [...textOf(running).matchAll(/^ *export (\w+)='?(.*?)'?$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
}

function textOf({ stdout, stderr }: Running): string {
  return stdout + stderr;
}
