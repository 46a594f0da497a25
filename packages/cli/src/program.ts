import { readFileSync } from 'node:fs';
import { Command, type CommanderError } from 'commander';
import { COMMANDS } from './commands.ts';
import { CliError } from './errors.ts';
import type { Io } from './io.ts';
import { columnsOf } from './render/terminal.ts';

/**
 * The command line of `keysmith`, made anew for every reading, since it keeps the values that it has read.
 *
 * @param argv - the words that will be read: commands that they do not name have a name and a description only
 * @param exit - gets the exit code of a command that has one of its own
 */
export async function createProgram(argv: readonly string[], io: Io, exit: (code: number) => void): Promise<Command> {
  const program = new Command('keysmith')
    .description('AWS KMS for AWS CDK apps, on your machine.')
    .version(version(), '--version', 'Show the version')
    .helpOption('-h, --help', 'Show this help')
    .helpCommand('help [command]', 'Show the help of a command')
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      // A wrong command line is told where all errors are told.
      outputError: () => {},
      getOutHelpWidth: () => columnsOf(io.stdout),
      getErrHelpWidth: () => columnsOf(io.stderr),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    // Options belong to the command that they follow: those of a program that `run` starts are its own.
    .enablePositionalOptions()
    .addHelpText('after', EXAMPLES);
  for (const { name, description, load } of COMMANDS) {
    const command = program.command(name).description(description);
    if (argv.includes(name)) (await load())(command, io, exit);
  }
  for (const command of withCommandsBelow(program)) {
    command.exitOverride((error) => {
      throw HELP_SHOWN.has(error.code) ? error : usageError(error, command);
    });
  }
  return program;
}

function withCommandsBelow(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withCommandsBelow)];
}

const EXAMPLES = `
Examples:
  keysmith local --port 8200                 Serve the keys of ./cdk.out
  keysmith run --as Writer -- node seal.mjs  Run seal.mjs as Writer
  keysmith access                            Read ./cdk.out
  keysmith diff main:cdk.out                 Compare with what main has
  keysmith message inspect order.msg         Read what a message says
  keysmith doctor Orders                     Ask KMS what is allowed`;

/** Ends of the reading at which everything has been said already. */
const HELP_SHOWN: ReadonlySet<string> = new Set(['commander.help', 'commander.helpDisplayed', 'commander.version']);

function usageError(error: CommanderError, command: Command): CliError {
  const problem = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
  return new CliError('USAGE', `${problem} (see "${pathOf(command)} --help")`, { cause: error });
}

/** The words that a command is called with. */
function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

function version(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return String(version);
}
