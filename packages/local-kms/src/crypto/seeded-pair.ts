import { createPrivateKey, type KeyObject } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { randomBytes } from './random.ts';

const CURVES = {
  prime256v1: { crv: 'P-256', curve: p256 },
  secp384r1: { crv: 'P-384', curve: p384 },
  secp521r1: { crv: 'P-521', curve: p521 },
  secp256k1: { crv: 'secp256k1', curve: secp256k1 },
} as const;

export type SeededCurve = keyof typeof CURVES;

/** A private key of the current source. `node:crypto` makes pairs from no other generator than its own. */
export function seededEc(namedCurve: SeededCurve): KeyObject {
  const { crv, curve } = CURVES[namedCurve];
  const scalar = curve.utils.randomSecretKey(new Uint8Array(randomBytes(curve.lengths.seed ?? 0)));
  const point = curve.getPublicKey(scalar, false);
  const half = (point.length - 1) / 2;
  const x = base64url(point.subarray(1, 1 + half));
  const y = base64url(point.subarray(1 + half));
  const key = createPrivateKey({ key: { kty: 'EC', crv, d: base64url(scalar), x, y }, format: 'jwk' });
  scalar.fill(0);
  return key;
}

export function seededEd25519(): KeyObject {
  const seed = new Uint8Array(randomBytes(ed25519.lengths.seed ?? 0));
  const x = base64url(ed25519.getPublicKey(seed));
  const key = createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', d: base64url(seed), x }, format: 'jwk' });
  seed.fill(0);
  return key;
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}
