import { createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { KeySpec } from '../state/key-specs.ts';
import { currentRandom, randomBytes } from './random.ts';
import { newRsaKey } from './rsa-pairs.ts';
import { type SeededCurve, seededEc, seededEd25519 } from './seeded-pair.ts';
import { ML_DSA_SEED_BYTES, ML_KEM_SEED_BYTES } from './seeds.ts';

const secret = (size: number) => (): KeyObject => {
  const bytes = randomBytes(size);
  const key = createSecretKey(bytes);
  bytes.fill(0);
  return key;
};
const rsa = (modulusLength: number) => () => newRsaKey(modulusLength);
const ec = (namedCurve: SeededCurve) => () =>
  currentRandom().seeded ? seededEc(namedCurve) : generateKeyPairSync('ec', { namedCurve }).privateKey;

/**
 * How the secret of each key spec is made: a symmetric key, a private key, or the seed that a post-quantum key pair is
 * derived from.
 */
const GENERATORS: Readonly<Record<KeySpec, () => KeyObject>> = {
  SYMMETRIC_DEFAULT: secret(32),
  RSA_2048: rsa(2048),
  RSA_3072: rsa(3072),
  RSA_4096: rsa(4096),
  ECC_NIST_P256: ec('prime256v1'),
  ECC_NIST_P384: ec('secp384r1'),
  ECC_NIST_P521: ec('secp521r1'),
  ECC_NIST_EDWARDS25519: () => (currentRandom().seeded ? seededEd25519() : generateKeyPairSync('ed25519').privateKey),
  ECC_SECG_P256K1: ec('secp256k1'),
  HMAC_224: secret(28),
  HMAC_256: secret(32),
  HMAC_384: secret(48),
  HMAC_512: secret(64),
  ML_DSA_44: secret(ML_DSA_SEED_BYTES),
  ML_DSA_65: secret(ML_DSA_SEED_BYTES),
  ML_DSA_87: secret(ML_DSA_SEED_BYTES),
  ML_KEM_512: secret(ML_KEM_SEED_BYTES),
  ML_KEM_768: secret(ML_KEM_SEED_BYTES),
  ML_KEM_1024: secret(ML_KEM_SEED_BYTES),
  SM2: () => generateKeyPairSync('ec', { namedCurve: 'SM2' }).privateKey,
};

/** Specs whose pairs no generator but that of the operating system makes, not even in deterministic mode. */
export function isAlwaysRandom(spec: KeySpec): boolean {
  return spec.startsWith('RSA_') || spec === 'SM2';
}

/**
 * A fresh secret of a key spec.
 * @throws {@link PairIsBeingMade} for an RSA key, within `withoutWaiting`
 */
export function generateSecret(spec: KeySpec): KeyObject {
  return GENERATORS[spec]();
}
