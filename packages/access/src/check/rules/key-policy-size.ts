import { allow, DELEGATION, key } from '../example.ts';
import { bytesOf, MOST_BYTES, shortestDocument } from '../policy-document.ts';
import type { Rule } from '../rule.ts';

const CLOSE = 0.9;
const roles = Array.from({ length: 700 }, (_none, index) => `arn:aws:iam::111122223333:role/reports/Reader${index}`);

export const keyPolicySize: Rule = {
  id: 'key-policy-size',
  severity: 'error',
  title: 'Key policy that is longer than KMS takes, or nearly so',
  why: 'KMS refuses a key policy of more than 32 KB, in the middle of a deployment.',
  trap: 'Strings that only deployment knows count as nothing, so the real policy is longer than the number says: from 90 % on there is a warning.',
  fix: 'Delegate to the account and give access in IAM policies, or name many principals by a condition.',
  page: 'https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html',
  bad: { resources: { Key: key([DELEGATION, allow({ AWS: roles }, 'kms:Decrypt')]) } },
  good: { resources: { Key: key([DELEGATION, allow({ AWS: roles.slice(0, 10) }, 'kms:Decrypt')]) } },
  check: ({ keys }) =>
    keys.flatMap((at) => {
      const bytes = bytesOf(shortestDocument(at.keyPolicy));
      const place = { at, policy: at.keyPolicy };
      if (bytes > MOST_BYTES) {
        return [{ ...place, message: `the key policy has at least ${bytes} bytes; KMS takes ${MOST_BYTES}` }];
      }
      if (bytes <= MOST_BYTES * CLOSE) return [];
      const message = `the key policy has at least ${bytes} of the ${MOST_BYTES} bytes that KMS takes`;
      return [{ ...place, message, severity: 'warning' as const }];
    }),
};
