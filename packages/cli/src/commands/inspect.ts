import { type EnvelopeError, type Inspection, inspect } from '@cdk-keysmith/envelope';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { binary } from '../message/base64.ts';
import { inWords } from '../message/failure.ts';
import { addLineOptions, fieldOf, type LineOptions } from '../message/line-options.ts';
import { isBlank, type Line, linesOf } from '../message/lines.ts';
import { type MemberPath, readObject, required, stringOf } from '../message/member.ts';
import { beginningOf, openSource, type Source, STANDARD_INPUT } from '../message/source.ts';
import { NOT_AUTHENTICATED, renderInspection } from '../render/inspection.ts';
import { coloursFor, printableJson } from '../render/terminal.ts';

/** `keysmith message inspect`: what messages say about themselves, without KMS. */
export function addInspect(message: Command, io: Io, exit: (code: number) => void): void {
  const command = message
    .command('inspect')
    .description('Show what messages say about themselves; KMS is not asked, so nothing of it is verified')
    .argument('[file...]', 'Messages, as bytes or base64 text; "-", or none, for the standard input')
    .option('--json', 'Print one line of JSON for each message');
  addLineOptions(command, 'the message as base64 text')
    .addHelpText('after', EXAMPLES)
    .action(async (files: readonly string[], options: InspectOptions) =>
      exit(await inspectAll(files, options, command, io)),
    );
}

const EXAMPLES = `
Examples:
  keysmith message inspect order.msg
  keysmith message inspect --json order.msg | jq .context
  keysmith message inspect --jsonl --field token users.jsonl  One line of JSON for each line`;

interface InspectOptions extends Pick<LineOptions, 'jsonl' | 'field'> {
  readonly json?: boolean;
}

/** Read as a whole, so that the plaintext can be counted. Of larger messages the beginning says the rest. */
const WHOLE = 67_108_864;
/** As much as the header of a message in a file takes at most. */
const BEGINNING = 1_048_576;

async function inspectAll(
  files: readonly string[],
  options: InspectOptions,
  command: Command,
  io: Io,
): Promise<number> {
  const field = fieldOf(options, command);
  const show = field === undefined ? (options.json === true ? inspectToJson : inspectToText) : inspectLines(field);
  const paths = files.length === 0 ? [STANDARD_INPUT] : files;
  let failed = 0;
  for (const file of paths) {
    try {
      const source = await openSource(file, io);
      failed += await show(source, io).finally(() => source.close());
    } catch (error) {
      failed++;
      io.stderr.write(`keysmith: ${inWords(error)}\n`);
    }
  }
  if (show === inspectToText && failed < paths.length) {
    io.stdout.write(`${NOT_AUTHENTICATED}\n`);
  }
  return failed > 0 ? 1 : 0;
}

/** Shows what is in a source. @returns how many messages could not be read */
type Show = (source: Source, io: Io) => Promise<number>;

const inspectToText: Show = async (source, io) => {
  const { bytes, whole } = await looked(source);
  try {
    const inspected = { source: source.name, inspection: inspect(bytes), whole };
    io.stdout.write(`${renderInspection(inspected, coloursFor(io.stdout, io.env))}\n`);
    return 0;
  } catch (error) {
    io.stderr.write(`keysmith: ${source.name}: ${inWords(error)}\n`);
    return 1;
  }
};

const inspectToJson: Show = async (source, io) => {
  const { bytes } = await looked(source);
  return printJson(io, { source: source.name }, () => inspect(bytes));
};

function inspectLines(field: MemberPath): Show {
  return async ({ name: source, chunks }, io) => {
    let failed = 0;
    for await (const line of linesOf(chunks)) {
      failed += printJson(io, { source, line: line.number }, () => inspectLine(line, field));
    }
    return failed;
  };
}

async function looked(source: Source): Promise<{ bytes: Uint8Array; whole: boolean }> {
  const whole = source.size === undefined || source.size <= WHOLE;
  const bytes = await beginningOf(binary(source.chunks), whole ? WHOLE : BEGINNING);
  return { bytes, whole: whole && bytes.length < WHOLE };
}

/** @returns how many could not be read: 1 or 0 */
function printJson(io: Io, about: object, read: () => Inspection | undefined): number {
  let failed = 0;
  let told: object;
  try {
    told = read() ?? { message: null };
  } catch (error) {
    failed = 1;
    told = { error: { code: (error as EnvelopeError).code, message: inWords(error) } };
  }
  io.stdout.write(`${printableJson({ ...about, ...told }, 0)}\n`);
  return failed;
}

/** What the message of a line says; `undefined` where there is none and need not be. */
function inspectLine(line: Line, field: MemberPath): Inspection | undefined {
  const member = isBlank(line) ? undefined : required(readObject(line.bytes), field);
  return member === undefined ? undefined : inspect(stringOf(member, field));
}
