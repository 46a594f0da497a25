import { pipeline } from 'node:stream/promises';
import {
  type EncryptionContext,
  type Encryptor,
  EnvelopeError,
  encryptor,
  encryptStream,
  within,
} from '@cdk-keysmith/envelope';
import { type Command, Option } from 'commander';
import { interruptible } from '../interrupt.ts';
import type { Io } from '../io.ts';
import { base64Text } from '../message/base64.ts';
import { failureOf } from '../message/failure.ts';
import { ORDINARY } from '../message/files.ts';
import { addKeyOptions, contextFrom, type KeyOptions, openingFor, requireKeys } from '../message/keys.ts';
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
import { plaintextOf } from '../message/plaintext.ts';
import { type Sink, withSink } from '../message/sink.ts';
import { openSource, type Source, STANDARD_INPUT } from '../message/source.ts';
import { given } from '../options.ts';

/** `keysmith message encrypt`: one message of the input, or one of a member of each line. */
export function addEncrypt(message: Command, io: Io, exit: (code: number) => void): void {
  const command = message
    .command('encrypt')
    .description('Encrypt a file to a message, or a member of each line of JSON Lines')
    .argument('[file]', 'The plaintext; "-" for the standard input', STANDARD_INPUT)
    .option('--out <file>', 'Write the message to this file, which appears when it is complete', given)
    .addOption(new Option('--base64', 'Write base64 text').conflicts('jsonl'))
    .option('--force', 'Write to a terminal what is not text');
  addKeyOptions(command).option('--sign', SIGN);
  addLineOptions(command, 'the plaintext')
    .addOption(intoOption('gets the message as base64 text'))
    .addOption(asOption())
    .addOption(contextFieldOption())
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, options: EncryptOptions) => exit(await encrypt(file, options, command, io)));
}

/** The help of an option that `reencrypt` has too. */
export const SIGN = 'Sign: suite 0x0578, for readers that must not be able to write';

const EXAMPLES = `
Examples:
  keysmith message encrypt order.json --envelope Orders --context tenant=acme --out order.msg
  echo secret | keysmith message encrypt --base64 --key arn:aws:kms:… --context tenant=acme
  keysmith message encrypt users.jsonl --envelope Users --jsonl --field token --context-field tenant`;

interface EncryptOptions extends KeyOptions, LineOptions {
  readonly out?: string;
  readonly base64?: boolean;
  readonly force?: boolean;
}

function encrypt(file: string, options: EncryptOptions, command: Command, io: Io): Promise<number> {
  return interruptible(io, async (signal) => {
    const field = fieldOf(options, command);
    const { out, base64 = false, force = false } = options;
    if (field === undefined && out === undefined && !base64 && !force && io.stdout.isTTY === true) {
      command.error(
        'a message is not text, and the standard output is a terminal; use --out <file>, --base64, or --force',
      );
    }
    const context = contextFrom(options, command, options.contextField !== undefined);
    const opening = openingFor(options, 'encrypt', io);
    requireKeys(options, opening, command);
    const box = encryptor(opening.name, opening.options);
    const source = await openSource(file, io, signal);
    const work = async (sink: Sink): Promise<void> => {
      if (field === undefined) {
        await encryptOne(box, context, source, sink, base64, signal);
        return;
      }
      await eachLine(source, field, options.into, sink, async (object, member) => {
        const plaintext = plaintextOf(member, field, options.as);
        const sealed = await box.encrypt(plaintext, contextOfLine(object, context, options), within({ signal }));
        return JSON.stringify(Buffer.from(sealed).toString('base64'));
      });
    };
    try {
      await withSink({ out, mode: ORDINARY, force }, io, work);
      return 0;
    } catch (error) {
      throw error instanceof EnvelopeError ? failureOf(source.name, error) : error;
    } finally {
      source.close();
      box.dispose();
    }
  });
}

async function encryptOne(
  box: Encryptor,
  context: EncryptionContext,
  { chunks, size }: Source,
  sink: Sink,
  base64: boolean,
  signal: AbortSignal,
): Promise<void> {
  const through = encryptStream(box, context, {
    ...within({ signal }),
    ...(size === undefined ? {} : { plaintextLength: size }),
  });
  await pipeline(
    chunks,
    through.toNode(),
    async (message: AsyncIterable<Uint8Array>) => {
      for await (const chunk of base64 ? base64Text(message) : message) await sink.write(chunk);
    },
    { signal },
  );
}
