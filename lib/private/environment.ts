import { Token, TokenComparison } from 'aws-cdk-lib';

/** Whether two accounts or Regions are certainly not the same; a token may be anything. */
export function differ(one: string, other: string): boolean {
  return Token.compareStrings(one, other) === TokenComparison.DIFFERENT;
}
