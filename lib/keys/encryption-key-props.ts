import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { AccountDelegation } from '../policy/account-delegation';

/** Properties of an `EncryptionKey`. */
export interface EncryptionKeyProps {
  /**
   * Alias of the key, with or without `alias/`: 1 to 256 letters, digits, `/`, `_`, `-`, `:`, not beginning with
   * `alias/aws/`. It is retained or deleted together with the key.
   *
   * @default - no alias
   */
  readonly alias?: string;

  /**
   * What the key is for, in up to 8,192 characters.
   *
   * @default - no description
   */
  readonly description?: string;

  /**
   * Principals that administer the key: policy, aliases, tags, rotation, state and deletion, but not use.
   *
   * @default - nobody beyond what `accountDelegation` lets IAM policies give
   */
  readonly administrators?: iam.IPrincipal[];

  /**
   * Principals that may encrypt and decrypt with any encryption context. Prefer an `Envelope`, which binds the context.
   *
   * @default - nobody beyond what `accountDelegation` lets IAM policies give
   */
  readonly users?: iam.IPrincipal[];

  /**
   * How far IAM policies of the key's account decide about it.
   *
   * @default AccountDelegation.FULL
   */
  readonly accountDelegation?: AccountDelegation;

  /**
   * Whether the key can be used.
   *
   * IMPORTANT: whatever is encrypted under a disabled key cannot be read until it is enabled again.
   *
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * Whether KMS makes new key material every `rotationPeriod`. Data encrypted under older material stays readable, and
   * nothing has to be encrypted again.
   *
   * @default true
   */
  readonly enableKeyRotation?: boolean;

  /**
   * Time between automatic rotations: 90 to 2,560 days.
   *
   * @default Duration.days(365)
   */
  readonly rotationPeriod?: Duration;

  /**
   * Time between the deletion of the key and the loss of its material, in which deletion can be cancelled: 7 to 30 days.
   *
   * @default Duration.days(30)
   */
  readonly pendingWindow?: Duration;

  /**
   * What happens to the key and its aliases when they leave the stack.
   *
   * IMPORTANT: with `DESTROY` everything that is encrypted under the key is lost when `pendingWindow` has passed.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}
