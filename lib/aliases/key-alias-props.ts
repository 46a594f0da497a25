import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { key, list, maybe, type Shape, text } from '../private/shape';

/** Properties of a `KeyAlias`. */
export interface KeyAliasProps {
  /**
   * Name with or without `alias/`: 1 to 256 letters, digits, `/`, `_`, `-`, `:`, not beginning with `alias/aws/`. Another
   * name is another alias: CloudFormation makes the new one and deletes the old one.
   */
  readonly aliasName: string;

  /** The key that the alias points to, in the account and Region of the stack. */
  readonly targetKey: kms.IKey;

  /**
   * Keys that the alias pointed to in earlier deployments. Synthesis then fails when KMS would refuse the move.
   *
   * @default - nothing is known about earlier targets
   */
  readonly formerTargets?: kms.IKey[];

  /**
   * What happens to the alias when it leaves the stack.
   *
   * @default - what happens to the key; RETAIN for an imported key
   */
  readonly removalPolicy?: RemovalPolicy;
}

export const KEY_ALIAS: Shape<KeyAliasProps> = {
  aliasName: text,
  targetKey: key,
  formerTargets: maybe(list(key)),
  removalPolicy: maybe(text),
};
