import { createHash, timingSafeEqual } from 'node:crypto';
import { randomBytes } from '../random.ts';

/**
 * EMSA-PSS of RFC 8017, section 9.1, for moduli of whole bytes: the encoded message then has the length of the modulus and
 * its first bit is zero.
 */
interface Hash {
  readonly name: string;
  readonly bytes: number;
}

const TRAILER = 0xbc;
const NO_FIRST_BIT = 0x7f;

export function encodePss(hash: Hash, digest: Uint8Array, size: number): Uint8Array {
  const salt = randomBytes(hash.bytes);
  const seed = seedOf(hash, digest, salt);
  const db = new Uint8Array(size - hash.bytes - 1);
  db.set(salt, db.length - salt.length);
  db[db.length - salt.length - 1] = 1;
  return Buffer.concat([masked(hash, db, seed), seed, Uint8Array.of(TRAILER)]);
}

/** Whether an encoded message is one of the digest, with a salt as long as the hash. */
export function isPssOf(hash: Hash, digest: Uint8Array, encoded: Uint8Array): boolean {
  const end = encoded.length - hash.bytes - 1;
  if (end < hash.bytes + 1 || encoded.at(-1) !== TRAILER || ((encoded[0] ?? 0xff) & ~NO_FIRST_BIT) !== 0) return false;
  const seed = encoded.subarray(end, -1);
  const db = masked(hash, encoded.subarray(0, end), seed);
  const saltAt = db.length - hash.bytes;
  if (db[saltAt - 1] !== 1 || db.subarray(0, saltAt - 1).some((byte) => byte !== 0)) return false;
  return timingSafeEqual(seed, seedOf(hash, digest, db.subarray(saltAt)));
}

function seedOf({ name }: Hash, digest: Uint8Array, salt: Uint8Array): Uint8Array {
  return createHash(name).update(new Uint8Array(8)).update(digest).update(salt).digest();
}

/** Under MGF1 of the seed; the same takes the mask off again. */
function masked({ name, bytes }: Hash, db: Uint8Array, seed: Uint8Array): Uint8Array {
  const out = Uint8Array.from(db);
  for (let counter = 0; counter * bytes < out.length; counter++) {
    const number = Buffer.alloc(4);
    number.writeUInt32BE(counter);
    const mask = createHash(name).update(seed).update(number).digest();
    for (let i = 0; i < bytes && counter * bytes + i < out.length; i++) {
      out[counter * bytes + i] = (out[counter * bytes + i] ?? 0) ^ (mask[i] ?? 0);
    }
  }
  out[0] = (out[0] ?? 0) & NO_FIRST_BIT;
  return out;
}
