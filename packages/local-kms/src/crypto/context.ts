/**
 * An encryption context as text that no other context has: every key and value with its length before it, pairs sorted by
 * key. Joined without lengths, `{"a":"bc"}` would open what `{"ab":"c"}` sealed.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html
 */
export function contextText(context: ReadonlyMap<string, string>): string {
  if (context.size === 0) return '';
  let text = '';
  for (const key of context.size === 1 ? context.keys() : [...context.keys()].sort()) {
    const value = context.get(key) ?? '';
    text += `${key.length}:${key}${value.length}:${value}`;
  }
  return text;
}
