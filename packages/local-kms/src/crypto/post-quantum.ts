import { type DSA, ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import { type MLKEM, ml_kem512, ml_kem768, ml_kem1024 } from '@noble/post-quantum/ml-kem.js';
import type { KeySpec } from '../state/key-specs.ts';

/**
 * FIPS 204 and FIPS 203 by key spec. From a library, since `node:crypto` has them only from Node 24 on. It is not proof
 * against side channels, like everything that runs in a JavaScript engine.
 */
export const ML_DSA: ReadonlyMap<KeySpec, DSA> = new Map<KeySpec, DSA>([
  ['ML_DSA_44', ml_dsa44],
  ['ML_DSA_65', ml_dsa65],
  ['ML_DSA_87', ml_dsa87],
]);

export const ML_KEM: ReadonlyMap<KeySpec, MLKEM> = new Map<KeySpec, MLKEM>([
  ['ML_KEM_512', ml_kem512],
  ['ML_KEM_768', ml_kem768],
  ['ML_KEM_1024', ml_kem1024],
]);
