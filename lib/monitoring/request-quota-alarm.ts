import { Duration, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Construct } from 'constructs';
import { problems } from '../private/rules';
import { requireShape } from '../private/shape';
import { KmsRequestQuota } from './request-quota';
import { REQUEST_QUOTA_ALARM, type RequestQuotaAlarmProps } from './request-quota-alarm-props';

/** Minutes that an alarm on values of one minute can look back. */
const DAY = 1440;

/**
 * An alarm on how much of a request quota the account uses up in the Region, requests of AWS services on its behalf
 * included. Beyond it KMS refuses requests with `ThrottlingException`. The quota itself is not written down anywhere: the
 * alarm asks Service Quotas for the one that the account has.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Quotas-Visualize-Alarms.html
 */
export class RequestQuotaAlarm extends Construct {
  /** The alarm. */
  public readonly alarm: cloudwatch.Alarm;

  /** Share of the quota that is used up, in percent. */
  public readonly metric: cloudwatch.MathExpression;

  /** @throws for a property of another type */
  constructor(scope: Construct, id: string, props: RequestQuotaAlarmProps = {}) {
    super(scope, id);
    requireShape(this.node.path, props, REQUEST_QUOTA_ALARM);
    const { quota = KmsRequestQuota.SYMMETRIC, sharePercent = 80, minutes = 3, topic, alarmActions = [] } = props;
    this.node.addValidation({ validate: () => quotaProblems(props) });
    // Several of them can stand in one graph, where each id means one metric.
    const calls = `${quota.replace(/^CryptographicOperations/, '').toLowerCase()}Calls`;
    this.metric = new cloudwatch.MathExpression({
      expression: `100 * ${calls} / SERVICE_QUOTA(${calls})`,
      label: `${quota}, percent of the quota`,
      period: Duration.minutes(1),
      usingMetrics: {
        [calls]: new cloudwatch.Metric({
          namespace: 'AWS/Usage',
          metricName: 'CallCount',
          dimensionsMap: { Class: 'None', Resource: quota, Service: 'KMS', Type: 'API' },
          statistic: cloudwatch.Stats.SUM,
          period: Duration.minutes(1),
        }),
      },
    });
    this.alarm = new cloudwatch.Alarm(this, 'Alarm', {
      metric: this.metric,
      threshold: sharePercent,
      evaluationPeriods: minutes,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      alarmDescription: `${sharePercent} percent of the request quota ${quota} of KMS are used up; cache data keys, use S3 Bucket Keys, or ask for a higher quota`,
    });
    this.alarm.addAlarmAction(...(topic === undefined ? [] : [new actions.SnsAction(topic)]), ...alarmActions);
  }
}

function quotaProblems({ quota, sharePercent, minutes, topic, alarmActions = [] }: RequestQuotaAlarmProps): string[] {
  return problems([
    {
      when:
        sharePercent !== undefined && !Token.isUnresolved(sharePercent) && !(sharePercent > 0 && sharePercent <= 100),
      message: `sharePercent of ${sharePercent}: more than 0 and at most 100 percent are allowed`,
    },
    {
      when:
        minutes !== undefined &&
        !Token.isUnresolved(minutes) &&
        !(Number.isInteger(minutes) && minutes >= 1 && minutes <= DAY),
      message: `minutes of ${minutes}: a whole number from 1 to ${DAY} is allowed, since CloudWatch looks back over a day at most`,
    },
    {
      when: quota !== undefined && !Object.values(KmsRequestQuota).includes(quota),
      message: `quota ${JSON.stringify(quota)}: it is one of ${Object.values(KmsRequestQuota).join(', ')}; of another one there is no metric`,
    },
    {
      when: topic === undefined && alarmActions.length === 0,
      message: 'nobody would hear of the alarm; set topic or alarmActions',
    },
  ]);
}
