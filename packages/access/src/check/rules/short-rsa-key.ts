import { DELEGATION, key } from '../example.ts';
import type { Rule } from '../rule.ts';

const rsa = (KeySpec: string) => key([DELEGATION], { KeySpec, KeyUsage: 'ENCRYPT_DECRYPT', EnableKeyRotation: false });

export const shortRsaKey: Rule = {
  id: 'short-rsa-key',
  severity: 'note',
  title: 'RSA key of 2048 bits for encryption',
  why: 'What is encrypted now may have to be safe for decades. Controls of AWS Control Tower (CT.KMS.PR.2, CT.KMS.PV.2) ask for more than 2048 bits.',
  trap: 'Keys that sign are left alone: a signature counts as long as it is checked.',
  fix: 'Use RSA_3072 or RSA_4096, or a symmetric key where the other side can call KMS.',
  page: 'https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html',
  bad: { resources: { Key: rsa('RSA_2048') } },
  good: { resources: { Key: rsa('RSA_4096') } },
  check: ({ keys }) =>
    keys
      .filter(({ keySpec, keyUsage }) => keySpec === 'RSA_2048' && keyUsage === 'ENCRYPT_DECRYPT')
      .map((at) => ({ at, message: 'data is encrypted under an RSA key of 2048 bits' })),
};
