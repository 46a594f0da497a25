/** Enough for every condition key of AWS and for the encryption contexts of a program. */
const MAX_NAMES = 4_096;
/** Names that are longer come from a client that wants them kept. */
const MAX_LENGTH = 128;

const LOWER = new Map<string, string>();

/** A name in lower case. Requests carry the same few names over and over: these are looked up and not made again. */
export function lowerCase(name: string): string {
  const known = LOWER.get(name);
  if (known !== undefined) return known;
  const lower = name.toLowerCase();
  if (name.length > MAX_LENGTH) return lower;
  if (LOWER.size >= MAX_NAMES) LOWER.clear();
  LOWER.set(name, lower);
  return lower;
}
