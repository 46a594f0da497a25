import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CliError } from '../errors.ts';
import { fileError } from './failure.ts';
import { attempt, isUnfinished } from './files.ts';

/** Where in a walk a file is: which of the given paths, and the names that lead from there to it. */
export interface Place {
  readonly root: number;
  readonly names: readonly string[];
}

/** A file that a walk has come to. */
export interface Found {
  readonly path: string;
  readonly place: Place;
}

/** What is walked through. */
export interface Walk {
  /** Files and folders, as {@link rootsOf} has resolved them. */
  readonly roots: readonly string[];
  /** Only files in folders whose names end so. Default: all. */
  readonly suffix?: string | undefined;
  /** A file that is not meant, such as the cursor. */
  readonly except?: string | undefined;
  /** Begin after this place. Default: at the beginning. */
  readonly after?: Place | undefined;
  /** Is told of what is neither a file nor a folder, and left out; a symbolic link may lead anywhere. */
  readonly onLeftOut?: ((path: string) => void) | undefined;
}

/**
 * The paths as they are without symbolic links. Whoever gives a link means what it leads to; links in a folder are left out.
 * @throws {@link CliError} `FILE` for what is not there, or neither a file nor a folder, and for one that is given twice
 */
export async function rootsOf(paths: readonly string[]): Promise<readonly string[]> {
  const roots: string[] = [];
  for (const path of paths) {
    const root = await realpath(path).catch((cause) => {
      throw fileError('read', path, cause);
    });
    if (roots.includes(root)) throw new CliError('FILE', `${path} is given twice`);
    await requireFileOrFolder(root, path);
    roots.push(root);
  }
  return roots;
}

/** What is read from a pipe or a device cannot be replaced there. */
async function requireFileOrFolder(root: string, typed: string): Promise<void> {
  const found = await attempt('read', typed, () => stat(root));
  if (found.isFile() || found.isDirectory()) return;
  throw new CliError('FILE', `cannot read ${typed}: it is neither a file nor a folder`);
}

/** Every file, in an order that does not depend on anything but names. */
export async function* walk(walked: Walk): AsyncGenerator<Found> {
  const { roots, after } = walked;
  for (const [root, path] of roots.entries()) {
    if (after !== undefined && root < after.root) continue;
    const behind = after?.root === root ? after.names : undefined;
    if ((await stat(path)).isDirectory()) {
      yield* within(walked, path, { root, names: [] }, behind);
    } else if (behind?.length !== 0) {
      // What it was a folder for in an earlier run says nothing of the file that it is now.
      yield { path, place: { root, names: [] } };
    }
  }
}

/** @param behind - names below this folder that lead to where it begins, and not before */
async function* within(
  walked: Walk,
  folder: string,
  { root, names }: Place,
  [first, ...rest]: readonly string[] = [],
): AsyncGenerator<Found> {
  const { suffix = '', except, onLeftOut } = walked;
  for (const entry of await entriesOf(folder)) {
    if (first !== undefined && entry.name < first) continue;
    const path = join(folder, entry.name);
    const place = { root, names: [...names, entry.name] };
    const isFirst = entry.name === first;
    if (entry.isDirectory()) {
      yield* within(walked, path, place, isFirst ? rest : []);
    } else if (
      (isFirst && rest.length === 0) ||
      !entry.name.endsWith(suffix) ||
      path === except ||
      isUnfinished(path)
    ) {
      // Done before, or not meant.
    } else if (entry.isFile()) {
      yield { path, place };
    } else {
      onLeftOut?.(path);
    }
  }
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    // By code units, whatever the language of the user.
    return entries.sort((one, other) => (one.name < other.name ? -1 : 1));
  } catch (cause) {
    throw fileError('read', folder, cause);
  }
}
