/** The little of DER (X.690) that the ciphertext needs: definite lengths of up to two bytes, written and read strictly. */

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
  const first = bytes?.[1];
  if (bytes === undefined || bytes[0] !== tag || first === undefined) return undefined;
  if (first < 0x80) return bytes.length === 2 + first ? bytes.subarray(2) : undefined;
  if (first === 0x81) {
    const size = bytes[2] ?? 0;
    return size >= 0x80 && bytes.length === 3 + size ? bytes.subarray(3) : undefined;
  }
  if (first === 0x82) {
    const size = ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0);
    return size >= 0x100 && bytes.length === 4 + size ? bytes.subarray(4) : undefined;
  }
  return undefined;
}
