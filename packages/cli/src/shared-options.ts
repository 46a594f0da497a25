import { existsSync } from 'node:fs';
import type { LocalKmsError, LocalKmsOptions, LocalKmsStateOptions } from '@cdk-keysmith/local-kms';
import { type Command, Option } from 'commander';
import { CliError } from './errors.ts';
import type { Io } from './io.ts';
import { given } from './options.ts';
import { addOrganizationOptions, type OrganizationFiles } from './organization.ts';

/** Where `cdk synth` writes unless told otherwise. */
export const DEFAULT_APP = 'cdk.out';

/** What {@link addLocalKmsOptions} reads, under the names that the local KMS takes it by. */
export type SharedOptions = Required<Pick<LocalKmsOptions, 'app' | 'mode'>> &
  Pick<LocalKmsStateOptions, 'seed' | 'deterministic' | 'region' | 'account' | 'state'> &
  OrganizationFiles;

/** Options of the command line as the local KMS takes them. */
export function localKmsOptions<T extends OrganizationFiles>({ scp = [], rcp = [], ...options }: T) {
  return { ...options, ...(scp.length + rcp.length > 0 && { organization: { scp, rcp } }) };
}

/** Options of every command that starts a local KMS. */
export function addLocalKmsOptions(command: Command): Command {
  command
    .option('--app <folder>', 'Cloud assembly, or template, with keys and principals', given, DEFAULT_APP)
    .option('--seed <file>', 'YAML or JSON with keys of fixed ids and material, and principals', given)
    .addOption(new Option('--mode <mode>', 'What policies do').choices(['enforce', 'report', 'off']).default('enforce'))
    .option('--deterministic <text>', 'For tests only: all that is random comes from this text', given)
    .option('--region <region>', 'Region of stacks that leave it open', given)
    .option('--account <digits>', 'Account of stacks that leave it open', given)
    .option(
      '--state <folder>',
      'Folder that keeps keys from one start to the next; without it they are in memory',
      given,
    );
  return addOrganizationOptions(command);
}

/** The environment variable that holds the local key of a state: an argument could be read in every list of processes. */
const STATE_KEY = 'KEYSMITH_STATE_KEY';
const STATE_KEY_BYTES = 32;

/** What goes with a state, beside its folder. */
export function stateOptionsOf(
  { state }: Pick<SharedOptions, 'state'>,
  { env, stderr }: Pick<Io, 'env' | 'stderr'>,
): Pick<LocalKmsStateOptions, 'stateKey' | 'onStateError'> {
  const text = env[STATE_KEY];
  if (state === undefined) return {};
  const onStateError = (error: LocalKmsError) => void stderr.write(`keysmith: ${error.message}\n`);
  if (text === undefined) return { onStateError };
  const stateKey = Buffer.from(text, 'base64');
  if (stateKey.length === STATE_KEY_BYTES) return { onStateError, stateKey };
  throw new CliError('USAGE', `${STATE_KEY} must be ${STATE_KEY_BYTES} bytes in base64: openssl rand -base64 32`);
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
