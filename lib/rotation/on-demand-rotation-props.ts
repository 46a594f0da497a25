import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { IEncryptionKey } from '../keys/i-encryption-key';
import { having, key, maybe, number, type Shape } from '../private/shape';
import type { RotationTimes } from './rotation-times';

/** Properties of an `OnDemandRotation`. */
export interface OnDemandRotationProps {
  /**
   * The symmetric encryption key, of the account and Region of the stack; with material of KMS, or imported. It cannot be
   * one that was imported by its alias: KMS wants the id of a key.
   *
   * Imported material has to be there first: import the next one (`ImportType` `NEW_KEY_MATERIAL`) before each date.
   */
  readonly key: IEncryptionKey;

  /** When it is rotated. */
  readonly times: RotationTimes;

  /**
   * On-demand rotations that the key has had already and `times` does not name: 0 to 25. `aws kms list-key-rotations`
   * shows them with `RotationType` `ON_DEMAND`; automatic rotations do not count.
   *
   * @default 0
   */
  readonly rotationsBefore?: number;

  /**
   * Queue for rotations that failed.
   *
   * @default - none; failures show in the metric `InvocationDroppedCount` of EventBridge Scheduler
   */
  readonly deadLetterQueue?: sqs.IQueue;
}

export const ON_DEMAND_ROTATION: Shape<OnDemandRotationProps> = {
  key,
  times: having('RotationTimes', '_dates'),
  rotationsBefore: maybe(number),
  deadLetterQueue: maybe(having('a queue', 'queueArn')),
};
