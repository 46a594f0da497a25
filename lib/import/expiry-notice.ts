import type { Duration } from 'aws-cdk-lib';
import { problems } from '../private/rules';

/** Days of notice before imported material expires: it is valid for at most 365 days. */
export const NOTICE = { min: 1, max: 365, default: 30 } as const;

/** What is wrong with a time of notice; nothing for a token. */
export function noticeProblems(prop: string, notice: Duration | undefined): string[] {
  const days = notice === undefined || notice.isUnresolved() ? undefined : notice.toDays({ integral: false });
  return problems([
    {
      when: days !== undefined && !(days >= NOTICE.min && days <= NOTICE.max),
      message: `${prop} of ${days} days: material is valid for at most ${NOTICE.max} days; use ${NOTICE.min} to ${NOTICE.max}, for instance Duration.days(${NOTICE.default})`,
    },
  ]);
}
