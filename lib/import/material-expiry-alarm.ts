import { Duration, Stack, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { knownKey } from '../keys/declared-keys';
import { problems } from '../private/rules';
import { duration, having, key, list, maybe, requireShape, type Shape } from '../private/shape';
import { NOTICE, noticeProblems } from './expiry-notice';

/** Properties of a `MaterialExpiryAlarm`. */
export interface MaterialExpiryAlarmProps {
  /** The key whose imported material expires. Each replica has its own, with its own alarm in its Region. */
  readonly key: kms.IKey;

  /**
   * Time before the expiry at which the alarm goes off: 1 to 365 days.
   *
   * @default Duration.days(30)
   */
  readonly notice?: Duration;

  /**
   * What happens when it goes off, for instance a message to a topic.
   *
   * @default - nothing but the state of the alarm
   */
  readonly alarmActions?: cloudwatch.IAlarmAction[];
}

/**
 * An alarm before imported material expires. When it has expired, KMS deletes it, and nothing that is encrypted under the key
 * can be read until the same material is imported again.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/imported-key-material-expiration-alarm.html
 */
export class MaterialExpiryAlarm extends Construct {
  /** The alarm itself. */
  public readonly alarm: cloudwatch.Alarm;

  /** @throws for a property of another type */
  constructor(scope: Construct, id: string, props: MaterialExpiryAlarmProps) {
    super(scope, id);
    requireShape(this.node.path, props, MATERIAL_EXPIRY_ALARM);
    const notice = props.notice ?? Duration.days(NOTICE.default);
    const found = [...noticeProblems('notice', notice), ...alarmProblems(this, props.key)];
    this.node.addValidation({ validate: () => found });
    this.alarm = new cloudwatch.Alarm(this, 'Alarm', {
      alarmDescription: `Imported material of ${props.key.node.path} expires soon: import the same material again`,
      metric: new cloudwatch.Metric({
        namespace: 'AWS/KMS',
        metricName: 'SecondsUntilKeyMaterialExpiration',
        dimensionsMap: { KeyId: props.key.keyId },
        statistic: cloudwatch.Stats.MINIMUM,
        period: Duration.minutes(1),
      }),
      threshold: notice.toSeconds({ integral: false }),
      comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      // KMS stops counting when the material is gone: an alarm that went off stays on until there is some again.
      treatMissingData: cloudwatch.TreatMissingData.IGNORE,
    });
    this.alarm.addAlarmAction(...(props.alarmActions ?? []));
  }
}

function alarmProblems(scope: Construct, key: kms.IKey): string[] {
  const known = knownKey(key);
  const { region } = Stack.of(scope);
  const { region: ofKey } = key.env;
  return problems([
    {
      when: known?.policy !== undefined && !known.kind.imported,
      message: `key ${key.node.path} has material that KMS made, which does not expire, so the alarm would never go off; leave it out, or use origin EXTERNAL`,
    },
    {
      when: !Token.isUnresolved(region) && !Token.isUnresolved(ofKey) && region !== ofKey,
      message: `key ${key.node.path} is in ${ofKey}, and its metric is in no other Region; make the alarm in a stack there`,
    },
    {
      when: known?.aliasName !== undefined,
      message: `key ${key.node.path} is imported by its alias, and the metric is found by the key id; import it by ARN or fromLookup`,
    },
  ]);
}

const MATERIAL_EXPIRY_ALARM: Shape<MaterialExpiryAlarmProps> = {
  key,
  notice: maybe(duration),
  alarmActions: maybe(list(having('an alarm action', 'bind'))),
};
