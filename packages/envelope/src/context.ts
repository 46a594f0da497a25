import { Reader } from './bytes.ts';
import { fail, notAuthentic } from './errors.ts';

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

/** Largest serialized context in bytes: a 16-bit length in the format. */
const MAX_LENGTH = 65_535;

/** How a caller's name is shown in an error: quoted, and cut where it is long. */
export function shown(name: string): string {
  return JSON.stringify(name.length > 64 ? `${name.slice(0, 64)}…` : name);
}

/** What names and values of a context have to be, as errors say it. */
export const CONTEXT_RULE = `names and values are non-empty, well-formed text; no name begins with ${RESERVED_PREFIX}`;

/** Whether a context that is to be written may have this name. */
export function isContextName(name: unknown): boolean {
  return isContextValue(name) && !(name as string).startsWith(RESERVED_PREFIX);
}

/** Whether a context that is to be written may have this value: half of a surrogate pair would become something else. */
export function isContextValue(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && value.isWellFormed();
}

/** An object without prototype, so that a name like `__proto__` is a name. */
export function contextOf(entries: Iterable<readonly [string, string]>): EncryptionContext {
  const context: Record<string, string> = Object.create(null);
  for (const [name, value] of entries) context[name] = value;
  return context;
}

/**
 * The canonical bytes of a context (specification, data-format/structures.md): count, then the pairs in ascending
 * order of the UTF-8 bytes of their names. The empty context is zero bytes.
 * @throws EnvelopeError `CONTEXT_INVALID` when the whole does not fit into 65,535 bytes
 */
export function serializeContext(context: EncryptionContext): Uint8Array {
  const names = Object.keys(context);
  if (names.length === 0) return new Uint8Array(0);
  // Measured first and then written in place: small buffers cost more than the text.
  let length = 2;
  let ascii = true;
  for (const name of names) {
    const bytes = Buffer.byteLength(name);
    ascii &&= bytes === name.length;
    length += 4 + bytes + Buffer.byteLength(context[name] as string);
  }
  if (length > MAX_LENGTH) {
    fail('CONTEXT_INVALID', `the encryption context takes ${length} bytes; at most ${MAX_LENGTH}`);
  }
  // Of Node's pool, like the other parts of headers: they are not secret, and memory of their own would cost more.
  const output = Buffer.allocUnsafe(length);
  let at = output.writeUInt16BE(names.length);
  // Names in ASCII have the same order as text.
  for (const name of names.sort(ascii ? undefined : byUtf8)) {
    for (const text of [name, context[name] as string]) {
      const written = output.write(text, at + 2);
      at = output.writeUInt16BE(written, at) + written;
    }
  }
  return output;
}

/** By their bytes: JavaScript compares by UTF-16 units, which is another order where surrogate pairs come in. */
function byUtf8(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/**
 * Reads the context section of a header: the pairs in whatever order they come. An empty context may be written with or
 * without a count.
 * @throws EnvelopeError `NOT_AUTHENTIC` when lengths, count, UTF-8 or uniqueness of names do not hold
 */
export function readContext(section: Uint8Array): EncryptionContext {
  const context: Record<string, string> = Object.create(null);
  if (section.length === 0) return context;
  const reader = new Reader(section);
  for (let count = reader.uint(2); count > 0; count -= 1) {
    const name = reader.text();
    if (name in context) throw notAuthentic();
    context[name] = reader.text();
  }
  if (reader.remaining > 0) throw notAuthentic();
  return context;
}
