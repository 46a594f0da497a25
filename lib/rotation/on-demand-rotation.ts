import { Duration, Stack, TimeZone } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as targets from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import { allowActions } from '../grants/allow';
import type { IEncryptionKey } from '../keys/i-encryption-key';
import { requireShape } from '../private/shape';
import { onDemandRotationProblems, rotationsIn } from './on-demand-rotation-problems';
import { ON_DEMAND_ROTATION, type OnDemandRotationProps } from './on-demand-rotation-props';

const ACTION = 'kms:RotateKeyOnDemand';

/** Rotations count for a key, not for a construct: two would each see the half of them. */
const rotated = new WeakMap<IEncryptionKey, Construct>();

/**
 * New material for a key at dates of one's own, by EventBridge Scheduler and without a function.
 *
 * Data encrypted under older material stays readable. A key has 25 on-demand rotations in its whole life, and every
 * declared one is counted. Prefer `rotationPeriod` of `EncryptionKey`, which has no such limit, where a date does not
 * matter and KMS made the material.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/rotating-keys-on-demand.html
 */
export class OnDemandRotation extends Construct {
  /** Rotations that are declared here: what is left of the key's 25 is 25 minus these and `rotationsBefore`. */
  public readonly declaredRotations: number;

  /**
   * @throws unless `key` is a key of this library, or when it has another `OnDemandRotation`
   */
  constructor(scope: Construct, id: string, props: OnDemandRotationProps) {
    super(scope, id);
    requireShape(this.node.path, props, ON_DEMAND_ROTATION);
    const { key, times } = props;
    const other = rotated.get(key);
    if (other !== undefined) {
      throw new Error(
        `${this.node.path}: ${key.node.path} is already rotated by ${other.node.path}, and a key's rotations are counted together; name all times in one of them`,
      );
    }
    rotated.set(key, this);
    this.declaredRotations = rotationsIn(times);
    const found = onDemandRotationProblems(this, props);
    this.node.addValidation({ validate: () => found });
    if (found.length > 0) {
      // What cannot be a schedule is reported, and no other error hides the report.
      return;
    }

    const role = this.schedulerRole(key);
    const target = new targets.Universal({
      service: 'kms',
      action: 'rotateKeyOnDemand',
      input: scheduler.ScheduleTargetInput.fromObject({ KeyId: key.keyArn }),
      role,
      policyStatements: [new iam.PolicyStatement({ actions: [ACTION], resources: [key.keyArn] })],
      // A call whose answer was lost may have rotated: tried again, it would use up another one.
      retryAttempts: 1,
      maxEventAge: Duration.hours(1),
      deadLetterQueue: props.deadLetterQueue,
    });
    for (const date of times._dates) {
      // Named after its date: another date is another schedule, and leaves this one alone.
      new scheduler.Schedule(this, `At${date.toISOString().slice(0, 19)}`, {
        schedule: scheduler.ScheduleExpression.at(date, TimeZone.ETC_UTC),
        target,
        description: `Rotates the KMS key ${key.node.path}`,
      });
    }
    if (times._period !== undefined && times._span !== undefined) {
      new scheduler.Schedule(this, 'Every', {
        schedule: scheduler.ScheduleExpression.rate(times._period),
        start: times._span.start,
        end: times._span.end,
        target,
        description: `Rotates the KMS key ${key.node.path}`,
      });
    }
  }

  /** A role that EventBridge Scheduler assumes for schedules of this account and group only. */
  private schedulerRole(key: IEncryptionKey): iam.Role {
    const { account } = Stack.of(this);
    const group = Stack.of(this).formatArn({
      service: 'scheduler',
      resource: 'schedule-group',
      resourceName: 'default',
    });
    const role = new iam.Role(this, 'Role', {
      description: `Rotates the KMS key ${key.node.path}`,
      assumedBy: new iam.ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account, 'aws:SourceArn': group } },
      }),
    });
    allowActions(key, role, [ACTION]);
    return role;
  }
}
