import { createCipheriv, createHmac, randomFillSync, randomUUID } from 'node:crypto';

/** Where random bytes come from. */
export interface RandomSource {
  /** Whether everybody who knows the seed can compute the bytes. */
  readonly seeded: boolean;
  bytes(size: number): Buffer;
  /** A source of its own for a thing, which gives the same whatever else was asked for before. */
  named(...names: readonly string[]): RandomSource;
}

const SUPPLY_BYTES = 4096;
const MAX_PIECE_BYTES = 64;
const supply = Buffer.alloc(SUPPLY_BYTES);
let used = SUPPLY_BYTES;

/** Each call needs a few small pieces, and asking the operating system for each takes longer than using them. */
function systemBytes(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  if (size > MAX_PIECE_BYTES) return randomFillSync(bytes);
  if (used + size > SUPPLY_BYTES) {
    randomFillSync(supply);
    used = 0;
  }
  supply.copy(bytes, 0, used, used + size);
  // What was handed out is nowhere else.
  supply.fill(0, used, used + size);
  used += size;
  return bytes;
}

/** The operating system's generator. */
export const SYSTEM: RandomSource = { seeded: false, bytes: systemBytes, named: () => SYSTEM };

/** A generator that gives the same bytes for the same seed: the key stream of AES-256-CTR. For tests only. */
export function seededSource(seed: string | Uint8Array): RandomSource {
  const root = createHmac('sha256', 'local-kms/deterministic/1').update(seed).digest();
  const stream = createCipheriv('aes-256-ctr', root, new Uint8Array(16));
  return {
    seeded: true,
    bytes: (size) => stream.update(new Uint8Array(size)),
    // JSON keeps the names apart.
    named: (...names) => seededSource(createHmac('sha256', root).update(JSON.stringify(names)).digest()),
  };
}

let current = SYSTEM;

/**
 * Lets all that `use` does draw from a source. A call is answered without waiting for anything, so that no other comes in
 * between, and what is made for it need not be handed through every function.
 */
export function usingRandom<T>(source: RandomSource, use: () => T): T {
  const before = current;
  current = source;
  try {
    return use();
  } finally {
    current = before;
  }
}

export function currentRandom(): RandomSource {
  return current;
}

export function randomBytes(size: number): Buffer {
  return current.bytes(size);
}

/** A UUID of version 4. */
export function randomUuid(): string {
  if (!current.seeded) return randomUUID();
  const bytes = randomBytes(16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
