import { dirname } from 'node:path';
import { CliError } from '../errors.ts';
import type { Io, Output } from '../io.ts';
import { attempt, makeFile, syncFolder, targetOf } from './files.ts';

/** Where bytes go, one piece after the other. */
export interface Sink {
  write(bytes: Uint8Array): Promise<void>;
}

/** Where the result of a command goes. */
export interface Destination {
  /** File that appears when everything is in it. Default: the standard output, piece by piece. */
  readonly out?: string | undefined;
  /** Permissions of the file. */
  readonly mode: number;
  /** Also write to a terminal what is not text. */
  readonly force?: boolean | undefined;
}

/** Gives `work` the place to write to. When it fails, there is no file, and one that was there is as it was. */
export async function withSink(
  { out, mode, force = false }: Destination,
  io: Io,
  work: (sink: Sink) => Promise<void>,
): Promise<void> {
  if (out === undefined) {
    return work(io.stdout.isTTY === true && !force ? textOnly(outputSink(io.stdout)) : outputSink(io.stdout));
  }
  const target = await targetOf(out);
  await makeFile(target, { mode }, (handle) =>
    work({
      write: async (bytes) => {
        await attempt('write', out, () => handle.writeFile(bytes));
      },
    }),
  );
  await syncFolder(dirname(target));
}

function outputSink(output: Output): Sink {
  return {
    async write(bytes) {
      if (output.write(bytes) === false && output.once !== undefined) {
        await new Promise<void>((resolve) => {
          output.once?.('drain', resolve);
        });
      }
    },
  };
}

/** Characters that are not text: a terminal takes some of them for commands. */
const NOT_TEXT = /[^\P{Cc}\t\n\r]/u;

/** Lets text pass only: bytes of anything else would be commands to a terminal. */
function textOnly(sink: Sink): Sink {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  return {
    async write(bytes) {
      if (!isText(() => decoder.decode(bytes, { stream: true }))) {
        throw new CliError(
          'REFUSED',
          'this is not text, and the standard output is a terminal; use --out <file>, a pipe, or --force',
        );
      }
      await sink.write(bytes);
    },
  };
}

function isText(decode: () => string): boolean {
  try {
    return !NOT_TEXT.test(decode());
  } catch {
    return false;
  }
}
