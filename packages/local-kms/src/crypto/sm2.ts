import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { weierstrass } from '@noble/curves/abstract/weierstrass.js';

/** The curve of GB/T 32918.5: `node:crypto` makes keys on it, and does nothing else with it in all of its versions. */
const CURVE = {
  p: 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn,
  n: 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n,
  h: 1n,
  a: 0xfffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffcn,
  b: 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n,
  Gx: 0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n,
  Gy: 0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n,
};

export const SM2 = weierstrass(CURVE);
export type Sm2Point = InstanceType<typeof SM2>;
export const SM2_BYTES = 32;

/** What is before the private number in an ECPrivateKey of RFC 5915: SEQUENCE, version 1, OCTET STRING of 32 bytes. */
const BEFORE_SCALAR = 7;

/** The private number, which the caller wipes. */
export function scalarBytes(secret: KeyObject): Uint8Array {
  const sec1 = secret.export({ format: 'der', type: 'sec1' });
  const scalar = Uint8Array.from(sec1.subarray(BEFORE_SCALAR, BEFORE_SCALAR + SM2_BYTES));
  sec1.fill(0);
  return scalar;
}

export function scalarOf(secret: KeyObject): bigint {
  const bytes = scalarBytes(secret);
  const scalar = SM2.Fn.fromBytes(bytes);
  bytes.fill(0);
  return scalar;
}

/** The public point: the last bytes of its SubjectPublicKeyInfo. */
export function pointOf(secret: KeyObject): Sm2Point {
  const spki = createPublicKey(secret).export({ format: 'der', type: 'spki' });
  return SM2.fromBytes(new Uint8Array(spki.subarray(-1 - 2 * SM2_BYTES)));
}

/** A coordinate as 32 bytes. */
export function coordinate(value: bigint): Uint8Array {
  return SM2.Fp.toBytes(value);
}

export function sm3(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sm3');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** The distinguishing identifier that KMS signs with, the default of GM/T 0009. */
const ID = Buffer.from('1234567812345678', 'latin1');

/** `Z` of GB/T 32918.2, section 5.5: it stands in front of every message that is signed. */
export function identityHash(point: Sm2Point): Uint8Array {
  const bits = Buffer.alloc(2);
  bits.writeUInt16BE(ID.length * 8);
  const numbers = [CURVE.a, CURVE.b, CURVE.Gx, CURVE.Gy, point.x, point.y];
  return sm3(bits, ID, ...numbers.map(coordinate));
}
