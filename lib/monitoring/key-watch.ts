import { Duration, Names } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { NOTICE } from '../import/expiry-notice';
import { kindOf } from '../keys/kind-of';
import { key as aKey, having, requireKind, requireShape } from '../private/shape';
import { isEvent, isRequest, patternOf } from './event-patterns';
import { KeyEvent } from './key-event';
import { KEY_WATCH, type KeyWatchProps } from './key-watch-props';
import { failedDecrypts, UNKNOWN_CIPHERTEXTS, useWhilePendingDeletion } from './log-filters';
import { watchProblems } from './watch-problems';

/** An event pattern has at most 2,048 characters, the ARN of a key up to 95. */
const KEYS_PER_RULE = 15;

const EVERYDAY: readonly KeyEvent[] = [KeyEvent.ROTATED, KeyEvent.GRANT_CREATED_BY_SERVICE];

/**
 * Watches keys: what is done to them, what fails with them, and what is about to fail.
 *
 * Events come from EventBridge, within minutes and as a rule once (AWS calls it best effort). Requests are heard of where
 * a trail records management events, and those that KMS refused are not. Alarms are CloudWatch's.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/monitoring-overview.html
 */
export class KeyWatch extends Construct {
  /** The rules, one for each event and fifteen keys. */
  public readonly rules: events.Rule[] = [];

  /** The alarms. */
  public readonly alarms: cloudwatch.Alarm[] = [];

  /** The keys. */
  public readonly keys: kms.IKey[];

  private readonly props: KeyWatchProps;

  /**
   * @throws when the application has something else under the id of a stack of replicas; what else is wrong is reported at
   * synthesis
   */
  constructor(scope: Construct, id: string, props: KeyWatchProps) {
    super(scope, id);
    requireShape(this.node.path, props, KEY_WATCH);
    this.props = props;
    // Filters of a key that is there twice would count each refusal twice.
    this.keys = [...new Set(props.keys)];
    this.node.addValidation({ validate: () => watchProblems(this, props) });
    const wanted = props.events ?? Object.values(KeyEvent).filter((event) => !EVERYDAY.includes(event));
    for (const event of new Set(wanted.filter(isEvent))) {
      this.addRules(event);
    }
    for (const [index, key] of this.keys.entries()) {
      this.addExpiryAlarm(key, index);
    }
    if (props.trailLogGroup !== undefined) {
      this.addLogAlarms(props.trailLogGroup);
    }
  }

  /**
   * Lets one more target hear of all events that are watched.
   *
   * @param target where the events go as well
   * @throws for an argument of another type
   */
  public addTarget(target: events.IRuleTarget): void {
    requireKind(this.node.path, 'target', target, having('a target of a rule', 'bind'));
    for (const rule of this.rules) {
      rule.addTarget(target);
    }
  }

  /**
   * Lets one more action follow all alarms.
   *
   * @param action what follows: a topic, a function
   */
  public addAlarmAction(action: cloudwatch.IAlarmAction): void {
    for (const alarm of this.alarms) {
      alarm.addAlarmAction(action);
    }
  }

  /**
   * Refused decryptions under the keys: denied, under the wrong key, or of a damaged ciphertext.
   *
   * @throws without `trailLogGroup`
   */
  public metricFailedDecrypts(): cloudwatch.Metric {
    return this.metricFromLog('FailedDecrypts');
  }

  /**
   * Attempts to use one of the keys while it waits for its deletion.
   *
   * @throws without `trailLogGroup`
   */
  public metricUseWhilePendingDeletion(): cloudwatch.Metric {
    return this.metricFromLog('UseWhilePendingDeletion');
  }

  /**
   * Seconds until the imported material of a key expires; it has values for such keys only.
   *
   * @param key the key with imported material
   * @throws for an argument of another type
   */
  public metricMaterialExpiration(key: kms.IKey): cloudwatch.Metric {
    requireKind(this.node.path, 'key', key, aKey);
    return new cloudwatch.Metric({
      namespace: 'AWS/KMS',
      metricName: 'SecondsUntilKeyMaterialExpiration',
      dimensionsMap: { KeyId: key.keyId },
      statistic: cloudwatch.Stats.MINIMUM,
      period: Duration.hours(1),
    });
  }

