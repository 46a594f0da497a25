import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { declaredKey } from '../keys/declared-keys';
import { differ } from '../private/environment';
import { problems } from '../private/rules';
import type { OnDemandRotationProps } from './on-demand-rotation-props';
import type { RotationTimes } from './rotation-times';

/**
 * On-demand rotations of a key in its whole life. AWS raises it for nobody.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html#on-demand-rotations
 */
export const ON_DEMAND_ROTATIONS = 25;

const DAY_MS = 86_400_000;

/** Everything that is wrong with rotations on demand; tokens are passed over, not guessed. */
export function onDemandRotationProblems(scope: Construct, props: OnDemandRotationProps): string[] {
  return [...keyProblems(scope, props), ...timesProblems(props.times), ...countProblems(props)];
}

function keyProblems(scope: Construct, { key }: OnDemandRotationProps): string[] {
  const { kind, aliasName } = declaredKey(key);
  const { account, region } = Stack.of(scope);
  return problems([
    {
      when: kind.usage !== 'ENCRYPT_DECRYPT' || !kind.symmetric,
      message: `key ${key.node.path} is ${kind.symmetric ? 'a symmetric' : 'an asymmetric'} key with usage ${kind.usage}: KMS rotates symmetric encryption keys only, since others have one material for their whole life; make a new key beside it, with the class for key generations of its usage`,
    },
    {
      when: aliasName !== undefined,
      message: `key ${key.node.path} is imported by its alias, and RotateKeyOnDemand wants the id of a key; import it by ARN or fromLookup`,
    },
    {
      when: differ(account, key.env.account) || differ(region, key.env.region),
      message: `key ${key.node.path} is in account ${key.env.account} and Region ${key.env.region}: RotateKeyOnDemand works in those of the stack only, ${account} and ${region}; declare it in a stack there`,
    },
  ]);
}

function timesProblems({ _dates: dates, _period: period, _span: span }: RotationTimes): string[] {
  const seconds = dates.map((date) => Math.floor(date.getTime() / 1000));
  const days = period === undefined || period.isUnresolved() ? undefined : period.toDays({ integral: false });
  const [start, end] = [span?.start.getTime() ?? 0, span?.end.getTime() ?? 0];
  return problems([
    { when: span === undefined && dates.length === 0, message: 'times: no date is given; give at least one' },
    {
      when: [...seconds, start, end].some(Number.isNaN),
      message: 'times: one of the dates is none; give for instance new Date("2027-03-01T00:00:00Z")',
    },
    {
      when: new Set(seconds).size < seconds.length,
      message: 'times: a date is given twice, and each rotation counts; leave one of them out',
    },
    {
      when: days !== undefined && (!Number.isInteger(days) || days < 1),
      message: `times: a period of ${days} days; whole days from 1 are allowed`,
    },
    { when: end < start, message: 'times: end is before start, so the key would never be rotated' },
    {
      when: span !== undefined && end === start,
      message: 'times: end is start, which is one rotation; say it with RotationTimes.at, or give a later end',
    },
  ]);
}

function countProblems({ times, rotationsBefore: before = 0 }: OnDemandRotationProps): string[] {
  const declared = rotationsIn(times);
  const known = Token.isUnresolved(before) ? 0 : before;
  return problems([
    {
      when: !(Number.isInteger(known) && known >= 0 && known <= ON_DEMAND_ROTATIONS),
      message: `rotationsBefore of ${before}: whole numbers from 0 to ${ON_DEMAND_ROTATIONS} are allowed`,
    },
    {
      when: declared + known > ON_DEMAND_ROTATIONS,
      message: `${declared} rotations are declared${known > 0 ? ` and ${known} were before` : ''}: a key has ${ON_DEMAND_ROTATIONS} on-demand rotations in its whole life, and every later one fails; rotate less often, end earlier, or use rotationPeriod of the key, which has no such limit`,
    },
  ]);
}

/** Rotations that the times stand for; 0 where that is not known. */
export function rotationsIn({ _dates: dates, _period: period, _span: span }: RotationTimes): number {
  if (span === undefined || period === undefined) {
    return dates.length;
  }
  const days = period.isUnresolved() ? Number.NaN : period.toDays({ integral: false });
  const count = Math.floor((span.end.getTime() - span.start.getTime()) / (days * DAY_MS)) + 1;
  return Number.isFinite(count) ? Math.max(count, 0) : 0;
}
