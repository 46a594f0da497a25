import { DELEGATION, key } from '../example.ts';
import type { Rule } from '../rule.ts';

export const lockoutCheckBypassed: Rule = {
  id: 'lockout-check-bypassed',
  severity: 'warning',
  title: 'Key created without the lockout safety check of KMS',
  why: 'The check keeps a mistake in the key policy from making the key unmanageable for good. Controls of AWS Control Tower (CT.KMS.PV.3) deny requests that bypass it.',
  trap: 'A key that another principal manages than the one that deploys needs the bypass: say so in a suppression.',
  fix: 'Leave BypassPolicyLockoutSafetyCheck out, and let the role that deploys have kms:PutKeyPolicy.',
  page: 'https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html',
  bad: { resources: { Key: key([DELEGATION], { BypassPolicyLockoutSafetyCheck: true }) } },
  good: { resources: { Key: key() } },
  check: ({ keys }) =>
    keys
      .filter(({ bypassPolicyLockoutSafetyCheck: bypass }) => bypass === true)
      .map((at) => ({ at, message: 'KMS is told not to check that the key policy can still be changed' })),
};