  private addRules(event: KeyEvent): void {
    for (let start = 0; start < this.keys.length; start += KEYS_PER_RULE) {
      const keys = this.keys.slice(start, start + KEYS_PER_RULE);
      const rule = new events.Rule(this, start === 0 ? event : `${event}-${start / KEYS_PER_RULE}`, {
        description: `${event} of ${keys.map(({ node }) => node.path).join(', ')}`.slice(0, 512),
        eventPattern: patternOf(
          event,
          keys.map(({ keyArn }) => keyArn),
        ),
        targets: [...(this.props.targets ?? [])],
      });
      if (this.props.topic !== undefined) {
        rule.addTarget(new targets.SnsTopic(this.props.topic, { message: sentence(event) }));
      }
      this.rules.push(rule);
    }
  }

  private addExpiryAlarm(key: kms.IKey, index: number): void {
    const { materialExpiryWarning } = this.props;
    // Of a key that was imported into the application, the origin is not known.
    const expires =
      key.node.defaultChild === undefined ? materialExpiryWarning !== undefined : kindOf(key)?.imported === true;
    if (expires) {
      const warning = materialExpiryWarning ?? Duration.days(NOTICE.default);
      this.addAlarm(`MaterialExpiring${index === 0 ? '' : index}`, {
        metric: this.metricMaterialExpiration(key),
        threshold: warning.toSeconds(),
        comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD,
        alarmDescription: `imported material of ${key.node.path} expires within ${warning.toHumanString()}; import it again`,
      });
    }
  }

  private addLogAlarms(logGroup: logs.ILogGroup): void {
    for (const [index, { keyId }] of this.keys.entries()) {
      this.addFilter(logGroup, `FailedDecrypts-${index}`, 'FailedDecrypts', failedDecrypts(keyId));
      this.addFilter(logGroup, `Pending-${index}`, 'UseWhilePendingDeletion', useWhilePendingDeletion(keyId));
    }
    this.addFilter(logGroup, 'UnknownCiphertexts', 'FailedDecrypts', UNKNOWN_CIPHERTEXTS);
    this.addAlarm('FailedDecrypts', {
      metric: this.metricFailedDecrypts(),
      threshold: this.props.failedDecrypts ?? 1,
      alarmDescription:
        'decryptions were refused: access denied, a wrong key, or a ciphertext that is none; see the trail',
    });
    this.addAlarm('UseWhilePendingDeletion', {
      metric: this.metricUseWhilePendingDeletion(),
      threshold: 1,
      alarmDescription: 'a key that waits for its deletion is still used; cancel the deletion',
    });
  }

  private addFilter(logGroup: logs.ILogGroup, id: string, metric: string, pattern: string): void {
    new logs.MetricFilter(this, id, {
      logGroup,
      filterPattern: logs.FilterPattern.literal(pattern),
      metricNamespace: this.namespace,
      metricName: metric,
      metricValue: '1',
    });
  }

  private addAlarm(id: string, props: Omit<cloudwatch.AlarmProps, 'evaluationPeriods'>): void {
    const alarm = new cloudwatch.Alarm(this, `${id}Alarm`, {
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      ...props,
    });
    const { topic, alarmActions = [] } = this.props;
    alarm.addAlarmAction(...(topic === undefined ? [] : [new actions.SnsAction(topic)]), ...alarmActions);
    this.alarms.push(alarm);
  }

  private metricFromLog(metricName: string): cloudwatch.Metric {
    if (this.props.trailLogGroup === undefined) {
      throw new Error(
        `${this.node.path}: there is no metric ${metricName} without the log group of a trail; set trailLogGroup`,
      );
    }
    return new cloudwatch.Metric({
      namespace: this.namespace,
      metricName,
      statistic: cloudwatch.Stats.SUM,
      period: Duration.minutes(5),
    });
  }

  // A namespace of its own: filters of two watches must not count into one metric.
  private get namespace(): string {
    return `Keysmith/${Names.uniqueResourceName(this, { maxLength: 200 })}`;
  }
}

function sentence(event: KeyEvent): events.RuleTargetInput {
  const at = events.EventField.fromPath;
  return events.RuleTargetInput.fromText(
    isRequest(event)
      ? `KMS key ${at('$.detail.resources[0].ARN')}: ${event} (${at('$.detail.eventName')}) by ${at('$.detail.userIdentity.arn')} at ${at('$.time')}, CloudTrail event ${at('$.detail.eventID')}`
      : `KMS key ${at('$.resources[0]')}: ${event} (${at('$.detail-type')}) at ${at('$.time')}`,
  );
}
