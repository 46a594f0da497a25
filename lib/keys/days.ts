import type { Duration } from 'aws-cdk-lib';

/** Days of a duration. One that is not in whole days is reported with everything else that is wrong, not thrown here. */
export function days(duration: Duration | undefined, fallback: number): number {
  return duration === undefined ? fallback : duration.toDays({ integral: false });
}
