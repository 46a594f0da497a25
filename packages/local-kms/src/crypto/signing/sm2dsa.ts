import { der, derContent, derRow, derUnsigned, unsignedOf } from '../der.ts';
import { randomScalar } from '../random-scalar.ts';
import { identityHash, pointOf, SM2, SM2_BYTES, scalarOf, sm3 } from '../sm2.ts';
import { holds, type Scheme, type SigningKey } from './scheme.ts';

const { Fn } = SM2;
const SM3_BYTES = 32;

/** SM2DSA of GB/T 32918.2. The digest is SM3 over `Z` and the message, not over the message alone. */
export const sm2dsa: Scheme = {
  RAW: {
    sign: (key, message) => signDigest(key, digestOf(key, message)),
    verify: (key, message, signature) => holds(() => verifyDigest(key, digestOf(key, message), signature)),
  },
  DIGEST: {
    bytes: SM3_BYTES,
    sign: signDigest,
    verify: (key, digest, signature) => holds(() => verifyDigest(key, digest, signature)),
  },
};

function digestOf({ secret }: SigningKey, message: Uint8Array): Uint8Array {
  return sm3(identityHash(pointOf(secret)), message);
}

function numberOf(digest: Uint8Array): bigint {
  return Fn.create(BigInt(`0x${Buffer.from(digest).toString('hex')}`));
}

function signDigest({ secret }: SigningKey, digest: Uint8Array): Uint8Array {
  const [d, e] = [scalarOf(secret), numberOf(digest)];
  for (;;) {
    const k = randomScalar(Fn.ORDER);
    const r = Fn.add(e, Fn.create(SM2.BASE.multiply(k).x));
    if (r === 0n || Fn.add(r, k) === 0n) continue;
    const s = Fn.mul(Fn.inv(Fn.add(1n, d)), Fn.sub(k, Fn.mul(r, d)));
    if (s !== 0n) return new Uint8Array(der(0x30, derUnsigned(Fn.toBytes(r)), derUnsigned(Fn.toBytes(s))));
  }
}

function verifyDigest({ secret }: SigningKey, digest: Uint8Array, signature: Uint8Array): boolean {
  const [r, s] = (derRow([0x02, 0x02], derContent(0x30, signature)) ?? []).map((one) => unsignedOf(one, SM2_BYTES));
  if (r === undefined || s === undefined) return false;
  const [R, S] = [Fn.fromBytes(r), Fn.fromBytes(s)];
  const t = Fn.add(R, S);
  if (R === 0n || S === 0n || t === 0n) return false;
  const point = SM2.BASE.multiplyUnsafe(S).add(pointOf(secret).multiplyUnsafe(t));
  return Fn.add(numberOf(digest), Fn.create(point.x)) === R;
}
