import type { KeyObject } from 'node:crypto';
import type { KeySpec } from '../../state/key-specs.ts';

/** What of a key signs: the spec tells how the secret is to be read. */
export interface SigningKey {
  readonly spec: KeySpec;
  readonly secret: KeyObject;
}

/**
 * What a message is. `RAW`: the message, which KMS hashes. `DIGEST`: its hash. `EXTERNAL_MU`: the message representative of
 * ML-DSA.
 */
export type MessageType = 'RAW' | 'DIGEST' | 'EXTERNAL_MU';

/** A signing algorithm, for each type of message that it takes. */
export type Scheme = Readonly<Partial<Record<MessageType, SchemeOfType>>>;

export interface SchemeOfType {
  /** Bytes that the message must have. Left out: any number. */
  readonly bytes?: number;
  readonly sign: (key: SigningKey, message: Uint8Array) => Uint8Array;
  /** Never throws: a signature that cannot even be read is a wrong one. */
  readonly verify: (key: SigningKey, message: Uint8Array, signature: Uint8Array) => boolean;
}

/** A verification of which the library throws at malformed input. */
export function holds(verify: () => boolean): boolean {
  try {
    return verify();
  } catch {
    return false;
  }
}
