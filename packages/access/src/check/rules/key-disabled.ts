import { DELEGATION, key } from '../example.ts';
import type { Rule } from '../rule.ts';

export const keyDisabled: Rule = {
  id: 'key-disabled',
  severity: 'note',
  title: 'Key that is disabled',
  why: 'Every use of the key fails, and so does reading what it encrypted, until it is enabled again.',
  trap: 'To disable a key before it is deleted is good practice: this is a note.',
  fix: 'Leave Enabled out, or suppress with the reason for which the key is out of use.',
  page: 'https://docs.aws.amazon.com/kms/latest/developerguide/enabling-keys.html',
  bad: { resources: { Key: key([DELEGATION], { Enabled: false }) } },
  good: { resources: { Key: key() } },
  check: ({ keys }) =>
    keys
      .filter(({ enabled }) => enabled === false)
      .map((at) => ({ at, message: 'the key is disabled: nobody can use it' })),
};
