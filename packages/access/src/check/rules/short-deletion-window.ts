import { DELEGATION, key } from '../example.ts';
import type { Rule } from '../rule.ts';

const LONGEST = 30;

export const shortDeletionWindow: Rule = {
  id: 'short-deletion-window',
  severity: 'note',
  title: 'Key that can be deleted in less than 30 days',
  why: 'Until the waiting period is over, a deletion can be cancelled. Afterwards everything that was encrypted under the key is lost.',
  trap: 'A period that the template leaves out is 30 days. It says nothing about a key that is never deleted, so this is a note.',
  fix: 'Leave PendingWindowInDays out, or set it to 30.',
  page: 'https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html',
  bad: { resources: { Key: key([DELEGATION], { PendingWindowInDays: 7 }) } },
  good: { resources: { Key: key() } },
  check: ({ keys }) =>
    keys.flatMap((at) => {
      const { pendingWindowInDays: days = LONGEST } = at;
      return days < LONGEST ? [{ at, message: `a deletion of the key can be cancelled for ${days} days only` }] : [];
    }),
};
