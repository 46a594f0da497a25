import { Token } from 'aws-cdk-lib';
import { problems } from '../private/rules';
import { KEY_LIMITS } from './limits';

const PREFIX = 'alias/';

/** The name with the prefix that KMS wants, given with or without it. */
export function fullAliasName(alias: string): string {
  return Token.isUnresolved(alias) || alias.startsWith(PREFIX) ? alias : `${PREFIX}${alias}`;
}

/**
 * What is wrong with an alias name; nothing for a token.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-kms-alias.html
 */
export function aliasProblems(alias: string): string[] {
  if (Token.isUnresolved(alias)) {
    return [];
  }
  const name = fullAliasName(alias);
  return problems([
    {
      when: !/^[a-zA-Z0-9:/_-]+$/.test(name.slice(PREFIX.length)),
      message: `alias ${JSON.stringify(alias)}: an alias name has one or more of letters, digits, "/", "_", "-" and ":" after "alias/"; use for instance "orders"`,
    },
    {
      when: name.startsWith('alias/aws/'),
      message: `alias ${JSON.stringify(alias)}: names beginning with "alias/aws/" are kept for AWS managed keys; choose another name`,
    },
    {
      when: name.length > KEY_LIMITS.aliasName,
      message: `alias of ${name.length} characters: an alias name has at most ${KEY_LIMITS.aliasName} characters, "alias/" included; shorten it`,
    },
  ]);
}
