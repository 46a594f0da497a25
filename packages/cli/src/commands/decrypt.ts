import { pipeline } from 'node:stream/promises';
import {
  type Decryptor,
  decryptor,
  decryptStream,
  type EncryptionContext,
  EnvelopeError,
  inspect,
  within,
} from '@cdk-keysmith/envelope';
import type { Command } from 'commander';
import { CliError } from '../errors.ts';
import { interruptible } from '../interrupt.ts';
import type { Io } from '../io.ts';
import { failureOf } from '../message/failure.ts';
import { PRIVATE } from '../message/files.ts';
import { addKeyOptions, contextFrom, type KeyOptions, openingFor, readOption, requireKeys } from '../message/keys.ts';
import {
  addLineOptions,
  asOption,
  contextFieldOption,
  contextOfLine,
  fieldOf,
  intoOption,
  type LineOptions,
} from '../message/line-options.ts';
import { eachLine } from '../message/line-work.ts';
import { stringOf } from '../message/member.ts';
import { jsonOf } from '../message/plaintext.ts';
import { type Sink, withSink } from '../message/sink.ts';
import { type Begun, begun, collected, openSource, type Source, STANDARD_INPUT } from '../message/source.ts';
import { given } from '../options.ts';

/** `keysmith message decrypt`: the plaintext of one message, or of each line. */
export function addDecrypt(message: Command, io: Io, exit: (code: number) => void): void {
  const command = message
    .command('decrypt')
    .description('Decrypt a message, or the messages in JSON Lines')
    .argument('[file]', 'The message, as bytes or base64 text; "-" for the standard input', STANDARD_INPUT)
    .option('--out <file>', 'Write the plaintext to this file, which appears when all of it is verified', given)
    .option('--force', 'Write to a terminal what is not text')
    .option('--release-unverified', 'Write signed messages to the standard output before their signature is verified');
  addKeyOptions(command).addOption(readOption());
  addLineOptions(command, 'the message as base64 text')
    .addOption(intoOption('gets the plaintext'))
    .addOption(asOption())
    .addOption(contextFieldOption())
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, options: DecryptOptions) => exit(await decrypt(file, options, command, io)));
}

const EXAMPLES = `
Examples:
  keysmith message decrypt order.msg --envelope Orders --context tenant=acme
  keysmith message decrypt big.msg --key arn:aws:kms:… --context tenant=acme --out big.bin
  keysmith message decrypt users.jsonl --envelope Users --jsonl --field token --context-field tenant`;

interface DecryptOptions extends KeyOptions, LineOptions {
  readonly out?: string;
  readonly force?: boolean;
  readonly releaseUnverified?: boolean;
}

/** Largest message that is held in memory until its signature is verified. */
const MAX_HELD = 1_073_741_824;
/** As much as the header of a stream takes at most. */
const MAX_HEADER = 1_048_576;

function decrypt(file: string, options: DecryptOptions, command: Command, io: Io): Promise<number> {
  return interruptible(io, async (signal) => {
    const field = fieldOf(options, command);
    const context = contextFrom(options, command, options.contextField !== undefined);
    const opening = openingFor(options, 'decrypt', io);
    requireKeys(options, opening, command);
    const box = decryptor(opening.name, opening.options);
    const source = await openSource(file, io, signal);
    const work = async (sink: Sink): Promise<void> => {
      if (field === undefined) {
        await decryptOne(box, context, source, sink, options, signal);
        return;
      }
      await eachLine(source, field, options.into, sink, async (object, member) =>
        jsonOf(
          await box.decrypt(
            stringOf(member, field),
            contextOfLine(object, context, options),
            'bytes',
            within({ signal }),
          ),
          options.as,
        ),
      );
    };
    try {
      await withSink({ ...options, mode: PRIVATE }, io, work);
      return 0;
    } catch (error) {
      throw error instanceof EnvelopeError ? failureOf(source.name, error) : error;
    } finally {
      source.close();
      box.dispose();
    }
  });
}

async function decryptOne(
  box: Decryptor,
  context: EncryptionContext,
  source: Source,
  sink: Sink,
  { out, releaseUnverified = false }: DecryptOptions,
  signal: AbortSignal,
): Promise<void> {
  const message = await begun(source, hasHeader);
  // A file appears only when everything was verified. What has gone to a pipe cannot be taken back.
  if (out === undefined && !releaseUnverified && isSigned(message.prefix)) {
    await sink.write(await decryptHeld(box, context, message, signal));
    return;
  }
  const signedMessages = out === undefined && !releaseUnverified ? 'refuse' : 'release-unverified';
  const through = decryptStream(box, context, { ...within({ signal }), signedMessages });
  await pipeline(
    message.chunks,
    through.toNode(),
    async (plaintext: AsyncIterable<Uint8Array>) => {
      for await (const chunk of plaintext) await sink.write(chunk);
    },
    { signal },
  );
}

async function decryptHeld(
  box: Decryptor,
  context: EncryptionContext,
  { chunks }: Begun,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const bytes = await collected(chunks, MAX_HELD);
  if (bytes === undefined) {
    throw new CliError(
      'REFUSED',
      `a signed message of more than ${MAX_HELD} bytes is not held in memory; use --out <file>, or --release-unverified`,
    );
  }
  return box.decrypt(bytes, context, 'bytes', within({ signal }));
}

/** Whether the beginning of a message says all that it can say, or will never say anything. */
function hasHeader(prefix: Uint8Array): boolean {
  return prefix.length >= MAX_HEADER || (prefix.length > 0 && headerOf(prefix) !== undefined);
}

function isSigned(prefix: Uint8Array): boolean {
  return headerOf(prefix)?.suite.signed === true;
}

function headerOf(prefix: Uint8Array) {
  try {
    return inspect(prefix);
  } catch {
    // Not all of it is there, or it is no message: decrypting says what is wrong.
    return undefined;
  }
}
