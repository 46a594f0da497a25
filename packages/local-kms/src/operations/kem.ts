import type { MLKEM } from '@noble/post-quantum/ml-kem.js';
import { ML_KEM } from '../crypto/post-quantum.ts';
import { withBytes } from '../crypto/seeds.ts';
import type { Key } from '../state/key.ts';
import { usableMaterial } from './encryption.ts';

/** The key pair of a key of usage ENCAPSULATE_DECAPSULATE, for as long as `use` takes. */
export function withKemPair<T>(key: Key, use: (kem: MLKEM, pair: ReturnType<MLKEM['keygen']>) => T): T {
  const kem = ML_KEM.get(key.spec);
  if (kem === undefined) throw new TypeError(`${key.spec} is no key spec of ML-KEM`);
  const pair = withBytes(usableMaterial(key).secret, (seed) => kem.keygen(seed));
  try {
    return use(kem, pair);
  } finally {
    pair.secretKey.fill(0);
  }
}
