import { startLocalKms } from '@cdk-keysmith/local-kms';
import { defineCommand } from '../command.ts';
import { environmentOfCommand } from '../environment.ts';
import { usageError } from '../errors.ts';
import { flag, required } from '../options.ts';
import { runProcess } from '../process.ts';
import { callOf, type Outcome } from '../render/call.ts';
import { namesOf } from '../render/names.ts';
import { renderSummary } from '../render/summary.ts';
import { coloursFor, columnsOf } from '../render/terminal.ts';
import { LOCAL_KMS_OPTIONS, localKmsOptions } from '../shared-options.ts';
import { createTally } from '../tally.ts';

/** `keysmith run`: one command as one principal of the app, against a local KMS that lives as long as the command. */
export const run = defineCommand({
  name: 'run',
  synopsis: '--as <role or function> [options] -- <command ...>',
  describe: 'Run a command as a role or function of the app, against a local KMS',
  maxPositionals: 0,
  takesRest: true,
  options: {
    as: required('Whose credentials the command gets; a function brings its environment along'),
    explain: flag('Tell every call afterwards, the allowed ones too'),
    quiet: flag('Tell nothing afterwards'),
    ...LOCAL_KMS_OPTIONS,
  },
  examples: [{ line: 'keysmith run --as Writer -- node seal.mjs', describe: 'Run seal.mjs as the function Writer' }],
  async run({ options: { as, explain, quiet, ...options }, rest = [] }, io) {
    const [command, ...args] = rest;
    if (command === undefined) {
      throw usageError(['the command to run is missing; put it after "--", as in "-- node seal.mjs"'], HELP);
    }
    if (explain && quiet) {
      throw usageError(['--explain tells what --quiet leaves out; give one of them'], HELP);
    }
    const tally = createTally(({ outcome }) => explain || REFUSED.has(outcome));
    const kms = await startLocalKms({ ...localKmsOptions(options), onEvent: (event) => tally.add(callOf(event)) });
    try {
      const code = await runProcess(command, args, environmentOfCommand(io.env, kms.environmentFor(as)), io);
      if (!quiet) {
        const style = { colours: coloursFor(io.stderr, io.env), columns: columnsOf(io.stderr) };
        io.stderr.write(renderSummary(tally, namesOf(kms), style));
      }
      return code;
    } finally {
      await kms.close();
    }
  },
});

/** What is told without being asked for. */
const REFUSED: ReadonlySet<Outcome> = new Set(['denied', 'would be denied']);
const HELP = 'keysmith run --help';
