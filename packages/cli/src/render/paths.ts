/**
 * Whether a name that somebody typed means a path or a name: all of it, or its end after a slash, as in `Writer` for
 * `Orders/Writer`.
 */
export function means(typed: string, name: string): boolean {
  return name === typed || name.endsWith(`/${typed}`);
}
