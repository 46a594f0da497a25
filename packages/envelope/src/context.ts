import { type Reader, readerOf } from './bytes.ts';
import { EnvelopeError, notAuthentic } from './errors.ts';

/**
 * Non-secret names and values that a message is bound to, in KMS and in the message itself: a key policy can demand
 * them, CloudTrail logs them in clear, and the message does not open without the same ones. Put identifiers there that
 * do not change (tenant, table, purpose), never personal data.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html
 */
export type EncryptionContext = Readonly<Record<string, string>>;

/** Names that begin so belong to the message format (specification, client-apis/encrypt.md). */
export const RESERVED_PREFIX = 'aws-crypto-';

/** The name under which signed messages carry their public key. */
export const PUBLIC_KEY_NAME = 'aws-crypto-public-key';

/** Largest serialized context, largest name and largest value in bytes: 16-bit lengths in the format. */
const MAX_LENGTH = 65_535;

/** Whether the text survives UTF-8: half of a surrogate pair would silently become another character. */
export function isWellFormed(text: string): boolean {
  // Most text holds no surrogate at all, which the first expression finds out several times faster.
  return !/[\ud800-\udfff]/.test(text) || !/\p{Surrogate}/u.test(text);
}

/** How a caller's name is shown in an error: quoted, and cut where it is long. */
export function shown(name: string): string {
  return JSON.stringify(name.length > 64 ? `${name.slice(0, 64)}…` : name);
}

/** What is wrong with a name of a context that is to be written, or `undefined`. */
export function nameProblem(name: unknown): string | undefined {
  if (typeof name !== 'string') return `is ${name === null ? 'null' : `of type ${typeof name}`}; names are strings`;
  if (name === '') return 'is an empty name; names have at least one character';
  if (name.startsWith(RESERVED_PREFIX))
    return `begins with ${RESERVED_PREFIX}, which the message format keeps to itself`;
  if (!isWellFormed(name)) return 'holds half of a surrogate pair, which UTF-8 cannot express';
  return undefined;
}

/** What is wrong with a value of a context that is to be written, or `undefined`. Never quotes the value. */
export function valueProblem(value: unknown): string | undefined {
  if (typeof value !== 'string') {
    return `has a value ${value === null ? 'null' : `of type ${typeof value}`}; values are non-empty strings`;
  }
  if (value === '') return 'has an empty value; values are non-empty strings';
  if (!isWellFormed(value)) return 'has a value with half of a surrogate pair, which UTF-8 cannot express';
  return undefined;
}

/** An object without prototype, so that a name like `__proto__` is a name. */
export function contextOf(entries: Iterable<readonly [string, string]>): EncryptionContext {
  const context: Record<string, string> = Object.create(null);
  for (const [name, value] of entries) context[name] = value;
  return context;
}

/** The canonical bytes of the empty context: none at all. */
const EMPTY = new Uint8Array(0);

/**
 * The canonical bytes of a context (specification, data-format/structures.md): count, then the pairs in ascending
 * order of the UTF-8 bytes of their names. The empty context is zero bytes.
 * @throws EnvelopeError `CONTEXT_INVALID` when a name, a value or the whole does not fit into 65,535 bytes
 */
export function serializeContext(context: EncryptionContext): Uint8Array {
  const names = Object.keys(context);
  if (names.length === 0) return EMPTY;
  // Measured first and then written in place: this runs for every message, and small buffers cost more than the text.
  let length = 2;
  for (const name of names) length += 4 + Buffer.byteLength(name) + Buffer.byteLength(context[name] ?? '');
  if (length > MAX_LENGTH) {
    throw new EnvelopeError(
      'CONTEXT_INVALID',
      `the encryption context takes ${length} bytes in ${names.length} pairs; at most ${MAX_LENGTH} bytes are allowed`,
    );
  }
  const array = new Uint8Array(length);
  const output = Buffer.from(array.buffer);
  let at = output.writeUInt16BE(names.length, 0);
  const field = (text: string): void => {
    const written = output.write(text, at + 2);
    output.writeUInt16BE(written, at);
    at += 2 + written;
  };
  for (const name of names.length === 1 ? names : names.sort(byUtf8)) {
    field(name);
    field(context[name] ?? '');
  }
  return array;
}

/**
 * Orders text by its UTF-8 bytes. JavaScript compares by UTF-16 units, which is the same order until a unit is half of
 * a surrogate pair.
 */
function byUtf8(a: string, b: string): number {
  if (isBelowSurrogates(a) && isBelowSurrogates(b)) return a < b ? -1 : 1;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function isBelowSurrogates(text: string): boolean {
  return !/[\uD800-\uFFFF]/.test(text);
}

/**
 * Reads the context section of a header: a 16-bit length, then the pairs in whatever order they come. An empty context
 * may be written with or without a count.
 * @throws EnvelopeError `NOT_AUTHENTIC` when lengths, count, UTF-8 or uniqueness of names do not hold
 */
export function readContext(header: Reader): EncryptionContext {
  const section = readerOf(header.field());
  if (section.remaining === 0) return contextOf([]);
  const count = section.uint16();
  const context: Record<string, string> = Object.create(null);
  for (let index = 0; index < count; index += 1) {
    const name = section.text();
    if (name in context) throw notAuthentic();
    context[name] = section.text();
  }
  if (section.remaining !== 0) throw notAuthentic();
  return context;
}
