import { isUint8Array } from 'node:util/types';
import { utf8 } from './bytes.ts';
import { fail } from './errors.ts';

/**
 * The bytes of a plaintext; text becomes UTF-8, in memory that the caller of this function wipes.
 * @throws EnvelopeError `INVALID_INPUT` for anything else, and for text that UTF-8 cannot express
 */
export function plaintextBytes(plaintext: unknown): Uint8Array {
  if (isUint8Array(plaintext)) return plaintext;
  if (typeof plaintext !== 'string' || !plaintext.isWellFormed()) {
    return fail('INVALID_INPUT', 'the plaintext is neither a Uint8Array nor text that UTF-8 can express');
  }
  // Memory that nothing shares: what is wiped must not be a part of Node's pool, nor move in V8's heap.
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(plaintext));
  bytes.write(plaintext);
  return bytes;
}

/**
 * The bytes of a message, which may come as base64 text: RFC 4648 §4, padded, without white space.
 * @throws EnvelopeError `NOT_A_MESSAGE` for other text, `INVALID_INPUT` for anything but text and bytes
 */
export function messageBytes(message: unknown): Uint8Array {
  if (isUint8Array(message)) return message;
  if (typeof message !== 'string') return fail('INVALID_INPUT', 'the message is neither a Uint8Array nor base64 text');
  const bytes = Buffer.from(message, 'base64');
  // Node skips what is not base64. Only text that says exactly what was read is accepted.
  if (bytes.toString('base64') === message) return bytes;
  return fail('NOT_A_MESSAGE', 'the message is text, but not base64 with padding and without white space');
}

/**
 * The memory that a caller wants the result in.
 * @throws EnvelopeError `INVALID_INPUT` when it is none, or overlaps the input, which would be overwritten while it is read
 */
export function memoryIn(options: unknown, input: Uint8Array): Uint8Array | undefined {
  const { into } = Object(options ?? {}) as { into?: unknown };
  if (into === undefined) return into;
  if (isUint8Array(into)) {
    const distance = into.byteOffset - input.byteOffset;
    if (into.buffer !== input.buffer || distance >= input.length || -distance >= into.length) return into;
  }
  return fail('INVALID_INPUT', 'into is not a Uint8Array apart from the input');
}

/** What a plaintext can become by name: itself, the text that it is in UTF-8, or what its JSON text says. */
export type PlaintextFormat = 'bytes' | 'text' | 'json';

/** What a plaintext can become besides. There is `validatedBy`. */
export interface PlaintextReader<Value> {
  /** Makes something of a plaintext, and wipes it. */
  readonly readPlaintext: (plaintext: Uint8Array) => Value | Promise<Value>;
}

/**
 * The function that turns plaintext into what was asked for: bytes when nothing was. Unless bytes were asked for, the
 * plaintext is wiped.
 * @throws EnvelopeError `INVALID_INPUT` for a format there is not; the function throws `PLAINTEXT_FORMAT`, without a
 * cause, since parsers quote what they read, and whatever a reader throws
 */
export function formatted(format: unknown): (plaintext: Uint8Array) => unknown {
  if (format === undefined || format === 'bytes') return (plaintext) => plaintext;
  if (format === 'text' || format === 'json') return (plaintext) => parsed(plaintext, format);
  const { readPlaintext } = Object(format) as Partial<PlaintextReader<unknown>>;
  return readPlaintext ?? fail('INVALID_INPUT', 'the format is none of: bytes, text, json, validatedBy(a schema)');
}

/**
 * The text of a plaintext, or what its JSON says. The plaintext is wiped.
 * @throws EnvelopeError `PLAINTEXT_FORMAT`
 */
export function parsed(plaintext: Uint8Array, format: 'text' | 'json'): unknown {
  try {
    const text = utf8.decode(plaintext);
    return format === 'text' ? text : JSON.parse(text);
  } catch {
    return fail('PLAINTEXT_FORMAT', `the plaintext is authentic, but it is not UTF-8 ${format}`);
  } finally {
    plaintext.fill(0);
  }
}
