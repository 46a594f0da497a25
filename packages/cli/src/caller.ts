import type { LocalCaller } from '@cdk-keysmith/local-kms';
import type { Command } from 'commander';
import { CliError } from './errors.ts';
import { given } from './options.ts';

/** What an AWS service acts for, where one calls a local KMS. */
export interface SourceOptions {
  readonly sourceArn?: string;
  readonly sourceAccount?: string;
}

/** Service principals are told from everybody in an app by how they end. */
const SERVICE = /\.amazonaws\.com(?:\.cn)?$/;

/** Options that go with `--as`. */
export function addSourceOptions(command: Command): Command {
  return command
    .option('--source-arn <arn>', 'What an AWS service in --as acts for, aws:SourceArn', given)
    .option('--source-account <id>', 'The account of that, aws:SourceAccount', given);
}

/** Somebody of the app, or an AWS service: `cloudtrail.amazonaws.com`. @throws {@link CliError} `USAGE` */
export function callerOf<As extends string | undefined>(
  as: As,
  sourceArn: string | undefined,
  sourceAccount: string | undefined,
): LocalCaller | As {
  const source = {
    ...(sourceArn !== undefined && { sourceArn }),
    ...(sourceAccount !== undefined && { sourceAccount }),
  };
  if (as !== undefined && SERVICE.test(as)) return { service: as, ...source };
  if (Object.keys(source).length === 0) return as;
  throw new CliError(
    'USAGE',
    '--source-arn and --source-account go with an AWS service in --as, such as cloudtrail.amazonaws.com',
  );
}
