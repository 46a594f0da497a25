import { types } from 'node:util';
import { EnvelopeError } from './errors.ts';
import { isSchema, validated } from './schema.ts';

/**
 * The bytes of a plaintext; text becomes UTF-8, in memory that the caller of this function wipes.
 * @throws EnvelopeError `INVALID_INPUT` for anything else, and for text that UTF-8 cannot express
 */
export function plaintextBytes(plaintext: unknown): Uint8Array {
  if (types.isUint8Array(plaintext)) return plaintext;
  if (typeof plaintext === 'string' && plaintext.isWellFormed()) return utf8Bytes(plaintext);
  throw new EnvelopeError('INVALID_INPUT', 'the plaintext is neither a Uint8Array nor text that UTF-8 can express');
}

/** Text as UTF-8 in memory that nothing shares: what is wiped must not be a part of Node's pool, nor move in V8's heap. */
function utf8Bytes(text: string): Uint8Array {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  bytes.write(text);
  return bytes;
}

/**
 * The bytes of a message, which may come as base64 text: RFC 4648 §4, padded, without white space.
 * @throws EnvelopeError `NOT_A_MESSAGE` for other text, `INVALID_INPUT` for anything but text and bytes
 */
export function messageBytes(message: unknown): Uint8Array {
  if (types.isUint8Array(message)) return message;
  if (typeof message !== 'string') {
    throw new EnvelopeError('INVALID_INPUT', 'the message is neither a Uint8Array nor base64 text');
  }
  const bytes = Buffer.from(message, 'base64');
  // Node skips what is not base64. Only text that says exactly what was read is accepted.
  if (bytes.toString('base64') === message) return bytes;
  throw new EnvelopeError('NOT_A_MESSAGE', 'the message is text, but not base64 with padding and without white space');
}

/**
 * The memory that a caller wants the result in.
 * @throws EnvelopeError `INVALID_INPUT` when it is none, or overlaps the input, which would be overwritten while it is read
 */
export function memoryIn(options: unknown, input: Uint8Array): Uint8Array | undefined {
  const { into } = Object(options ?? {}) as { into?: unknown };
  if (into === undefined) return undefined;
  if (types.isUint8Array(into)) {
    const [start, inputStart] = [into.byteOffset, input.byteOffset];
    const apart = start + into.length <= inputStart || inputStart + input.length <= start;
    if (apart || into.buffer !== input.buffer) return into;
  }
  throw new EnvelopeError('INVALID_INPUT', 'into is not a Uint8Array apart from the input');
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** What a plaintext can become by name: itself, the text that it is in UTF-8, or what its JSON text says. */
export type PlaintextFormat = 'bytes' | 'text' | 'json';

/**
 * The function that turns plaintext into what was asked for: bytes when nothing was, and what a schema makes of its
 * JSON when that is a schema. Unless bytes were asked for, the plaintext is wiped.
 * @throws EnvelopeError `INVALID_INPUT` for a format there is not; the function throws `PLAINTEXT_FORMAT`, without a
 * cause, since parsers quote what they read, and `PLAINTEXT_INVALID`
 */
export function formatted(format: unknown): (plaintext: Uint8Array) => unknown {
  if (format === undefined || format === 'bytes') return (plaintext) => plaintext;
  if (format === 'text') return (plaintext) => parsed(plaintext, format, (text) => text);
  if (format === 'json') return (plaintext) => parsed(plaintext, format, JSON.parse);
  if (isSchema(format)) return (plaintext) => validated(format, parsed(plaintext, 'json', JSON.parse));
  throw new EnvelopeError('INVALID_INPUT', 'the format is none of: bytes, text, json, a Standard Schema validator');
}

function parsed(plaintext: Uint8Array, format: string, parse: (text: string) => unknown): unknown {
  try {
    return parse(utf8.decode(plaintext));
  } catch {
    throw new EnvelopeError('PLAINTEXT_FORMAT', `the plaintext is authentic, but it is not UTF-8 ${format}`);
  } finally {
    plaintext.fill(0);
  }
}
