import { createHash, createPrivateKey, createSecretKey, type KeyObject } from 'node:crypto';
import { KEY_TAG_BYTES, type KeyMaterial, madeMaterial } from '../../crypto/material.ts';
import { wholePair } from '../../crypto/pair.ts';
import { ML_DSA_SEED_BYTES, ML_KEM_SEED_BYTES } from '../../crypto/seeds.ts';
import type { KeySpec } from '../../state/key-specs.ts';
import type { SeedMaterial } from './document.ts';

type Form =
  | { readonly bytes: number }
  /** What `node:crypto` says of the private key. */
  | { readonly type: string; readonly modulus?: number; readonly curve?: string };

const rsa = (modulus: number): Form => ({ type: 'rsa', modulus });
const ec = (curve: string): Form => ({ type: 'ec', curve });

/** How the material of each key spec is written. Node.js loads no private key of SM2 that it then works with. */
const FORMS: Readonly<Record<KeySpec, Form | undefined>> = {
  SYMMETRIC_DEFAULT: { bytes: 32 },
  RSA_2048: rsa(2048),
  RSA_3072: rsa(3072),
  RSA_4096: rsa(4096),
  ECC_NIST_P256: ec('prime256v1'),
  ECC_NIST_P384: ec('secp384r1'),
  ECC_NIST_P521: ec('secp521r1'),
  ECC_NIST_EDWARDS25519: { type: 'ed25519' },
  ECC_SECG_P256K1: ec('secp256k1'),
  HMAC_224: { bytes: 28 },
  HMAC_256: { bytes: 32 },
  HMAC_384: { bytes: 48 },
  HMAC_512: { bytes: 64 },
  ML_DSA_44: { bytes: ML_DSA_SEED_BYTES },
  ML_DSA_65: { bytes: ML_DSA_SEED_BYTES },
  ML_DSA_87: { bytes: ML_DSA_SEED_BYTES },
  ML_KEM_512: { bytes: ML_KEM_SEED_BYTES },
  ML_KEM_768: { bytes: ML_KEM_SEED_BYTES },
  ML_KEM_1024: { bytes: ML_KEM_SEED_BYTES },
  SM2: undefined,
};

/**
 * The material that a seed file gives. Its id and its tag in ciphertexts come from it and the key id, so that what one run
 * encrypted another run decrypts.
 *
 * @returns the material, or what is wrong with it, which never shows any of it
 */
export function fixedMaterial(spec: KeySpec, keyId: string, given: SeedMaterial): KeyMaterial | string {
  const form = FORMS[spec];
  if (form === undefined) return `cannot be given: Node.js loads no private key of ${spec}`;
  if ('bytes' in form) {
    if (given.base64 === undefined || given.pkcs8 !== undefined) {
      return `must have base64, ${form.bytes} bytes, and no pkcs8: the key is of spec ${spec}`;
    }
    const bytes = Buffer.from(given.base64, 'base64');
    if (bytes.length !== form.bytes) return `must have ${form.bytes} bytes for ${spec}, and has ${bytes.length}`;
    return materialOf(keyId, createSecretKey(bytes), bytes);
  }
  if (given.pkcs8 === undefined || given.base64 !== undefined) {
    return `must have pkcs8, a private key, and no base64: the key is of spec ${spec}`;
  }
  const secret = privateKeyOf(given.pkcs8);
  if (secret === undefined) return 'has a pkcs8 that is no private key in PEM, or in DER and base64';
  const { modulusLength, namedCurve } = secret.asymmetricKeyDetails ?? {};
  if (secret.asymmetricKeyType !== form.type || modulusLength !== form.modulus || namedCurve !== form.curve) {
    return `has a private key that is not of spec ${spec}`;
  }
  const whole = wholePair(secret);
  if (whole === undefined) return 'has a private key whose public half is that of another';
  return materialOf(keyId, whole, whole.export({ format: 'der', type: 'pkcs8' }));
}

/** Wipes the bytes. */
function materialOf(keyId: string, secret: KeyObject, canonical: Buffer): KeyMaterial {
  // The same as for imported material.
  const id = createHash('sha256').update(`local-kms/material\n${keyId}\n`).update(canonical).digest();
  canonical.fill(0);
  return madeMaterial(id.toString('hex'), secret);
}

function privateKeyOf(text: string): KeyObject | undefined {
  try {
    if (text.includes('-----BEGIN')) return createPrivateKey(text);
    return createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' });
  } catch {
    return undefined;
  }
}

/** What names a key with fixed material in its ciphertexts: the same at every start. */
export function fixedKeyTag(keyId: string): Uint8Array {
  return Uint8Array.from(createHash('sha256').update(`local-kms/key\n${keyId}`).digest().subarray(0, KEY_TAG_BYTES));
}
