/**
 * What each key spec can be used for, and with which algorithms.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html
 */
export interface KeySpecFacts {
  readonly usages: readonly KeyUsage[];
  /** Members of KeyMetadata that list the algorithms of the spec, by usage. */
  readonly algorithms: Readonly<Partial<Record<KeyUsage, readonly string[]>>>;
  /** Where there are keys of the spec: in the China Regions only, or everywhere but there. Left out: everywhere. */
  readonly china?: 'only' | 'never';
}

export type KeyUsage =
  | 'ENCRYPT_DECRYPT'
  | 'SIGN_VERIFY'
  | 'GENERATE_VERIFY_MAC'
  | 'KEY_AGREEMENT'
  | 'ENCAPSULATE_DECAPSULATE';

const RSA: KeySpecFacts = {
  usages: ['ENCRYPT_DECRYPT', 'SIGN_VERIFY'],
  algorithms: {
    ENCRYPT_DECRYPT: ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'],
    SIGN_VERIFY: [
      'RSASSA_PKCS1_V1_5_SHA_256',
      'RSASSA_PKCS1_V1_5_SHA_384',
      'RSASSA_PKCS1_V1_5_SHA_512',
      'RSASSA_PSS_SHA_256',
      'RSASSA_PSS_SHA_384',
      'RSASSA_PSS_SHA_512',
    ],
  },
};
const ecc = (signing: readonly string[], agreement: boolean): KeySpecFacts => ({
  usages: agreement ? ['SIGN_VERIFY', 'KEY_AGREEMENT'] : ['SIGN_VERIFY'],
  algorithms: { SIGN_VERIFY: signing, ...(agreement && { KEY_AGREEMENT: ['ECDH'] }) },
});
const hmac = (algorithm: string): KeySpecFacts => ({
  usages: ['GENERATE_VERIFY_MAC'],
  algorithms: { GENERATE_VERIFY_MAC: [algorithm] },
});
const ML_DSA: KeySpecFacts = {
  usages: ['SIGN_VERIFY'],
  algorithms: { SIGN_VERIFY: ['ML_DSA_SHAKE_256'] },
};
const ML_KEM: KeySpecFacts = {
  usages: ['ENCAPSULATE_DECAPSULATE'],
  algorithms: { ENCAPSULATE_DECAPSULATE: ['ML_KEM'] },
  china: 'never',
};

export const KEY_SPECS = {
  SYMMETRIC_DEFAULT: {
    usages: ['ENCRYPT_DECRYPT'],
    algorithms: { ENCRYPT_DECRYPT: ['SYMMETRIC_DEFAULT'] },
  },
  RSA_2048: RSA,
  RSA_3072: RSA,
  RSA_4096: RSA,
  ECC_NIST_P256: ecc(['ECDSA_SHA_256'], true),
  ECC_NIST_P384: ecc(['ECDSA_SHA_384'], true),
  ECC_NIST_P521: ecc(['ECDSA_SHA_512'], true),
  ECC_NIST_EDWARDS25519: ecc(['ED25519_SHA_512', 'ED25519_PH_SHA_512'], false),
  ECC_SECG_P256K1: ecc(['ECDSA_SHA_256'], false),
  HMAC_224: hmac('HMAC_SHA_224'),
  HMAC_256: hmac('HMAC_SHA_256'),
  HMAC_384: hmac('HMAC_SHA_384'),
  HMAC_512: hmac('HMAC_SHA_512'),
  ML_DSA_44: ML_DSA,
  ML_DSA_65: ML_DSA,
  ML_DSA_87: ML_DSA,
  ML_KEM_512: ML_KEM,
  ML_KEM_768: ML_KEM,
  ML_KEM_1024: ML_KEM,
  SM2: {
    usages: ['ENCRYPT_DECRYPT', 'SIGN_VERIFY', 'KEY_AGREEMENT'],
    algorithms: { ENCRYPT_DECRYPT: ['SM2PKE'], SIGN_VERIFY: ['SM2DSA'], KEY_AGREEMENT: ['ECDH'] },
    china: 'only',
  },
} as const satisfies Record<string, KeySpecFacts>;

export type KeySpec = keyof typeof KEY_SPECS;
export const KEY_SPEC_NAMES = Object.keys(KEY_SPECS) as KeySpec[];
export const KEY_USAGES = [
  'SIGN_VERIFY',
  'ENCRYPT_DECRYPT',
  'GENERATE_VERIFY_MAC',
  'KEY_AGREEMENT',
  'ENCAPSULATE_DECAPSULATE',
] as const satisfies readonly KeyUsage[];

/** Where a value of the outside is the name of a key spec, that spec. */
export function keySpecNamed(name: string): KeySpec | undefined {
  return KEY_SPEC_NAMES.find((spec) => spec === name);
}

/** Algorithms of a spec in a usage; empty where the spec has not got the usage. */
export function algorithmsOf(spec: KeySpec, usage: KeyUsage): readonly string[] {
  const facts: KeySpecFacts = KEY_SPECS[spec];
  return facts.algorithms[usage] ?? [];
}

export function usagesOf(spec: KeySpec): readonly KeyUsage[] {
  return KEY_SPECS[spec].usages;
}

/** Whether the Region has keys of the spec. */
export function isSpecOf(spec: KeySpec, region: string): boolean {
  const { china }: KeySpecFacts = KEY_SPECS[spec];
  return china === undefined || (china === 'only') === region.startsWith('cn-');
}
