import { type KeyObject, timingSafeEqual } from 'node:crypto';
import { der, derContent, derRow, derUnsigned, unsignedOf } from './der.ts';
import { randomScalar } from './random-scalar.ts';
import { coordinate, pointOf, SM2, SM2_BYTES, type Sm2Point, scalarOf, sm3 } from './sm2.ts';

/** SM2 encryption of GB/T 32918.4, in the DER of GM/T 0009: x, y, hash, ciphertext. */
export function encryptSm2(secret: KeyObject, plaintext: Uint8Array): Uint8Array {
  const recipient = pointOf(secret);
  for (;;) {
    const k = randomScalar(SM2.Fn.ORDER);
    const shared = recipient.multiply(k);
    const mask = maskOf(shared, plaintext.length);
    // A mask of zeros would leave the plaintext as it is.
    if (mask.every((byte) => byte === 0)) continue;
    const { x, y } = SM2.BASE.multiply(k);
    return new Uint8Array(
      der(
        0x30,
        derUnsigned(coordinate(x)),
        derUnsigned(coordinate(y)),
        der(0x04, hashOf(shared, plaintext)),
        der(0x04, exclusiveOr(plaintext, mask)),
      ),
    );
  }
}

/** The plaintext; undefined where the bytes are no ciphertext of this key. */
export function decryptSm2(secret: KeyObject, bytes: Uint8Array): Uint8Array | undefined {
  const [x, y, hash, sealed] = derRow([0x02, 0x02, 0x04, 0x04], derContent(0x30, bytes)) ?? [];
  const [px, py] = [unsignedOf(x, SM2_BYTES), unsignedOf(y, SM2_BYTES)];
  if (px === undefined || py === undefined || sealed === undefined || hash?.length !== 32) return undefined;
  const point = readPoint(Buffer.concat([Uint8Array.of(4), px, py]));
  if (point === undefined) return undefined;
  const shared = point.multiply(scalarOf(secret));
  const plaintext = exclusiveOr(sealed, maskOf(shared, sealed.length));
  if (timingSafeEqual(hashOf(shared, plaintext), hash)) return plaintext;
  plaintext.fill(0);
  return undefined;
}

/** A point that is not on the curve would give parts of the private key away. */
function readPoint(bytes: Uint8Array): Sm2Point | undefined {
  try {
    return SM2.fromBytes(new Uint8Array(bytes));
  } catch {
    return undefined;
  }
}

function hashOf({ x, y }: Sm2Point, plaintext: Uint8Array): Uint8Array {
  return sm3(coordinate(x), plaintext, coordinate(y));
}

function maskOf({ x, y }: Sm2Point, size: number): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (let counter = 1; blocks.length * 32 < size; counter++) {
    const number = Buffer.alloc(4);
    number.writeUInt32BE(counter);
    blocks.push(sm3(coordinate(x), coordinate(y), number));
  }
  return Buffer.concat(blocks).subarray(0, size);
}

function exclusiveOr(bytes: Uint8Array, mask: Uint8Array): Uint8Array {
  return Uint8Array.from(bytes, (byte, i) => byte ^ (mask[i] ?? 0));
}
