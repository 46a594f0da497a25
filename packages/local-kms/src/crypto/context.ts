/**
 * An encryption context as bytes that no other context has: every key and value with its length before it, pairs sorted
 * by the bytes of the key. Joined text would let `{"a":"bc"}` open what `{"ab":"c"}` sealed.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html
 */
export function contextBytes(context: ReadonlyMap<string, string>): Uint8Array {
  const pairs = [...context].map(([key, value]) => [Buffer.from(key, 'utf8'), Buffer.from(value, 'utf8')] as const);
  pairs.sort(([a], [b]) => Buffer.compare(a, b));
  return Buffer.concat([
    length(pairs.length),
    ...pairs.flatMap(([key, value]) => [length(key.length), key, length(value.length), value]),
  ]);
}

function length(count: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(count);
  return bytes;
}
