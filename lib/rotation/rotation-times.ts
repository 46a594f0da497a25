import type { Duration } from 'aws-cdk-lib';
import { date, duration, list, requireKind, requireShape, type Shape, struct } from '../private/shape';

/** Within which time a key is rotated on demand, in UTC. */
export interface RotationSpan {
  /** The first rotation. */
  readonly start: Date;
  /** No rotation after this. It has to be given, since a key has only so many rotations. */
  readonly end: Date;
}

/** When a key is rotated on demand. */
export class RotationTimes {
  /**
   * At these dates, in UTC and in whole seconds. Leave past ones in the list: they have used up rotations, and count.
   *
   * @param dates at least one, none of them twice
   * @throws for an argument of another type
   */
  public static at(dates: Date[]): RotationTimes {
    requireKind('RotationTimes.at', 'dates', dates, list(date));
    return new RotationTimes(dates, undefined, undefined);
  }

  /**
   * At regular intervals within a span of time.
   *
   * @param period whole days, at least 1
   * @param span the first and the last moment
   * @throws for an argument of another type
   */
  public static every(period: Duration, span: RotationSpan): RotationTimes {
    requireShape('RotationTimes.every', { period, span }, { period: duration, span: struct(SPAN) });
    return new RotationTimes([], period, span);
  }

  /** @internal */
  public readonly _dates: readonly Date[];
  /** @internal */
  public readonly _period?: Duration;
  /** @internal */
  public readonly _span?: RotationSpan;

  private constructor(dates: readonly Date[], period: Duration | undefined, span: RotationSpan | undefined) {
    this._dates = dates;
    this._period = period;
    this._span = span;
  }
}

const SPAN: Shape<RotationSpan> = { start: date, end: date };
