import type { RequestDetails } from '@cdk-keysmith/access';
import { type Command, InvalidArgumentError } from 'commander';
import { given } from './options.ts';

/** What {@link addRequestOptions} reads. */
export interface RequestOptions {
  readonly context?: Readonly<Record<string, string>>;
  readonly condition?: Readonly<Record<string, string>>;
  readonly alias?: string;
  readonly via?: string;
  readonly complete?: boolean;
}

/** Options that say more about a request than the app does. */
export function addRequestOptions(command: Command): Command {
  return command
    .option('--context <name=value>', 'Pair of the encryption context; may be given several times', pair)
    .option('--condition <key=value>', 'Another condition key, e.g. aws:SourceArn; may be given several times', pair)
    .option('--alias <alias>', 'Alias by which the request names the key', aliasName)
    .option('--via <service>', 'Service that calls for the principal, e.g. s3.eu-west-1.amazonaws.com', given)
    .option('--complete', 'The request has nothing but what is given here');
}

export function detailsOf({ context, condition, alias, via, complete }: RequestOptions): RequestDetails {
  return {
    ...(context !== undefined && { encryptionContext: context }),
    ...(condition !== undefined && { conditions: condition }),
    ...(alias !== undefined && { alias }),
    ...(via !== undefined && { via }),
    ...(complete !== undefined && { complete }),
  };
}

/** The value may hold further equals signs; neither KMS nor IAM has names without a character. */
function pair(text: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const end = text.indexOf('=');
  if (end < 1) {
    throw new InvalidArgumentError('It must be a name, an equals sign and a value.');
  }
  return Object.fromEntries([...Object.entries(before), [text.slice(0, end), text.slice(end + 1)]]);
}

function aliasName(text: string): string {
  if (!text.startsWith('alias/')) {
    throw new InvalidArgumentError('It must begin with "alias/".');
  }
  return text;
}
