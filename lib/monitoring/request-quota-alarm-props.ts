import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { having, knownNumber, list, maybe, type Shape, text } from '../private/shape';
import type { KmsRequestQuota } from './request-quota';

/** Properties of a `RequestQuotaAlarm`. */
export interface RequestQuotaAlarmProps {
  /**
   * The quota.
   *
   * @default KmsRequestQuota.SYMMETRIC
   */
  readonly quota?: KmsRequestQuota;

  /**
   * Share of the quota from which on the alarm goes off, in percent: above 0 and at most 100.
   *
   * @default 80
   */
  readonly sharePercent?: number;

  /**
   * Minutes in a row that the share has to be reached: 1 to 1,440, which is a day.
   *
   * @default 3
   */
  readonly minutes?: number;

  /**
   * Topic that hears of the alarm.
   *
   * @default - none
   */
  readonly topic?: sns.ITopic;

  /**
   * Further actions of the alarm.
   *
   * @default - none
   */
  readonly alarmActions?: cloudwatch.IAlarmAction[];
}

export const REQUEST_QUOTA_ALARM: Shape<RequestQuotaAlarmProps> = {
  quota: maybe(text),
  sharePercent: maybe(knownNumber),
  minutes: maybe(knownNumber),
  topic: maybe(having('a topic', 'topicArn')),
  alarmActions: maybe(list(having('an alarm action', 'bind'))),
};
