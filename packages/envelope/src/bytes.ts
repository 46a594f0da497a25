import { fail, notAuthentic } from './errors.ts';

/** Text that is UTF-8. A byte order mark is a character like any other: dropping it would make two names one. */
export const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads big-endian fields from untrusted bytes. Every read is checked against the end first; each of the methods throws
 * EnvelopeError `NOT_AUTHENTIC` when the input ends too early. A class, since one is made for every message: methods are
 * shared, closures would be made anew.
 */
export class Reader {
  readonly #input: Uint8Array;
  /** Bytes read so far. */
  offset: number;

  constructor(input: Uint8Array, offset = 0) {
    this.#input = input;
    this.offset = offset;
  }

  /** Bytes left to read. */
  get remaining(): number {
    return this.#input.length - this.offset;
  }

  /** Passes over `length` bytes and answers where they began. */
  skip(length: number): number {
    const start = this.offset;
    if (length > this.remaining) throw notAuthentic();
    this.offset = start + length;
    return start;
  }

  /** An unsigned number of 1 to 4 bytes. */
  uint(length: number): number {
    let value = 0;
    for (let at = this.skip(length); at < this.offset; at += 1) value = value * 256 + (this.#input[at] as number);
    return value;
  }

  /** The next `length` bytes, as a view of the input. */
  bytes(length: number): Uint8Array {
    return this.#input.subarray(this.skip(length), this.offset);
  }

  /** A field that a 16-bit length precedes, as a view of the input. */
  field(): Uint8Array {
    return this.bytes(this.uint(2));
  }

  /** A field that a 16-bit length precedes, as text; it has to be UTF-8. */
  text(): string {
    try {
      return utf8.decode(this.field());
    } catch {
      throw notAuthentic();
    }
  }
}

/**
 * Memory for exactly `length` bytes, all of which are going to be written: the beginning of what the caller gave, or
 * memory that nothing else shares.
 * @throws EnvelopeError `LIMIT` when the caller's memory is too small
 */
export function memoryFor(length: number, into?: Uint8Array): Buffer {
  if (into === undefined) return Buffer.allocUnsafeSlow(length);
  if (into.length >= length) return Buffer.from(into.buffer, into.byteOffset, length);
  return fail('LIMIT', `the memory given has ${into.length} bytes; ${length} are needed`);
}

/** Plain bytes, as callers get them everywhere: a Buffer behaves differently in places. */
export function plain({ buffer, byteOffset, length }: Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length);
}

/** Bytes as text of as many characters: no two texts of different bytes are equal. */
export function latin1({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('latin1');
}
