import { startLocalKms } from '@cdk-keysmith/local-kms';
import { type Command, Option } from 'commander';
import { addSourceOptions, callerOf, type SourceOptions } from '../caller.ts';
import type { Io } from '../io.ts';
import { given, port } from '../options.ts';
import { callOf } from '../render/call.ts';
import { renderCallLine } from '../render/call-line.ts';
import { namesOf } from '../render/names.ts';
import { renderStartup } from '../render/startup.ts';
import { coloursFor, printableJson } from '../render/terminal.ts';
import { renderUpdate } from '../render/update.ts';
import {
  addLocalKmsOptions,
  localKmsOptions,
  type SharedOptions,
  stateOptionsOf,
  withoutMissingApp,
} from '../shared-options.ts';

/** `keysmith local`: a local KMS until Ctrl-C, and one line for every call. */
export function addLocal(command: Command, io: Io): void {
  command
    .option('--port <number>', 'Port to listen on, any free one by default', port)
    .option('--host <address>', 'Loopback address to listen on', given, '127.0.0.1')
    .option('--as <name>', 'Also print the credentials of this role, user, function, container or AWS service', given);
  addSourceOptions(command);
  addLocalKmsOptions(command)
    .option('--watch', 'Apply app and seed again whenever they were written again')
    .option('--quiet', 'Print the address only: no keys, principals and calls')
    .addOption(
      new Option('--json', 'Print every call as one line of JSON; everything else goes to stderr').conflicts('quiet'),
    )
    .addHelpText('after', EXAMPLES)
    .action((options: LocalOptions, command: Command) => serve(withoutMissingApp(options, command), io));
}

const EXAMPLES = `
Examples:
  keysmith local --port 8200  Serve ./cdk.out on a fixed port
  keysmith local --state .keysmith  Find the same keys at the next start
  keysmith local --as Writer  Show how another terminal calls as Writer
  keysmith local --watch      Follow what "cdk synth" writes`;

interface LocalOptions extends SharedOptions, SourceOptions {
  readonly as?: string;
  readonly port?: number;
  readonly host: string;
  readonly watch?: boolean;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

type ServeOptions = ReturnType<typeof withoutMissingApp<LocalOptions>>;

async function serve(
  { as, sourceArn, sourceAccount, quiet = false, json = false, ...options }: ServeOptions,
  io: Io,
): Promise<void> {
  const caller = callerOf(as, sourceArn, sourceAccount);
  const colours = coloursFor(io.stdout, io.env);
  const kms = await startLocalKms({
    ...localKmsOptions(options),
    ...stateOptionsOf(options, io),
    onEvent: (event) => {
      if (json) {
        io.stdout.write(`${printableJson(event, 0)}\n`);
      } else if (!quiet) {
        io.stdout.write(`${renderCallLine(callOf(event), names, colours)}\n`);
      }
    },
    onUpdate: (update) => {
      const output = json ? io.stderr : io.stdout;
      if (!quiet || !update.applied) output.write(renderUpdate(update, problems, coloursFor(output, io.env)));
      names = namesOf(kms);
      problems = kms.problems;
    },
  });
  let names = namesOf(kms);
  let { problems } = kms;
  try {
    const environment = caller === undefined ? undefined : kms.environmentFor(caller);
    const ended = untilAskedToEnd(io);
    const deterministic = options.deterministic !== undefined;
    const details = { environment, mode: options.mode, deterministic, quiet };
    const output = json ? io.stderr : io.stdout;
    output.write(renderStartup(kms, { ...details, colours: coloursFor(output, io.env) }));
    await ended;
  } finally {
    await kms.close();
  }
}

/** A second signal finds no listener any more, and ends the process at once. */
function untilAskedToEnd(io: Io): Promise<void> {
  return new Promise((resolve) => {
    const stop = io.onSignal(() => {
      stop();
      resolve();
    });
  });
}
