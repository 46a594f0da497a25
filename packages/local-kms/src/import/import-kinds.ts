import { createPrivateKey, createSecretKey, type KeyObject } from 'node:crypto';
import { derContent } from '../crypto/der.ts';
import { wholePair } from '../crypto/pair.ts';
import type { KeySpec } from '../state/key-specs.ts';

/** How material of a key spec is written, and which wrapping algorithms may carry it. */
interface ImportKind {
  /** Bytes of a secret key; left out for a private key, which is PKCS #8 in DER. */
  readonly bytes?: number;
  /** What `node:crypto` says of a private key of the spec. */
  readonly type?: string;
  readonly modulus?: number;
  readonly curve?: string;
  readonly wrapping: readonly WrappingAlgorithm[];
}

export const WRAPPING_ALGORITHMS = [
  'RSAES_PKCS1_V1_5',
  'RSAES_OAEP_SHA_1',
  'RSAES_OAEP_SHA_256',
  'RSA_AES_KEY_WRAP_SHA_1',
  'RSA_AES_KEY_WRAP_SHA_256',
  'SM2PKE',
] as const;
export type WrappingAlgorithm = (typeof WRAPPING_ALGORITHMS)[number];

const DIRECT = ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'] as const;
const BY_AES = ['RSA_AES_KEY_WRAP_SHA_1', 'RSA_AES_KEY_WRAP_SHA_256'] as const;

const secret = (bytes: number): ImportKind => ({ bytes, wrapping: DIRECT });
const rsa = (modulus: number): ImportKind => ({ type: 'rsa', modulus, wrapping: BY_AES });
const ecc = (curve: string): ImportKind => ({ type: 'ec', curve, wrapping: [...DIRECT, ...BY_AES] });

/**
 * The key specs whose material can be imported here. ML-DSA cannot be imported anywhere; of ML-KEM, Ed25519 and SM2 AWS does
 * not say it.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys-get-public-key-and-token.html
 */
export const IMPORT_KINDS: Readonly<Partial<Record<KeySpec, ImportKind>>> = {
  SYMMETRIC_DEFAULT: secret(32),
  HMAC_224: secret(28),
  HMAC_256: secret(32),
  HMAC_384: secret(48),
  HMAC_512: secret(64),
  RSA_2048: rsa(2048),
  RSA_3072: rsa(3072),
  RSA_4096: rsa(4096),
  ECC_NIST_P256: ecc('prime256v1'),
  ECC_NIST_P384: ecc('secp384r1'),
  ECC_NIST_P521: ecc('secp521r1'),
  ECC_SECG_P256K1: ecc('secp256k1'),
};

/**
 * The key that the bytes are for a spec, and one form of it that is the same for every way to write it; undefined when they
 * are none.
 */
export function readMaterial(
  spec: KeySpec,
  bytes: Uint8Array,
): { readonly secret: KeyObject; readonly canonical: Uint8Array } | undefined {
  const kind = IMPORT_KINDS[spec];
  if (kind === undefined) return undefined;
  if (kind.bytes !== undefined) {
    return bytes.length === kind.bytes ? { secret: createSecretKey(bytes), canonical: bytes } : undefined;
  }
  const key = privateKey(bytes);
  if (key === undefined || key.asymmetricKeyType !== kind.type) return undefined;
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (modulusLength !== kind.modulus || namedCurve !== kind.curve) return undefined;
  const secret = wholePair(key);
  return secret && { secret, canonical: secret.export({ format: 'der', type: 'pkcs8' }) };
}

function privateKey(der: Uint8Array): KeyObject | undefined {
  // What follows would be ignored, and a key that was sealed with it would seem to be the same.
  if (derContent(0x30, der) === undefined) return undefined;
  try {
    return createPrivateKey({ key: Buffer.from(der.buffer, der.byteOffset, der.length), format: 'der', type: 'pkcs8' });
  } catch {
    return undefined;
  }
}
