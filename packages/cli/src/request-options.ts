import type { RequestDetails } from '@cdk-keysmith/access';
import { type Command, InvalidArgumentError } from 'commander';
import { given, withPair } from './options.ts';

/** What {@link addRequestOptions} reads. */
export interface RequestOptions {
  readonly context?: ReadonlyMap<string, string>;
  readonly condition?: ReadonlyMap<string, string>;
  readonly alias?: string;
  readonly via?: string;
  readonly complete?: boolean;
}

/** Options that say more about a request than the app does. */
export function addRequestOptions(command: Command): Command {
  return command
    .option('--context <name=value>', 'Pair of the encryption context; may be given several times', pairs(asItIs))
    .option(
      '--condition <key=value>',
      'Another condition key, e.g. aws:SourceArn; may be given several times',
      pairs(inLowerCase),
    )
    .option('--alias <alias>', 'Alias by which the request names the key', aliasName)
    .option('--via <service>', 'Service that calls for the principal, e.g. s3.eu-west-1.amazonaws.com', given)
    .option('--complete', 'The request has nothing but what is given here');
}

export function detailsOf({ context, condition, alias, via, complete }: RequestOptions): RequestDetails {
  return {
    ...(context !== undefined && { encryptionContext: Object.fromEntries(context) }),
    ...(condition !== undefined && { conditions: Object.fromEntries(condition) }),
    ...(alias !== undefined && { alias }),
    ...(via !== undefined && { via }),
    ...(complete !== undefined && { complete }),
  };
}

/** Names in an encryption context differ by case too. */
const asItIs = (name: string): string => name;
/** Names of condition keys do not. */
const inLowerCase = (name: string): string => name.toLowerCase();

/** The value may hold further equals signs; neither KMS nor IAM has names without a character. */
function pairs(same: (name: string) => string) {
  return (text: string, before: ReadonlyMap<string, string> = new Map()): ReadonlyMap<string, string> => {
    const end = text.indexOf('=');
    if (end < 1) {
      throw new InvalidArgumentError('It must be a name, an equals sign and a value.');
    }
    return withPair(before, text.slice(0, end), text.slice(end + 1), same);
  };
}

function aliasName(text: string): string {
  if (!text.startsWith('alias/')) {
    throw new InvalidArgumentError('It must begin with "alias/".');
  }
  return text;
}
