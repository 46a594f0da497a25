import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { duration, flag, list, maybe, principal, type Shape, text } from '../private/shape';

/** Properties of `KeyDefaults`. Each is for what the author of a key has not said. */
export interface KeyDefaultsProps {
  /**
   * Whether keys that KMS can rotate do rotate.
   *
   * @default true
   */
  readonly enableKeyRotation?: boolean;

  /**
   * Time between automatic rotations: 90 to 2,560 days.
   *
   * @default - 365 days, as KMS has it
   */
  readonly rotationPeriod?: Duration;

  /**
   * Time between the deletion of a key and the loss of its material: 7 to 30 days.
   *
   * @default Duration.days(30)
   */
  readonly pendingWindow?: Duration;

  /**
   * What happens to keys and their aliases when they leave the stack. An alias goes the way of its key, also where the
   * author has said that of the key alone.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Description of keys that have none: `{path}` stands for the path of the construct.
   *
   * @default - none is added
   */
  readonly description?: string;

  /**
   * Principals that may administer every key, by a statement that is added to its key policy. Name them by ARN, for
   * instance with `iam.ArnPrincipal`, so that no stack depends on another for it. They must exist when a key is deployed.
   *
   * @default - none
   */
  readonly administrators?: iam.IPrincipal[];

  /**
   * Principals that may read everything about every key, by a statement that is added to its key policy; named as
   * `administrators` are.
   *
   * @default - none
   */
  readonly auditors?: iam.IPrincipal[];
}

export const KEY_DEFAULTS: Shape<KeyDefaultsProps> = {
  enableKeyRotation: maybe(flag),
  rotationPeriod: maybe(duration),
  pendingWindow: maybe(duration),
  removalPolicy: maybe(text),
  description: maybe(text),
  administrators: maybe(list(principal)),
  auditors: maybe(list(principal)),
};
