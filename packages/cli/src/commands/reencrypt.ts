import { decryptor, encryptor, within } from '@cdk-keysmith/envelope';
import { type Command, Option } from 'commander';
import { interruptible } from '../interrupt.ts';
import type { Io } from '../io.ts';
import {
  addKeyOptions,
  contextFrom,
  type KeyOptions,
  type Opening,
  openingFor,
  readOption,
  requireKeys,
} from '../message/keys.ts';
import { addLineOptions, contextFieldOption, fieldOf, type LineOptions } from '../message/line-options.ts';
import { type MemberPath, memberPath } from '../message/member.ts';
import type { Reencryption } from '../message/reencrypt/files-job.ts';
import type { Order } from '../message/reencrypt/order.ts';
import { keysOf, type PolicyOptions, policyOf } from '../message/reencrypt/policy.ts';
import { runFiles } from '../message/reencrypt/run-files.ts';
import { runLines } from '../message/reencrypt/run-lines.ts';
import { duration, keyArns, suites } from '../message/values.ts';
import { given } from '../options.ts';
import { SIGN } from './encrypt.ts';

/** `keysmith message reencrypt`: messages in files or lines under new data keys, resumable. */
export function addReencrypt(message: Command, io: Io, exit: (code: number) => void): void {
  const command = message
    .command('reencrypt')
    .description('Encrypt messages anew, in files and folders or in JSON Lines; each is replaced as a whole, or not')
    .argument('<path...>', 'Files and folders with one message in each file; with --jsonl a file, or "-"')
    .option(
      '--cursor <file>',
      'Note here what is done; a run with the same file goes on where the last one stopped',
      given,
    )
    .option('--suffix <text>', 'In folders: only files whose names end so', given)
    .option('--quiet', 'Tell failures only');
  addKeyOptions(command)
    .addOption(readOption())
    .option('--to-key <arn>', 'Write with this key, by default with those that are read with', keyArns)
    .addOption(new Option('--to-envelope <name>', 'Write with this declaration').argParser(given).conflicts('toKey'))
    .option('--sign', SIGN)
    .optionsGroup('What is re-encrypted:')
    .option('--only-stale', 'Not what is wrapped by exactly the keys to write with, in the suite to write in')
    .option('--max-age <time>', 'With --only-stale: older messages are stale too, such as 90d', duration)
    .option('--suite <id>', 'With --only-stale: a suite that is not stale; may be given several times', suites);
  addLineOptions(command, 'the message as base64 text')
    .addOption(contextFieldOption())
    .addOption(
      new Option('--written-at <member>', 'Member that says when a message was written').argParser((text: string) =>
        memberPath(text),
      ),
    )
    .option('--out <file>', 'Write the lines to this file, which may be the one that is read', given)
    .addHelpText('after', EXAMPLES)
    .action(async (paths: readonly string[], options: ReencryptOptions) =>
      exit(await reencryptAll(paths, options, command, io)),
    );
}

const EXAMPLES = `
Examples:
  keysmith message reencrypt archive --envelope Orders --context tenant=acme --cursor orders.cursor
  keysmith message reencrypt a.msg b.msg --key arn:aws:kms:… --to-key arn:aws:kms:… --no-context
  keysmith message reencrypt users.jsonl --envelope Users --jsonl --field token --out new.jsonl`;

interface ReencryptOptions extends KeyOptions, LineOptions, PolicyOptions {
  readonly toKey?: readonly string[];
  readonly toEnvelope?: string;
  readonly suffix?: string;
  readonly writtenAt?: MemberPath;
  readonly out?: string;
  readonly cursor?: string;
  readonly quiet?: boolean;
}

function reencryptAll(paths: readonly string[], options: ReencryptOptions, command: Command, io: Io): Promise<number> {
  return interruptible(io, async (signal) => {
    const field = fieldOf(options, command);
    requireSense(paths, options, field, command);
    const context = contextFrom(options, command, options.contextField !== undefined);
    const [reading, writing] = openings(options, io);
    requireKeys(options, reading, command);
    const from = decryptor(reading.name, reading.options);
    const to = encryptor(writing.name, writing.options);
    const keys = { from: keysOf(reading), to: keysOf(writing) };
    const policy = policyOf(options, keys.from, keys.to);
    const how: Reencryption = { from, to, call: within({ signal }), ...(policy === undefined ? {} : { policy }) };
    const { suffix, writtenAt, contextField, sign = false, cursor, out, quiet = false } = options;
    // Everything that decides what the run does, so that a cursor is not taken for that of another one.
    const what = { field, writtenAt, suffix, context, contextField: [...(contextField ?? [])], keys, policy, sign };
    const order: Order = { paths, how, what, context, cursor, quiet, signal };
    try {
      const counts = await (field === undefined
        ? runFiles(order, suffix, io)
        : runLines({ ...order, options, field, writtenAt, out }, io));
      return counts.failed > 0 ? 1 : 0;
    } finally {
      from.dispose();
      to.dispose();
    }
  });
}

/** Reads with what is given; writes with what is given for that, or with the same. */
function openings(options: ReencryptOptions, io: Io): readonly [reading: Opening, writing: Opening] {
  const { toKey, toEnvelope, key: _key, envelope: _envelope, ...rest } = options;
  const reading = openingFor({ ...options, sign: false }, 'decrypt', io);
  if (toKey !== undefined) return [reading, openingFor({ ...rest, key: toKey }, 'encrypt', io)];
  if (toEnvelope !== undefined) return [reading, openingFor({ ...rest, envelope: toEnvelope }, 'encrypt', io)];
  return [reading, openingFor(options, 'encrypt', io)];
}

/** Ends the command for options that would do nothing, or not what they say. */
function requireSense(
  paths: readonly string[],
  options: ReencryptOptions,
  field: MemberPath | undefined,
  command: Command,
): void {
  const { onlyStale, maxAge, suite, writtenAt, out, cursor, suffix } = options;
  const lines = field !== undefined;
  const problems: readonly (readonly [wrong: boolean, problem: string])[] = [
    [(maxAge ?? suite) !== undefined && onlyStale !== true, "options '--max-age' and '--suite' go with '--only-stale'"],
    [
      lines && maxAge !== undefined && writtenAt === undefined,
      "option '--max-age' needs '--written-at <member>' with '--jsonl'",
    ],
    [lines && suffix !== undefined, "option '--suffix' is for folders, and not for '--jsonl'"],
    [lines && paths.length > 1, "'--jsonl' takes one file"],
    [
      lines && cursor !== undefined && (out === undefined || paths[0] === '-'),
      "with '--jsonl', '--cursor' needs '--out <file>', and a file to read from",
    ],
    [!lines && out !== undefined, "option '--out' goes with '--jsonl' only; files are replaced in their places"],
    [!lines && paths.includes('-'), "'-', the standard input, goes with '--jsonl' only"],
  ];
  for (const [wrong, problem] of problems) {
    if (wrong) command.error(problem);
  }
}
