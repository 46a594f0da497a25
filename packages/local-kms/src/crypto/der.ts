/** The little of DER (X.690) that is needed here: definite lengths of up to two bytes, written and read strictly. */

/** Tag, length and content. Content is under 64 KiB here: a ciphertext is at most 6,144 bytes. */
export function der(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(content);
  const size = body.length;
  const head = size < 0x80 ? [tag, size] : size < 0x100 ? [tag, 0x81, size] : [tag, 0x82, size >> 8, size & 0xff];
  return Buffer.concat([Uint8Array.from(head), body]);
}

/**
 * Content of the one element that `bytes` is, or undefined where it is anything else: another tag, a length that is not
 * the shortest form, too few bytes, or bytes after it.
 */
export function derContent(tag: number, bytes: Uint8Array | undefined): Uint8Array | undefined {
  const first = bytes && derFirst(bytes);
  return first?.tag === tag && first.rest.length === 0 ? first.content : undefined;
}

/** The elements that `bytes` is a row of, with exactly these tags; undefined where it is anything else. */
export function derRow(tags: readonly number[], bytes: Uint8Array | undefined): readonly Uint8Array[] | undefined {
  let rest = bytes;
  const contents: Uint8Array[] = [];
  for (const tag of tags) {
    const first = rest && derFirst(rest);
    if (first?.tag !== tag) return undefined;
    contents.push(first.content);
    rest = first.rest;
  }
  return rest?.length === 0 ? contents : undefined;
}

interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly rest: Uint8Array;
}

function derFirst(bytes: Uint8Array): Element | undefined {
  const [tag, first, second = 0, third = 0] = bytes;
  if (tag === undefined || first === undefined) return undefined;
  if (first < 0x80) return cut(tag, bytes, 2, first);
  if (first === 0x81) return second >= 0x80 ? cut(tag, bytes, 3, second) : undefined;
  const size = (second << 8) | third;
  return first === 0x82 && size >= 0x100 ? cut(tag, bytes, 4, size) : undefined;
}

function cut(tag: number, bytes: Uint8Array, start: number, size: number): Element | undefined {
  const end = start + size;
  return bytes.length < end ? undefined : { tag, content: bytes.subarray(start, end), rest: bytes.subarray(end) };
}

/** An INTEGER that is not negative: big-endian without leading zeros, but one where the first bit is set. */
export function derUnsigned(bigEndian: Uint8Array): Uint8Array {
  const start = bigEndian.findIndex((byte) => byte !== 0);
  const digits = start < 0 ? Uint8Array.of(0) : bigEndian.subarray(start);
  return (digits[0] ?? 0) >= 0x80 ? der(0x02, Uint8Array.of(0), digits) : der(0x02, digits);
}

/** The content of such an INTEGER as that many bytes; undefined where it is negative, padded or larger. */
export function unsignedOf(content: Uint8Array | undefined, size: number): Uint8Array | undefined {
  const [first, second = 0] = content ?? [];
  if (content === undefined || first === undefined || first >= 0x80) return undefined;
  if (first === 0 && content.length > 1 && second < 0x80) return undefined;
  const digits = first === 0 ? content.subarray(1) : content;
  if (digits.length > size) return undefined;
  const bytes = new Uint8Array(size);
  bytes.set(digits, size - digits.length);
  return bytes;
}
