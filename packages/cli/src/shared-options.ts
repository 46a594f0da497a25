import type { LocalKmsOptions } from '@cdk-keysmith/local-kms';
import { type Command, Option } from 'commander';
import { given } from './options.ts';

/** Where `cdk synth` writes unless told otherwise. */
export const DEFAULT_APP = 'cdk.out';

/** What {@link addLocalKmsOptions} reads, under the names that the local KMS takes it by. */
export type SharedOptions = Required<Pick<LocalKmsOptions, 'app' | 'mode'>> &
  Pick<LocalKmsOptions, 'region' | 'account'>;

/** Options of every command that starts a local KMS. */
export function addLocalKmsOptions(command: Command): Command {
  return command
    .option('--app <folder>', 'Cloud assembly to take keys, aliases and principals from', given, DEFAULT_APP)
    .addOption(new Option('--mode <mode>', 'What policies do').choices(['enforce', 'report', 'off']).default('enforce'))
    .option('--region <region>', 'Region of stacks that leave it open', given)
    .option('--account <digits>', 'Account of stacks that leave it open', given);
}
