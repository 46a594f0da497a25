import type { Io } from './io.ts';
import type { Options, ValuesOf } from './options.ts';

/** What the command line gave to one command, its options read. */
export interface Invocation<O extends Options> {
  readonly options: ValuesOf<O>;
  readonly positionals: readonly string[];
  /** What followed `--`; undefined when there was no `--`. */
  readonly rest: readonly string[] | undefined;
}

/** One command of `keysmith`: how it is written, how it is explained, what it does. */
export interface Command<O extends Options = Options> {
  readonly name: string;
  /** How it is written after its name, e.g. `[cdk.out] [options]`. */
  readonly synopsis: string;
  /** One line for the list of commands. */
  readonly describe: string;
  /** How many positional arguments it takes at most. */
  readonly maxPositionals: number;
  /** Whether a command to run follows after `--`. */
  readonly takesRest: boolean;
  readonly options: O;
  readonly examples: readonly Example[];
  /** Resolves to the exit code. A method, so that commands with options of their own fit into one table. */
  run(invocation: Invocation<O>, io: Io): Promise<number>;
}

export interface Example {
  readonly line: string;
  readonly describe: string;
}

/** Lets the compiler infer the options' types; what it returns is what it got. */
export function defineCommand<const O extends Options>(command: Command<O>): Command<O> {
  return command;
}
