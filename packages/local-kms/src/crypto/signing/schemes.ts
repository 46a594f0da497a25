import { ecdsa } from './ecdsa.ts';
import { ed25519, ed25519ph } from './ed25519.ts';
import { mlDsa } from './ml-dsa.ts';
import { pkcs1, pss } from './rsa.ts';
import type { Scheme } from './scheme.ts';
import { sm2dsa } from './sm2dsa.ts';

const SHA_256 = { name: 'sha256', bytes: 32, digestInfo: '3031300d060960864801650304020105000420' };
const SHA_384 = { name: 'sha384', bytes: 48, digestInfo: '3041300d060960864801650304020205000430' };
const SHA_512 = { name: 'sha512', bytes: 64, digestInfo: '3051300d060960864801650304020305000440' };

/** Every signing algorithm of KMS. @see https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html */
export const SCHEMES = {
  RSASSA_PSS_SHA_256: pss(SHA_256),
  RSASSA_PSS_SHA_384: pss(SHA_384),
  RSASSA_PSS_SHA_512: pss(SHA_512),
  RSASSA_PKCS1_V1_5_SHA_256: pkcs1(SHA_256),
  RSASSA_PKCS1_V1_5_SHA_384: pkcs1(SHA_384),
  RSASSA_PKCS1_V1_5_SHA_512: pkcs1(SHA_512),
  ECDSA_SHA_256: ecdsa('sha256', 32),
  ECDSA_SHA_384: ecdsa('sha384', 48),
  ECDSA_SHA_512: ecdsa('sha512', 64),
  SM2DSA: sm2dsa,
  ML_DSA_SHAKE_256: mlDsa,
  ED25519_SHA_512: ed25519,
  ED25519_PH_SHA_512: ed25519ph,
} as const satisfies Record<string, Scheme>;

export type SigningAlgorithm = keyof typeof SCHEMES;
export const SIGNING_ALGORITHMS = Object.keys(SCHEMES) as SigningAlgorithm[];
