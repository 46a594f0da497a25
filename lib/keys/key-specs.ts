/** What a KMS key may be used for. A key has exactly one usage, for its whole life. */
export type KeyUsageName = 'ENCRYPT_DECRYPT' | 'SIGN_VERIFY' | 'GENERATE_VERIFY_MAC' | 'KEY_AGREEMENT';

/** What KMS can do with a key spec. */
export interface KeySpecFacts {
  readonly usages: readonly KeyUsageName[];
  /** Whether KMS can rotate keys of this spec, on a schedule or on demand. */
  readonly rotates: boolean;
  /** Whether key material of one's own can be imported. */
  readonly importable: boolean;
  /** Whether the spec exists in the China Regions only. */
  readonly chinaOnly: boolean;
}

const ELSEWHERE = { rotates: false, importable: true, chinaOnly: false } as const;

/**
 * The key specs that CloudFormation can make, and what each can do. ML_KEM specs exist in the API of KMS and not in
 * CloudFormation.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-kms-key.html
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html
 */
export const KEY_SPECS = {
  SYMMETRIC_DEFAULT: { ...ELSEWHERE, usages: ['ENCRYPT_DECRYPT'], rotates: true },
  HMAC_224: { ...ELSEWHERE, usages: ['GENERATE_VERIFY_MAC'] },
  HMAC_256: { ...ELSEWHERE, usages: ['GENERATE_VERIFY_MAC'] },
  HMAC_384: { ...ELSEWHERE, usages: ['GENERATE_VERIFY_MAC'] },
  HMAC_512: { ...ELSEWHERE, usages: ['GENERATE_VERIFY_MAC'] },
  RSA_2048: { ...ELSEWHERE, usages: ['ENCRYPT_DECRYPT', 'SIGN_VERIFY'] },
  RSA_3072: { ...ELSEWHERE, usages: ['ENCRYPT_DECRYPT', 'SIGN_VERIFY'] },
  RSA_4096: { ...ELSEWHERE, usages: ['ENCRYPT_DECRYPT', 'SIGN_VERIFY'] },
  ECC_NIST_P256: { ...ELSEWHERE, usages: ['SIGN_VERIFY', 'KEY_AGREEMENT'] },
  ECC_NIST_P384: { ...ELSEWHERE, usages: ['SIGN_VERIFY', 'KEY_AGREEMENT'] },
  ECC_NIST_P521: { ...ELSEWHERE, usages: ['SIGN_VERIFY', 'KEY_AGREEMENT'] },
  ECC_NIST_EDWARDS25519: { ...ELSEWHERE, usages: ['SIGN_VERIFY'] },
  ECC_SECG_P256K1: { ...ELSEWHERE, usages: ['SIGN_VERIFY'] },
  ML_DSA_44: { ...ELSEWHERE, usages: ['SIGN_VERIFY'], importable: false },
  ML_DSA_65: { ...ELSEWHERE, usages: ['SIGN_VERIFY'], importable: false },
  ML_DSA_87: { ...ELSEWHERE, usages: ['SIGN_VERIFY'], importable: false },
  SM2: { ...ELSEWHERE, usages: ['ENCRYPT_DECRYPT', 'SIGN_VERIFY', 'KEY_AGREEMENT'], chinaOnly: true },
} as const satisfies Record<string, KeySpecFacts>;

/** Name of a key spec, as CloudFormation spells it. */
export type KeySpecName = keyof typeof KEY_SPECS;

/** The specs that a usage allows, in the order of the table. */
export function specsFor(usage: KeyUsageName): KeySpecName[] {
  return (Object.keys(KEY_SPECS) as KeySpecName[]).filter((name) => {
    const usages: readonly KeyUsageName[] = KEY_SPECS[name].usages;
    return usages.includes(usage);
  });
}
