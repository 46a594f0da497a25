import { isAbsolute, relative, sep } from 'node:path';
import type { SourcePosition } from '@cdk-keysmith/access';

/**
 * Whether a name that somebody typed means a path or a name: all of it, or its end after a slash, as in `Writer` for
 * `Orders/Writer`.
 */
export function means(typed: string, name: string): boolean {
  return name === typed || name.endsWith(`/${typed}`);
}

/** The thing with its file as one would type it here: from the working directory, for what is in it. */
export function seenFromHere<T extends { readonly source?: SourcePosition }>(thing: T): T {
  const { source } = thing;
  return source === undefined ? thing : { ...thing, source: { ...source, file: fromHere(source.file) } };
}

function fromHere(file: string): string {
  const inside = relative(process.cwd(), file);
  const isInside = inside !== '' && !isAbsolute(inside) && inside.split(sep)[0] !== '..';
  return isAbsolute(file) && isInside ? inside.split(sep).join('/') : file;
}
