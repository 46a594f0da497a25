import { createHash, createPublicKey, type JsonWebKey, sign, verify } from 'node:crypto';
import type { ECDSA } from '@noble/curves/abstract/weierstrass.js';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import type { KeySpec } from '../../state/key-specs.ts';
import { currentRandom, randomBytes } from '../random.ts';
import { holds, type Scheme, type SigningKey } from './scheme.ts';

const CURVES: ReadonlyMap<KeySpec, ECDSA> = new Map<KeySpec, ECDSA>([
  ['ECC_NIST_P256', p256],
  ['ECC_NIST_P384', p384],
  ['ECC_NIST_P521', p521],
  ['ECC_SECG_P256K1', secp256k1],
]);

/** As KMS signs: DER, and either of the two values of `s`. */
const FORM = { prehash: false, lowS: false, format: 'der' } as const;

/** ECDSA with a hash, e.g. `sha256` of 32 bytes. */
export function ecdsa(hash: string, bytes: number): Scheme {
  return {
    RAW: {
      // node:crypto takes its numbers from no other generator.
      sign: (key, message) =>
        currentRandom().seeded
          ? signDigest(key, createHash(hash).update(message).digest())
          : sign(hash, message, key.secret),
      verify: ({ secret }, message, signature) => holds(() => verify(hash, message, secret, signature)),
    },
    // node:crypto signs no digest under ECDSA.
    DIGEST: {
      bytes,
      sign: signDigest,
      verify: (key, digest, signature) =>
        holds(() => curveOf(key).verify(signature, digest, publicPoint(key), { ...FORM })),
    },
  };
}

/** RFC 6979 with additional random, section 3.6. */
function signDigest(key: SigningKey, digest: Uint8Array): Uint8Array {
  const scalar = numberOf(key.secret.export({ format: 'jwk' }), 'd');
  const extraEntropy = Uint8Array.from(randomBytes(32));
  const signature = curveOf(key).sign(Uint8Array.from(digest), scalar, { ...FORM, extraEntropy });
  scalar.fill(0);
  return signature;
}

function curveOf({ spec }: SigningKey): ECDSA {
  const curve = CURVES.get(spec);
  if (curve === undefined) throw new TypeError(`${spec} has no ECDSA`);
  return curve;
}

function publicPoint({ secret }: SigningKey): Uint8Array {
  const jwk = createPublicKey(secret).export({ format: 'jwk' });
  return Buffer.concat([Uint8Array.of(4), numberOf(jwk, 'x'), numberOf(jwk, 'y')]);
}

function numberOf(jwk: JsonWebKey, member: 'd' | 'x' | 'y'): Uint8Array {
  return new Uint8Array(Buffer.from(jwk[member] ?? '', 'base64url'));
}
