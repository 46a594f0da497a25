import type { Grantee } from '@cdk-keysmith/access';

/** Every construct of a resource ends in `/Resource`, which tells nobody anything. */
export function shortPath(constructPath: string): string {
  return constructPath.replace(/\/Resource$/, '');
}

/** How a row is called: a role that one function runs as is called like the function. */
export function nameOfGrantee({ name, functions }: Grantee): string {
  const [only, ...others] = functions.map(shortPath);
  return only === undefined || others.length > 0 ? shortPath(name) : only;
}

/**
 * Whether a name that somebody typed means a path or a name: all of it, or its end after a slash, as in `Writer` for
 * `Orders/Writer`.
 */
export function means(typed: string, name: string): boolean {
  return name === typed || name.endsWith(`/${typed}`);
}
