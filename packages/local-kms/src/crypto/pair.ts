import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

const PROBE = Buffer.from('local-kms');

/**
 * A private key that was read from bytes, in one form however it was written: one on a curve with its public half, and with
 * the curve by its name. Undefined where what it signs is not what its public half verifies: `node:crypto` reads keys whose
 * parts do not belong together.
 */
export function wholePair(read: KeyObject): KeyObject | undefined {
  const hash = read.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  try {
    const key =
      read.asymmetricKeyType === 'ec' ? createPrivateKey({ key: read.export({ format: 'jwk' }), format: 'jwk' }) : read;
    return verify(hash, PROBE, createPublicKey(key), sign(hash, PROBE, key)) ? key : undefined;
  } catch {
    return undefined;
  }
}
