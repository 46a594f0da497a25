import type { KeyObject } from 'node:crypto';

/** The seed of an ML-DSA key pair: FIPS 204, algorithm 1. */
export const ML_DSA_SEED_BYTES = 32;
/** The seed of an ML-KEM key pair, `d` and `z`: FIPS 203, algorithm 16. */
export const ML_KEM_SEED_BYTES = 64;

/** Hands out the bytes of a secret key for as long as `use` takes, and wipes them. */
export function withBytes<T>(secret: KeyObject, use: (bytes: Uint8Array) => T): T {
  const bytes = secret.export();
  try {
    return use(bytes);
  } finally {
    bytes.fill(0);
  }
}
