import type { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { duration, having, key, list, maybe, number, type Shape, text } from '../private/shape';
import type { KeyEvent } from './key-event';

/** Properties of a `KeyWatch`. */
export interface KeyWatchProps {
  /** The keys, 1 to 49, in the account and Region of the stack, where their events arrive; none that is known by alias only. */
  readonly keys: kms.IKey[];

  /**
   * Events to hear of.
   *
   * @default - all but ROTATED and GRANT_CREATED_BY_SERVICE, which are everyday
   */
  readonly events?: KeyEvent[];

  /**
   * Topic that hears of events, in a sentence each, and of alarms. One that is encrypted needs a customer managed key whose
   * policy lets EventBridge and CloudWatch publish.
   *
   * @default - none
   */
  readonly topic?: sns.ITopic;

  /**
   * Further targets of the events, which get them as they are.
   *
   * @default - none
   */
  readonly targets?: events.IRuleTarget[];

  /**
   * Further actions of the alarms.
   *
   * @default - none
   */
  readonly alarmActions?: cloudwatch.IAlarmAction[];

  /**
   * Log group that a trail writes the management events of this account and Region to. It turns on the alarms on refused
   * decryptions and on use of a key that waits for its deletion, with metric filters on the log group. A trail that leaves
   * out events of KMS shows none of it.
   *
   * @default - no such alarms
   */
  readonly trailLogGroup?: logs.ILogGroup;

  /**
   * Refused decryptions within five minutes from which on the alarm goes off: at least 1.
   *
   * @default 1
   */
  readonly failedDecrypts?: number;

  /**
   * Time before imported material expires at which the alarm goes off, 1 to 365 days: for keys with imported material, and
   * when it is given also for keys of which the origin is not known.
   *
   * @default Duration.days(30)
   */
  readonly materialExpiryWarning?: Duration;
}

export const KEY_WATCH: Shape<KeyWatchProps> = {
  keys: list(key),
  events: maybe(list(text)),
  topic: maybe(having('a topic', 'topicArn')),
  targets: maybe(list(having('a target of a rule', 'bind'))),
  alarmActions: maybe(list(having('an alarm action', 'bind'))),
  trailLogGroup: maybe(having('a log group', 'logGroupName')),
  failedDecrypts: maybe(number),
  materialExpiryWarning: maybe(duration),
};
