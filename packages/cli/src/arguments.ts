import { parseArgs } from 'node:util';
import type { Command, Invocation } from './command.ts';
import { usageError } from './errors.ts';
import { OptionProblem, type Options } from './options.ts';
import { suggestion } from './suggest.ts';

/** What one command line asks for: the command's help, or a run of it. */
export type Request = { readonly help: true } | { readonly help: false; readonly invocation: Invocation<Options> };

/**
 * Reads the words after a command's name.
 *
 * @throws {@link CliError} `USAGE` with every problem at once: unknown options (with a suggestion), missing and
 * impossible values, too many arguments.
 */
export function readArguments(command: Command, words: readonly string[]): Request {
  const given = split(command.options, words);
  if (given.help) {
    return { help: true };
  }
  // After an unknown option nobody knows which words are arguments and which its value.
  const problems = given.problems.length > 0 ? [...given.problems] : surplus(command, given);
  const options = readOptions(command.options, given.values, problems);
  if (problems.length > 0) {
    throw usageError(problems, `keysmith ${command.name} --help`);
  }
  return { help: false, invocation: { options, positionals: given.positionals, rest: given.rest } };
}

interface Given {
  readonly help: boolean;
  /** The texts of each option that was given; a flag has one empty text each time. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly positionals: readonly string[];
  readonly rest: readonly string[] | undefined;
  readonly problems: readonly string[];
}

/** Node splits the words; it is not left to judge them, because it would stop at the first problem. */
function split(options: Options, words: readonly string[]): Given {
  const { tokens } = parseArgs({
    args: [...words],
    options: {
      help: { type: 'boolean', short: 'h' },
      ...Object.fromEntries(
        Object.entries(options).map(([name, { takes }]) => [name, { type: takes === 'value' ? 'string' : 'boolean' }]),
      ),
    },
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const end = tokens.find((token) => token.kind === 'option-terminator');
  const own = tokens.filter((token) => end === undefined || token.index < end.index);
  const values = new Map<string, string[]>();
  const problems: string[] = [];
  for (const token of own) {
    if (token.kind === 'option' && token.name !== 'help') {
      const problem = problemOf(token, options);
      const texts = values.get(token.name) ?? [];
      values.set(token.name, problem === undefined ? [...texts, token.value ?? ''] : texts);
      problems.push(...(problem === undefined ? [] : [problem]));
    }
  }
  return {
    help: own.some((token) => token.kind === 'option' && token.name === 'help'),
    values,
    positionals: own.flatMap((token) => (token.kind === 'positional' ? [token.value] : [])),
    rest: end === undefined ? undefined : words.slice(end.index + 1),
    problems,
  };
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function problemOf({ name, rawName, value, inlineValue }: OptionToken, options: Options): string | undefined {
  const option = Object.hasOwn(options, name) ? options[name] : undefined;
  if (option === undefined) {
    return `unknown option "${rawName}"${suggestion(name, [...Object.keys(options), 'help'], '--')}`;
  }
  if (option.takes === 'nothing') {
    return value === undefined ? undefined : `--${name} takes no value`;
  }
  // Whoever forgets a value goes on with the next option, which must not be taken for the value.
  const forgotten = !value || (!inlineValue && value.startsWith('--'));
  return forgotten ? `--${name} needs a value` : undefined;
}

function surplus(command: Command, { positionals, rest }: Given): string[] {
  const hint = command.takesRest && rest === undefined ? ' (the command to run comes after "--")' : '';
  const extra = positionals.slice(command.maxPositionals).map((word) => `unexpected argument "${word}"${hint}`);
  return rest !== undefined && !command.takesRest ? [...extra, '"--" has no meaning here'] : extra;
}

function readOptions(options: Options, given: Given['values'], problems: string[]): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(options)) {
    const texts = given.get(name);
    if (texts?.length === 0) {
      continue; // given without its value, which was told already
    }
    try {
      values[name] = option.read(name, texts ?? []);
    } catch (error) {
      if (!(error instanceof OptionProblem)) {
        throw error;
      }
      problems.push(error.message);
    }
  }
  return values;
}
