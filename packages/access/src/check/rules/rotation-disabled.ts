import { DELEGATION, key } from '../example.ts';
import type { Rule } from '../rule.ts';

export const rotationDisabled: Rule = {
  id: 'rotation-disabled',
  severity: 'warning',
  title: 'Symmetric key without automatic rotation',
  why: 'Automatic rotation replaces the key material at no change for users of the key. Security Hub (KMS.4), CIS and PCI DSS ask for it.',
  trap: 'KMS rotates symmetric encryption keys with material of its own only. Asymmetric keys, HMAC keys, imported material and custom key stores are left alone, and a replica key has the rotation of its primary key.',
  fix: 'Set EnableKeyRotation to true (enableKeyRotation in the CDK).',
  page: 'https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html',
  bad: { resources: { Key: key([DELEGATION], { EnableKeyRotation: false }) } },
  good: {
    resources: {
      Key: key(),
      Signing: key([DELEGATION], { EnableKeyRotation: false, KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }),
    },
  },
  check: ({ keys }) =>
    keys
      .filter(({ replicaOf, keySpec, origin, rotation: { enabled } }) => {
        const canRotate = keySpec === 'SYMMETRIC_DEFAULT' && origin === 'AWS_KMS';
        return canRotate && replicaOf === undefined && enabled === false;
      })
      .map((at) => ({ at, message: 'the key material is not rotated automatically' })),
};
