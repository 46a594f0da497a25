/**
 * An encryption context as bytes that no other context has: every key and value with its length before it, pairs sorted
 * by the bytes of the key. Joined text would let `{"a":"bc"}` open what `{"ab":"c"}` sealed.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html
 */
export function contextBytes(context: ReadonlyMap<string, string>): Uint8Array {
  const pairs = Array.from(context, ([key, value]) => ({ key: Buffer.from(key), value }));
  if (pairs.length > 1) pairs.sort((a, b) => Buffer.compare(a.key, b.key));
  let size = LENGTH_BYTES;
  for (const { key, value } of pairs) size += 2 * LENGTH_BYTES + key.length + Buffer.byteLength(value);
  const bytes = Buffer.allocUnsafe(size);
  let at = bytes.writeUInt32BE(pairs.length);
  for (const { key, value } of pairs) {
    at = bytes.writeUInt32BE(key.length, at);
    at += key.copy(bytes, at);
    const written = bytes.write(value, at + LENGTH_BYTES);
    at = bytes.writeUInt32BE(written, at) + written;
  }
  return bytes;
}

const LENGTH_BYTES = 4;
