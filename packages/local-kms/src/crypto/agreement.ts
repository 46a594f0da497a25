import { createPublicKey, diffieHellman, type KeyObject } from 'node:crypto';
import { derContent, derRow } from './der.ts';
import { readPublicKey } from './public-key.ts';
import { coordinate, SM2, SM2_BYTES, scalarOf } from './sm2.ts';

/**
 * ECDH: the x-coordinate that a private key shares with the public key of another party, a SubjectPublicKeyInfo in DER;
 * undefined where the bytes are none, or one of another curve.
 */
export function agree(privateKey: KeyObject, bytes: Uint8Array): Uint8Array | undefined {
  const publicKey = readPublicKey(bytes);
  if (publicKey === undefined) return undefined;
  try {
    const [own, other] = [createPublicKey(privateKey), publicKey].map(spkiOf);
    if (own === undefined || other === undefined || !own.algorithm.equals(other.algorithm)) return undefined;
    return createPublicKey(privateKey).asymmetricKeyDetails?.namedCurve === 'SM2'
      ? agreeOnSm2(privateKey, other.point)
      : diffieHellman({ privateKey, publicKey });
  } catch {
    // Not a point of the curve, or the one at infinity.
    return undefined;
  }
}

/** `diffieHellman` does not know what a public key on SM2 is once it was read from bytes, and `createECDH` of Node.js 24 no pair. */
function agreeOnSm2(privateKey: KeyObject, point: Uint8Array): Uint8Array {
  const theirs = SM2.fromBytes(new Uint8Array(point.subarray(-1 - 2 * SM2_BYTES)));
  return coordinate(theirs.multiply(scalarOf(privateKey)).x);
}

function spkiOf(key: KeyObject): { readonly algorithm: Buffer; readonly point: Uint8Array } | undefined {
  const [algorithm, point] = derRow([0x30, 0x03], derContent(0x30, key.export({ format: 'der', type: 'spki' }))) ?? [];
  return algorithm && point && { algorithm: Buffer.from(algorithm), point };
}
