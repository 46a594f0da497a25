// Options of the command line as data: how each is shown in the help, and how its text becomes a value.

/** Why a value is not acceptable: names the option, the wrong value and what is allowed. */
export class OptionProblem extends Error {}

/** One option. `read` gets the texts that the command line had for it, none when it was left out. */
export interface Option<T> {
  readonly takes: 'nothing' | 'value';
  readonly describe: string;
  /** What stands for the value in the help; the option's own name unless given. */
  readonly placeholder?: string;
  /** Shown in the help; `read` applies it. */
  readonly default?: string;
  read(name: string, texts: readonly string[]): T;
}

export type Options = Readonly<Record<string, Option<unknown>>>;
export type ValuesOf<O extends Options> = { readonly [N in keyof O]: O[N] extends Option<infer T> ? T : never };

/** True when given. */
export function flag(describe: string): Option<boolean> {
  return { takes: 'nothing', describe, read: (_name, given) => given.length > 0 };
}

export function text(describe: string): Option<string | undefined> {
  return { takes: 'value', describe, read: single };
}

export function textOr(preset: string, describe: string): Option<string> {
  return { takes: 'value', describe, default: preset, read: (name, texts) => single(name, texts) ?? preset };
}

/** May be given several times. */
export function texts(describe: string): Option<readonly string[]> {
  return { takes: 'value', describe, read: (_name, given) => given };
}

export function required(describe: string): Option<string> {
  return {
    takes: 'value',
    describe,
    read: (name, given) => {
      const value = single(name, given);
      if (value === undefined) {
        throw new OptionProblem(`--${name} is missing`);
      }
      return value;
    },
  };
}

export function choice<const C extends readonly [string, ...string[]]>(
  choices: C,
  describe: string,
): Option<C[number]> {
  return {
    takes: 'value',
    describe: `${describe}: ${choices.join(', ')}`,
    default: choices[0],
    read: (name, given) => {
      const value = single(name, given) ?? choices[0];
      if (!choices.includes(value)) {
        throw new OptionProblem(`--${name} must be one of ${choices.join(', ')}, not "${value}"`);
      }
      return value;
    },
  };
}

export function port(describe: string): Option<number | undefined> {
  return {
    takes: 'value',
    describe,
    read: (name, given) => {
      const value = single(name, given);
      if (value !== undefined && !(/^\d{1,5}$/.test(value) && Number(value) <= MAX_PORT)) {
        throw new OptionProblem(
          `--${name} must be a whole number from 0 (any free port) to ${MAX_PORT}, not "${value}"`,
        );
      }
      return value === undefined ? undefined : Number(value);
    },
  };
}

const MAX_PORT = 65535;

function single(name: string, given: readonly string[]): string | undefined {
  if (given.length > 1) {
    throw new OptionProblem(`--${name} is given ${given.length} times, and may be given once`);
  }
  return given[0];
}
