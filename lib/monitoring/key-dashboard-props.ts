import { having, list, maybe, type Shape, text } from '../private/shape';
import type { KeyWatch } from './key-watch';
import type { RequestQuotaAlarm } from './request-quota-alarm';

/** Properties of a `KeyDashboard`. */
export interface KeyDashboardProps {
  /** The watch whose keys and alarms are shown. */
  readonly watch: KeyWatch;

  /**
   * Alarms on request quotas that are shown as well.
   *
   * @default - none
   */
  readonly quotaAlarms?: RequestQuotaAlarm[];

  /**
   * Name of the dashboard: letters, digits, `-` and `_`.
   *
   * @default - CloudFormation makes one up
   */
  readonly dashboardName?: string;
}

export const KEY_DASHBOARD: Shape<KeyDashboardProps> = {
  watch: having('a KeyWatch', 'rules'),
  quotaAlarms: maybe(list(having('a RequestQuotaAlarm', 'alarm'))),
  dashboardName: maybe(text),
};
