import { createPublicKey, sign, verify } from 'node:crypto';
import { eddsa } from '@noble/curves/abstract/edwards.js';
import { ed25519 as curve } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { holds, type Scheme, type SigningKey } from './scheme.ts';

/** Ed25519 of RFC 8032, section 5.1. */
export const ed25519: Scheme = {
  RAW: {
    sign: ({ secret }, message) => sign(null, message, secret),
    verify: ({ secret }, message, signature) => holds(() => verify(null, message, createPublicKey(secret), signature)),
  },
};

const SHA_512_BYTES = 64;
const PREHASHED = 1;

/** Ed25519ph whose hash of the message the caller has made: `node:crypto` has neither, libraries only the whole. */
const ofDigest = eddsa(curve.Point, sha512, {
  adjustScalarBytes(bytes: Uint8Array) {
    bytes[0] = (bytes[0] ?? 0) & 0xf8;
    bytes[31] = ((bytes[31] ?? 0) & 0x7f) | 0x40;
    return bytes;
  },
  domain: (data: Uint8Array, context: Uint8Array) =>
    new Uint8Array(
      Buffer.concat([
        Buffer.from('SigEd25519 no Ed25519 collisions', 'latin1'),
        Uint8Array.of(PREHASHED, context.length),
        context,
        data,
      ]),
    ),
  prehash: Object.assign((digest: Uint8Array) => digest, { outputLen: SHA_512_BYTES, blockLen: 128 }),
  zip215: false,
});

/** Ed25519ph of RFC 8032, section 5.1, over a SHA-512 digest. */
export const ed25519ph: Scheme = {
  DIGEST: {
    bytes: SHA_512_BYTES,
    sign(key, digest) {
      const seed = bytesOf(key, 'd');
      const signature = ofDigest.sign(digest, seed);
      seed.fill(0);
      return signature;
    },
    verify: (key, digest, signature) => holds(() => ofDigest.verify(signature, digest, bytesOf(key, 'x'))),
  },
};

function bytesOf({ secret }: SigningKey, member: 'd' | 'x'): Uint8Array {
  return new Uint8Array(Buffer.from(secret.export({ format: 'jwk' })[member] ?? '', 'base64url'));
}
