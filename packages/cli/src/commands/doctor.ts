import { type Direction, doctor } from '@cdk-keysmith/envelope';
import { type Command, Option } from 'commander';
import type { Io } from '../io.ts';
import { contextFrom, contextOption, envOption, type KeyOptions, openingFor } from '../message/keys.ts';
import { keyArns } from '../message/values.ts';
import { renderDiagnosis } from '../render/diagnosis.ts';
import { coloursFor, columnsOf, printableJson } from '../render/terminal.ts';

/** `keysmith doctor`: whether whoever runs it may use the keys that are declared, with a context, and what is missing. */
export function addDoctor(command: Command, io: Io, exit: (code: number) => void): void {
  command
    .argument('[name]', 'The declaration, KEYSMITH_ENVELOPE_<name>; by default the only one there is')
    .addOption(envOption())
    .option('--key <arn>', 'Ask about this key instead of a declaration; may be given several times', keyArns)
    .addOption(
      new Option('--direction <direction>', 'With --key: what it is used for').choices(['encrypt', 'decrypt', 'both']),
    )
    .addOption(contextOption())
    .option('--no-context', 'With --key: there is no encryption context')
    .option('--json', 'Print the findings as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (name: string | undefined, options: DoctorOptions) =>
      exit(await examine(name, options, command, io)),
    );
}

const EXAMPLES = `
Examples:
  keysmith doctor Orders --context tenant=acme
  keysmith doctor --key arn:aws:kms:… --direction decrypt --context tenant=acme
  keysmith run --as Reader -- keysmith doctor Orders --context tenant=acme  As one of the app's functions`;

interface DoctorOptions extends Pick<KeyOptions, 'key' | 'env' | 'context'> {
  readonly direction?: Direction;
  readonly json?: boolean;
}

async function examine(name: string | undefined, options: DoctorOptions, command: Command, io: Io): Promise<number> {
  const { key, direction = 'both', json = false } = options;
  if (key !== undefined && name !== undefined) {
    command.error(`option '--key <arn>' cannot be used with the declaration ${name}`);
  }
  if (key === undefined && options.direction !== undefined) {
    command.error("option '--direction <direction>' goes with '--key <arn>'; a declaration has its own");
  }
  const context = contextFrom(options, command);
  const opening = openingFor({ ...options, ...(name === undefined ? {} : { envelope: name }) }, direction, io);
  const diagnosis = await doctor(opening.name, opening.options, context);
  const { stdout, env } = io;
  io.stdout.write(
    json ? `${printableJson(diagnosis)}\n` : renderDiagnosis(diagnosis, columnsOf(stdout), coloursFor(stdout, env)),
  );
  return diagnosis.healthy ? 0 : 1;
}
