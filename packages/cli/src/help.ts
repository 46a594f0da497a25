import type { Command, Example } from './command.ts';
import type { Option } from './options.ts';
import { grid } from './render/grid.ts';

const HELP: readonly [string, string] = ['--help', 'Show this help'];
const GAPS = 4;

/** The help of one command: usage, options with their defaults, examples. */
export function helpOfCommand(command: Command, columns: number): string {
  return [
    `keysmith ${command.name} ${command.synopsis}`,
    `${command.describe}.`,
    section('Options', [...Object.entries(command.options).map(optionRow), HELP], columns),
    section('Examples', command.examples.map(exampleRow), columns),
  ].join('\n\n');
}

/** The help of the whole program: its commands and an example of each. */
export function helpOfProgram(commands: readonly Command[], columns: number): string {
  const examples = commands.flatMap((command) => command.examples.slice(0, 1));
  return [
    'keysmith <command> [options]',
    'AWS KMS for AWS CDK apps, on your machine.',
    section(
      'Commands',
      commands.map(({ name, describe }): Row => [name, describe]),
      columns,
    ),
    section('Options', [HELP, ['--version', 'Show the version']], columns),
    section('Examples', examples.map(exampleRow), columns),
    '"keysmith <command> --help" explains the options of a command.',
  ].join('\n\n');
}

type Row = readonly [string, string];

function optionRow([name, option]: readonly [string, Option<unknown>]): Row {
  const preset = option.default === undefined ? '' : ` (default: ${option.default})`;
  return [
    option.takes === 'value' ? `--${name} <${option.placeholder ?? name}>` : `--${name}`,
    option.describe + preset,
  ];
}

function exampleRow({ line, describe }: Example): Row {
  return [line, describe];
}

function section(title: string, rows: readonly Row[], columns: number): string {
  const first = Math.max(...rows.map(([left]) => left.length));
  return `${title}:\n${grid(rows, [first, columns - first - GAPS])}`;
}
