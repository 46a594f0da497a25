import { createPublicKey, type KeyObject } from 'node:crypto';
import { newRsaKey } from '../crypto/rsa-pairs.ts';

/** The wrapping keys that can be asked for here. SM2 is of the China Regions. */
export const WRAPPING_KEY_BITS = { RSA_2048: 2048, RSA_3072: 3072, RSA_4096: 4096 } as const;
export type WrappingKeySpec = keyof typeof WRAPPING_KEY_BITS;

export interface WrappingPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/**
 * The pair of a spec. KMS makes one for each request; here one serves as long as the server runs, because an RSA key takes up
 * to seconds to make. Tokens tell apart for which key and algorithm it was given out, and until when.
 *
 * @throws PairIsBeingMade within `withoutWaiting`
 */
export function wrappingPair(pairs: Map<WrappingKeySpec, WrappingPair>, spec: WrappingKeySpec): WrappingPair {
  const existing = pairs.get(spec);
  if (existing !== undefined) return existing;
  const privateKey = newRsaKey(WRAPPING_KEY_BITS[spec]);
  const made = { privateKey, publicKey: createPublicKey(privateKey) };
  pairs.set(spec, made);
  return made;
}
