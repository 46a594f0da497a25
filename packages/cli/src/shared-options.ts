import { existsSync } from 'node:fs';
import type { LocalKmsOptions } from '@cdk-keysmith/local-kms';
import { type Command, Option } from 'commander';
import { given } from './options.ts';

/** Where `cdk synth` writes unless told otherwise. */
export const DEFAULT_APP = 'cdk.out';

/** What {@link addLocalKmsOptions} reads, under the names that the local KMS takes it by. */
export type SharedOptions = Required<Pick<LocalKmsOptions, 'app' | 'mode'>> &
  Pick<LocalKmsOptions, 'seed' | 'deterministic' | 'region' | 'account'>;

/** Options of every command that starts a local KMS. */
export function addLocalKmsOptions(command: Command): Command {
  return command
    .option('--app <folder>', 'Cloud assembly, or template, with keys and principals', given, DEFAULT_APP)
    .option('--seed <file>', 'YAML or JSON with keys of fixed ids and material, and principals', given)
    .addOption(new Option('--mode <mode>', 'What policies do').choices(['enforce', 'report', 'off']).default('enforce'))
    .option('--deterministic <text>', 'For tests only: all that is random comes from this text', given)
    .option('--region <region>', 'Region of stacks that leave it open', given)
    .option('--account <digits>', 'Account of stacks that leave it open', given);
}

/** Where a seed file is given, nobody has to have an app: the default folder is read if it is there. */
export function withoutMissingApp<T extends SharedOptions>(
  options: T,
  command: Command,
): Omit<T, 'app'> & { app?: string } {
  const { app, ...others } = options;
  const named = command.getOptionValueSource('app') !== 'default';
  return options.seed === undefined || named || existsSync(app) ? options : others;
}
