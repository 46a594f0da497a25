import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { requireShape } from '../private/shape';
import { KEY_DASHBOARD, type KeyDashboardProps } from './key-dashboard-props';

/**
 * A dashboard of keys: the alarms, the successful requests of each key by operation, and how far the quotas are used up.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/monitoring-cloudwatch.html
 */
export class KeyDashboard extends Construct {
  /** The dashboard, for further widgets. */
  public readonly dashboard: cloudwatch.Dashboard;

  /** @throws for a property of another type */
  constructor(scope: Construct, id: string, props: KeyDashboardProps) {
    super(scope, id);
    requireShape(this.node.path, props, KEY_DASHBOARD);
    const { watch, quotaAlarms = [] } = props;
    const alarms = [...watch.alarms, ...quotaAlarms.map(({ alarm }) => alarm)];
    this.dashboard = new cloudwatch.Dashboard(this, 'Dashboard', { dashboardName: props.dashboardName });
    if (alarms.length > 0) {
      this.dashboard.addWidgets(new cloudwatch.AlarmStatusWidget({ title: 'Alarms', alarms, width: 24 }));
    }
    this.dashboard.addWidgets(
      ...watch.keys.map(
        (key) =>
          new cloudwatch.GraphWidget({
            title: `Successful requests: ${key.node.path}`,
            width: 12,
            left: [successfulRequests(key)],
          }),
      ),
    );
    if (quotaAlarms.length > 0) {
      this.dashboard.addWidgets(
        new cloudwatch.GraphWidget({
          title: 'Request quotas, percent',
          width: 24,
          left: quotaAlarms.map(({ metric }) => metric),
          leftYAxis: { min: 0, max: 100 },
        }),
      );
    }
  }
}

/** One line for each operation of the key. */
function successfulRequests(key: kms.IKey): cloudwatch.MathExpression {
  return new cloudwatch.MathExpression({
    expression: `SEARCH('{AWS/KMS,KeyArn,Operation} MetricName="SuccessfulRequest" KeyArn="${key.keyArn}"', 'Sum', 300)`,
    label: '',
    usingMetrics: {},
    period: Duration.minutes(5),
  });
}
