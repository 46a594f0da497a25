import { EnvelopeError, notAuthentic } from './errors.ts';

/** Reads big-endian fields from untrusted bytes. Every read is checked against the end first. */
export interface Reader {
  /** Bytes read so far. */
  readonly offset: number;
  /** Bytes left to read. */
  readonly remaining: number;
  uint8(): number;
  uint16(): number;
  uint32(): number;
  /** The next `length` bytes, as a view of the input. */
  bytes(length: number): Uint8Array;
  /** A field that a 16-bit length precedes, as a view of the input. */
  field(): Uint8Array;
  /** A field that a 16-bit length precedes, as text; it has to be UTF-8. */
  text(): string;
}

// A byte order mark is a character like any other here: dropping it would make two names one.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A reader over `input`.
 * @throws EnvelopeError `NOT_AUTHENTIC`, from each of its methods, when the input ends too early or is not UTF-8
 */
export function readerOf(input: Uint8Array): Reader {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  let offset = 0;
  const take = (length: number): number => {
    if (length > input.length - offset) throw notAuthentic();
    const start = offset;
    offset += length;
    return start;
  };
  const bytes = (length: number): Uint8Array => {
    const start = take(length);
    return input.subarray(start, start + length);
  };
  const uint16 = (): number => view.getUint16(take(2));
  return {
    get offset() {
      return offset;
    },
    get remaining() {
      return input.length - offset;
    },
    uint8: () => view.getUint8(take(1)),
    uint16,
    uint32: () => view.getUint32(take(4)),
    bytes,
    field: () => bytes(uint16()),
    text: () => {
      const field = bytes(uint16());
      try {
        return utf8.decode(field);
      } catch {
        throw notAuthentic();
      }
    },
  };
}

/** Writes big-endian fields into memory that was sized beforehand. */
export interface Writer {
  /** The memory written to. */
  readonly output: Uint8Array;
  /** Bytes written so far. */
  readonly offset: number;
  uint8(value: number): void;
  uint16(value: number): void;
  uint32(value: number): void;
  bytes(value: Uint8Array): void;
  /** `value` with its length in 16 bits before it; `LIMIT` when the length does not fit. */
  field(value: Uint8Array): void;
}

/** A writer over fresh memory of exactly `length` bytes, which nothing else shares. */
export function newWriter(length: number): Writer {
  return writerOf(new Uint8Array(length));
}

/** A writer over the beginning of memory that is there already, and long enough. */
export function writerOf(output: Uint8Array): Writer {
  const view = new DataView(output.buffer, output.byteOffset, output.byteLength);
  let offset = 0;
  const advance = (length: number): number => {
    const start = offset;
    offset += length;
    return start;
  };
  const bytes = (value: Uint8Array): void => output.set(value, advance(value.length));
  const uint16 = (value: number): void => view.setUint16(advance(2), value);
  return {
    output,
    get offset() {
      return offset;
    },
    uint8: (value) => view.setUint8(advance(1), value),
    uint16,
    uint32: (value) => view.setUint32(advance(4), value),
    bytes,
    field: (value) => {
      if (value.length > 0xffff) {
        throw new EnvelopeError(
          'LIMIT',
          `a field of ${value.length} bytes does not fit into a message header; at most 65535`,
        );
      }
      uint16(value.length);
      bytes(value);
    },
  };
}
