import { startLocalKms } from '@cdk-keysmith/local-kms';
import { defineCommand } from '../command.ts';
import { usageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { flag, port, text, textOr } from '../options.ts';
import { callOf } from '../render/call.ts';
import { renderCallLine } from '../render/call-line.ts';
import { namesOf } from '../render/names.ts';
import { renderStartup } from '../render/startup.ts';
import { coloursFor } from '../render/terminal.ts';
import { LOCAL_KMS_OPTIONS, localKmsOptions } from '../shared-options.ts';

/** `keysmith local`: a local KMS until Ctrl-C, and one line for every call. */
export const local = defineCommand({
  name: 'local',
  synopsis: '[options]',
  describe: 'Start a local KMS with the keys, principals and policies of an app',
  maxPositionals: 0,
  takesRest: false,
  options: {
    port: port('Port to listen on, any free one by default'),
    host: textOr('127.0.0.1', 'Loopback address to listen on'),
    as: text('Also print the credentials of this role or function'),
    ...LOCAL_KMS_OPTIONS,
    quiet: flag('Print the address only: no keys, principals and calls'),
    json: flag('Print every call as one line of JSON; everything else goes to stderr'),
  },
  examples: [
    { line: 'keysmith local --port 8200', describe: 'Serve the keys of ./cdk.out on a fixed port' },
    { line: 'keysmith local --as Writer', describe: 'Show how another terminal calls as Writer' },
  ],
  async run({ options: { as, quiet, json, ...options } }, io) {
    if (quiet && json) {
      throw usageError(['--json prints what --quiet leaves out; give one of them'], 'keysmith local --help');
    }
    const colours = coloursFor(io.stdout, io.env);
    const kms = await startLocalKms({
      ...localKmsOptions(options),
      onEvent: (event) => {
        if (json) {
          io.stdout.write(`${JSON.stringify(event)}\n`);
        } else if (!quiet) {
          io.stdout.write(`${renderCallLine(callOf(event), names, colours)}\n`);
        }
      },
    });
    const names = namesOf(kms);
    try {
      const environment = as === undefined ? undefined : kms.environmentFor(as);
      const ended = untilAskedToEnd(io);
      (json ? io.stderr : io.stdout).write(renderStartup(kms, { environment, mode: options.mode, quiet, colours }));
      await ended;
    } finally {
      await kms.close();
    }
    return 0;
  },
});

/** A second signal finds no listener any more, and ends the process at once. */
function untilAskedToEnd(io: Io): Promise<void> {
  return new Promise((resolve) => {
    const stop = io.onSignal(() => {
      stop();
      resolve();
    });
  });
}
