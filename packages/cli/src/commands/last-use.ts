import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { judge } from '../last-use/answer.ts';
import { askLastUse } from '../last-use/ask.ts';
import { duration, keyArns } from '../message/values.ts';
import { renderCaution, renderLastUse } from '../render/last-use.ts';
import { coloursFor, columnsOf, printableJson } from '../render/terminal.ts';

/** `keysmith last-use`: when keys were used last, before anybody schedules their deletion. */
export function addLastUse(command: Command, io: Io, exit: (code: number) => void): void {
  command
    .requiredOption('--key <arn>', 'ARN of a key; may be given several times', keyArns)
    .option('--unused-for <time>', 'End with 1 unless KMS says that no key was used for so long, such as 90d', duration)
    .option('--json', 'Print the answers as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (options: LastUseOptions) => exit(await ask(options, io)));
}

const EXAMPLES = `
Examples:
  keysmith last-use --key arn:aws:kms:…
  keysmith last-use --key arn:aws:kms:… --unused-for 90d && aws kms disable-key --key-id arn:aws:kms:…`;

interface LastUseOptions {
  readonly key: readonly string[];
  readonly unusedFor?: number;
  readonly json?: boolean;
}

async function ask({ key: keys, unusedFor, json = false }: LastUseOptions, io: Io): Promise<number> {
  const now = new Date();
  const { stdout, env } = io;
  const all = [];
  for (const keyArn of keys) {
    const answers = await askLastUse(keyArn);
    all.push(
      ...answers.map((answer) => ({
        ...answer,
        ...(unusedFor !== undefined && { unused: judge(answer, unusedFor, now).unused }),
      })),
    );
    if (!json) {
      stdout.write(renderLastUse(keyArn, answers, unusedFor, now, coloursFor(stdout, env)));
    }
  }
  stdout.write(json ? `${printableJson({ answers: all })}\n` : renderCaution(columnsOf(stdout)));
  const good = all.every(({ problem, unused }) => problem === undefined && (unused ?? true) === true);
  return good ? 0 : 1;
}
