import { constants } from 'node:fs';
import { type FileHandle, open, rename, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CliError } from '../../errors.ts';
import { attempt, becomeLike, hasChanged, isUnchanged, type Original, PRIVATE, syncFolder } from '../files.ts';
import type { Sink } from '../sink.ts';

/** Where re-encrypted lines go. */
export interface LineTarget extends Sink {
  /** Makes everything so far durable. @returns how many bytes that is */
  sync(): Promise<number>;
  /** Called when everything is written. */
  finish(): Promise<void>;
  /** Called in any case, at the end. */
  close(): Promise<void>;
}

/** The standard output: what was written is with whoever reads it. */
export function sinkTarget(sink: Sink): LineTarget {
  return { ...sink, sync: async () => 0, finish: async () => {}, close: async () => {} };
}

/** A file that takes its place when it is complete, and goes on growing in another run until then. */
export interface GrowingFile {
  /** Its place. */
  readonly target: string;
  /** Where it grows. */
  readonly unfinished: string;
  /** Bytes that an earlier run has written; anything beyond them is written again. Absent: it is a new file. */
  readonly length?: number;
  /** The file that it is made from, if it is made from one: it gets the same mode. */
  readonly input: Original | undefined;
  /** Whether it stays when it is not finished. */
  readonly resumable: boolean;
}

/** Lines are gathered up to so many bytes, since each write costs a call of the system. */
const GATHERED = 1_048_576;

/**
 * Opens the file that lines are written to.
 * @throws {@link CliError} `FILE`
 */
export async function growingFile(file: GrowingFile): Promise<LineTarget> {
  const { target, unfinished, length, input } = file;
  const handle = await (length === undefined ? create(unfinished) : goOn(unfinished, length));
  let written = length ?? 0;
  let gathered: Uint8Array[] = [];
  let size = 0;
  let finished = false;
  let isKept = length !== undefined;
  let failure: unknown;
  /** After a failure nobody knows what is in the file, and nothing more may be noted of it: an earlier note still holds. */
  const whole = async <T>(work: () => Promise<T>): Promise<T> => {
    if (failure !== undefined) throw failure;
    try {
      return await attempt('write', unfinished, work);
    } catch (error) {
      failure = error;
      throw error;
    }
  };
  const flush = (): Promise<void> =>
    whole(async () => {
      const bytes = Buffer.concat(gathered, size);
      await handle.appendFile(bytes);
      gathered = [];
      size = 0;
      written += bytes.length;
    });
  /** Two runs that go on with one cursor would both write here, and lines would be there twice. */
  const requireOwn = async (): Promise<void> => {
    if ((await handle.stat()).size === written) return;
    throw new CliError('FILE', `somebody else writes to ${unfinished}, such as another run with the same cursor`);
  };
  return {
    async write(bytes) {
      gathered.push(bytes);
      size += bytes.length;
      if (size >= GATHERED) await flush();
    },
    async sync() {
      if (finished) return written;
      await flush();
      await whole(() => handle.sync());
      await requireOwn();
      isKept = true;
      return written;
    },
    async finish() {
      await flush();
      await takeMode(file, handle);
      await whole(() => handle.sync());
      await requireOwn();
      if (input?.path === target && !(await isUnchanged(input))) throw hasChanged(target);
      await attempt('write', target, () => rename(unfinished, target));
      await syncFolder(dirname(target));
      finished = true;
    },
    async close() {
      await handle.close();
      // No cursor speaks of a file that never was durable.
      if (!finished && !(file.resumable && isKept)) await unlink(unfinished).catch(() => {});
    },
  };
}

async function create(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'ax', PRIVATE);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') return attempt('write', path, () => Promise.reject(cause));
    throw new CliError('FILE', `${path} is there already, and no cursor speaks of it; remove it to begin anew`);
  }
}

async function goOn(path: string, length: number): Promise<FileHandle> {
  const handle = await attempt('go on with', path, () => open(path, constants.O_WRONLY | constants.O_APPEND));
  if ((await handle.stat()).size < length) {
    await handle.close();
    throw new CliError('FILE', `${path} is shorter than the cursor says; remove it and the cursor to begin anew`);
  }
  await attempt('write', path, () => handle.truncate(length));
  return handle;
}

/** In the place of its input it is like that one; elsewhere it belongs to whoever makes it. */
async function takeMode({ target, input }: GrowingFile, handle: FileHandle): Promise<void> {
  if (input === undefined) return;
  if (input.path === target) await becomeLike(input, handle);
  else await attempt('write', target, () => handle.chmod(Number(input.stat.mode & 0o777n)));
}

/** Bytes of a file; `undefined` when it is not there. */
export async function sizeOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.size;
}
