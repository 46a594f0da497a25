import { startLocalKms } from '@cdk-keysmith/local-kms';
import { type Command, Option } from 'commander';
import { addSourceOptions, callerOf, type SourceOptions } from '../caller.ts';
import { environmentOfCommand } from '../environment.ts';
import type { Io } from '../io.ts';
import { given } from '../options.ts';
import { runProcess } from '../process.ts';
import { callOf, type Outcome } from '../render/call.ts';
import { namesOf } from '../render/names.ts';
import { renderSummary } from '../render/summary.ts';
import { coloursFor, columnsOf, printable } from '../render/terminal.ts';
import {
  addLocalKmsOptions,
  localKmsOptions,
  type SharedOptions,
  stateOptionsOf,
  withoutMissingApp,
} from '../shared-options.ts';
import { createTally } from '../tally.ts';

/** `keysmith run`: one command as one principal of the app, against a local KMS that lives as long as the command. */
export function addRun(command: Command, io: Io, exit: (code: number) => void): void {
  command
    .usage('--as <name> [options] -- <command...>')
    .argument('<command...>', 'What to run, with arguments of its own')
    .requiredOption(
      '--as <name>',
      'Whose credentials the command gets: a role, user or AWS service, or a function or container, with its environment',
      given,
    )
    .addOption(new Option('--explain', 'Tell every call afterwards, the allowed ones too').conflicts('quiet'))
    .option('--quiet', 'Tell nothing afterwards');
  addSourceOptions(command);
  addLocalKmsOptions(command)
    .passThroughOptions()
    .addHelpText('after', EXAMPLES)
    .action(async (words: [string, ...string[]], options: RunOptions, self: Command) =>
      exit(await runAs(words, withoutMissingApp(options, self), io)),
    );
}

const EXAMPLES = `
Examples:
  keysmith run --as Writer -- node seal.mjs  Run seal.mjs as Writer
  keysmith run --as sns.amazonaws.com -- node seal.mjs  As a service`;

interface RunOptions extends SharedOptions, SourceOptions {
  readonly as: string;
  readonly explain?: boolean;
  readonly quiet?: boolean;
}

async function runAs(
  [command, ...args]: readonly [string, ...string[]],
  {
    as,
    sourceArn,
    sourceAccount,
    explain = false,
    quiet = false,
    ...options
  }: ReturnType<typeof withoutMissingApp<RunOptions>>,
  io: Io,
): Promise<number> {
  const caller = callerOf(as, sourceArn, sourceAccount);
  const tally = createTally(({ outcome }) => explain || REFUSED.has(outcome));
  const kms = await startLocalKms({
    ...localKmsOptions(options),
    ...stateOptionsOf(options, io),
    onEvent: (event) => tally.add(callOf(event)),
  });
  try {
    // Keys of before that are not what app or seed say now; whoever starts afresh has what can be had.
    if (!quiet && kms.state?.isNew === false) {
      for (const problem of kms.problems) io.stderr.write(`keysmith: ${printable(problem)}\n`);
    }
    const code = await runProcess(command, args, environmentOfCommand(io.env, kms.environmentFor(caller)), io);
    if (!quiet) {
      const style = { colours: coloursFor(io.stderr, io.env), columns: columnsOf(io.stderr) };
      io.stderr.write(renderSummary(tally, namesOf(kms), style));
    }
    return code;
  } finally {
    await kms.close();
  }
}

/** What is told without being asked for. */
const REFUSED: ReadonlySet<Outcome> = new Set(['denied', 'would be denied']);
