// Files that are either as they were or as they should be, never half of it.

import { randomBytes } from 'node:crypto';
import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, lstat, open, realpath, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CliError } from '../errors.ts';
import { fileError } from './failure.ts';

/** Readable by its owner only: what plaintext is written to. */
export const PRIVATE = 0o600;
/** As the user's umask leaves it. */
export const ORDINARY = 0o666;

/** Names of files that are not finished. A process that is killed leaves its own behind. */
const UNFINISHED = /^\.keysmith-[0-9a-f]{16}\.tmp$/;

/** Whether a file is one that some run of `keysmith` has not finished. */
export function isUnfinished(path: string): boolean {
  return UNFINISHED.test(basename(path));
}

/** A name for a file that is going to take the place of another one. */
export function unfinishedBeside(path: string): string {
  return join(dirname(path), `.keysmith-${randomBytes(8).toString('hex')}.tmp`);
}

/**
 * The file that a path leads to, which may not exist yet: what replaces it must not replace a symbolic link.
 * @throws {@link CliError} `FILE` for what is there and is no ordinary file, such as a device, which nothing may replace, or a
 * symbolic link to what does not exist
 */
export async function targetOf(path: string): Promise<string> {
  try {
    const target = await realpath(path);
    if ((await stat(target)).isFile()) return target;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw fileError('write', path, cause);
    if ((await lstat(path).catch(() => undefined)) === undefined) return path;
    throw new CliError(
      'FILE',
      `cannot write ${path}: it is a symbolic link to what does not exist; give that path itself`,
    );
  }
  throw new CliError('FILE', `cannot write ${path}: it is there and not an ordinary file; use the standard output`);
}

/** The path of a file that may not exist yet, without symbolic links. */
export async function resolved(path: string): Promise<string> {
  return join(await realpath(dirname(path)), basename(path));
}

/** How a file is made. */
export interface Making {
  readonly mode: number;
  /** Called when everything is written and durable, and not yet in its place; what it throws leaves things as they were. */
  readonly before?: () => Promise<void>;
}

/**
 * Makes a file, or replaces one: what `write` writes goes to a file beside it, which takes its place when it is complete
 * and durable.
 * @param path - from {@link targetOf}
 * @throws {@link CliError} `FILE`; what `write` throws, and then nothing has changed
 */
export async function makeFile(
  path: string,
  { mode, before }: Making,
  write: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  const unfinished = unfinishedBeside(path);
  const handle = await attempt('write', path, () => open(unfinished, 'wx', mode));
  try {
    try {
      await write(handle);
      await attempt('write', path, () => handle.sync());
      await before?.();
    } finally {
      await handle.close();
    }
    await attempt('write', path, () => rename(unfinished, path));
  } catch (error) {
    await unlink(unfinished).catch(() => {});
    throw error;
  }
}

/** Makes what was renamed in a folder survive a loss of power. */
export async function syncFolder(path: string): Promise<void> {
  // Windows opens no folders, and its file systems keep their own journal.
  const handle = await open(path).catch(() => undefined);
  try {
    await handle?.sync().catch(() => {});
  } finally {
    await handle?.close();
  }
}

/** A file as it was read. */
export interface Original {
  readonly path: string;
  readonly stat: BigIntStats;
}

/** A pipe that is in the place of a file by now is opened too, instead of waiting for somebody who writes to it. */
const AT_ONCE = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Reads a file, and what tells later whether it is still the same.
 * @throws {@link CliError} `FILE`, also when it is larger than `limit` bytes, or no ordinary file
 */
export async function readOriginal(path: string, limit: number): Promise<Original & { readonly bytes: Uint8Array }> {
  return attempt('read', path, async () => {
    const handle = await open(path, AT_ONCE);
    try {
      const before = await handle.stat({ bigint: true });
      if (!before.isFile()) throw new CliError('FILE', `cannot read ${path}: it is not an ordinary file`);
      if (before.size > limit) {
        const problem = `it has more than ${limit} bytes; decrypt and encrypt it as a stream`;
        throw new CliError('FILE', `cannot read ${path}: ${problem}`);
      }
      return { path, stat: before, bytes: await handle.readFile() };
    } finally {
      await handle.close();
    }
  });
}

/** What changes when somebody writes to a file or puts another one in its place. */
const IDENTITY = ['dev', 'ino', 'size', 'mtimeNs', 'ctimeNs'] as const;

/** Whether a path leads to the same file with the same contents as before. */
export async function isUnchanged({ path, stat: known }: Original): Promise<boolean> {
  const now = await stat(path, { bigint: true }).catch(() => undefined);
  return now !== undefined && IDENTITY.every((member) => now[member] === known[member]);
}

/**
 * Puts other contents in the place of a file, with the mode and owner that it has, unless it has changed meanwhile. The
 * file system has no way to compare and rename in one step: a change in the moment between the two is lost.
 * @returns whether it did so; `false` when the file has changed
 * @throws {@link CliError} `FILE`
 */
export async function replaceOriginal(original: Original, bytes: Uint8Array): Promise<boolean> {
  const { path } = original;
  let changed = false;
  const before = async () => {
    changed = !(await isUnchanged(original));
    if (changed) throw hasChanged(path);
  };
  try {
    await makeFile(path, { mode: PRIVATE, before }, async (handle) => {
      await attempt('write', path, () => handle.writeFile(bytes));
      await becomeLike(original, handle);
    });
    return true;
  } catch (error) {
    if (changed) return false;
    throw error;
  }
}

/** What is said of a file that is not as it was read. */
export function hasChanged(path: string): CliError {
  return new CliError('FILE', `${path} has changed since it was read, and was left as it is`);
}

/**
 * Gives a file that is about to replace another one the mode and the owner of that one.
 * @throws {@link CliError} `FILE`
 */
export async function becomeLike({ path, stat: known }: Original, handle: FileHandle): Promise<void> {
  await attempt('keep the owner of', path, async () => {
    const made = await handle.stat({ bigint: true });
    if (made.uid !== known.uid || made.gid !== known.gid) await handle.chown(Number(known.uid), Number(known.gid));
    await handle.chmod(Number(known.mode & 0o7777n));
  });
}

/** Work on a file, whose failure names it. */
export async function attempt<T>(action: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw fileError(action, path, cause);
  }
}
