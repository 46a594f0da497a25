import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CliError } from '../errors.ts';
import { fileError } from './failure.ts';
import { makeFile, ORDINARY, syncFolder, targetOf } from './files.ts';

/** What became of the messages so far. */
export interface Counts {
  readonly done: number;
  readonly reencrypted: number;
  /** Not stale, and left as they are. */
  readonly current: number;
  /** Left as they are, too. */
  readonly failed: number;
}

export const NO_COUNTS: Counts = { done: 0, reencrypted: 0, current: 0, failed: 0 };

/** Where a run has stopped. */
export interface Cursor<After> {
  readonly after: After;
  readonly counts: Counts;
  readonly finished: boolean;
}

/** A file that keeps the cursor of a run. */
export interface CursorFile<After> {
  readonly path: string;
  /** What an earlier run has noted; `undefined` when there was none. */
  readonly noted: Cursor<After> | undefined;
  /** Notes it, so that it survives what ends the process or the machine. What it speaks of has to be durable before. */
  note(cursor: Cursor<After>): Promise<void>;
}

const VERSION = 1;

/**
 * Opens the file of a cursor, which may not exist yet.
 * @param run - everything that decides what the run does; a cursor of another run is refused
 * @param isAfter - whether a value of unknown origin is a place of this run
 * @throws {@link CliError} `FILE`
 */
export async function openCursor<After>(
  path: string,
  run: unknown,
  isAfter: (value: unknown) => value is After,
): Promise<CursorFile<After>> {
  const target = await targetOf(path);
  const digest = createHash('sha256').update(JSON.stringify(run)).digest('hex');
  const text = await readFile(target, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw fileError('read', path, cause);
  });
  return {
    path: target,
    noted: text === undefined ? undefined : parsed(path, text, digest, isAfter),
    async note(cursor) {
      const content = `${JSON.stringify({ version: VERSION, run: digest, ...cursor })}\n`;
      await makeFile(target, { mode: ORDINARY }, (handle) => handle.writeFile(content));
      await syncFolder(dirname(target));
    },
  };
}

function parsed<After>(
  path: string,
  text: string,
  digest: string,
  isAfter: (value: unknown) => value is After,
): Cursor<After> {
  const { version, run, after, counts, finished } = objectOf(text);
  if (version !== VERSION || !isAfter(after) || !isCounts(counts) || typeof finished !== 'boolean') {
    throw new CliError('FILE', `--cursor ${path} is no cursor of this version of keysmith; give another file`);
  }
  if (run !== digest) {
    throw new CliError(
      'FILE',
      `--cursor ${path} is of a run with other files or options; give the same ones, or another file to begin anew`,
    );
  }
  return { after, counts, finished };
}

function objectOf(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

function isCounts(value: unknown): value is Counts {
  const counts = Object(value ?? {}) as Record<string, unknown>;
  return Object.keys(NO_COUNTS).every((name) => Number.isSafeInteger(counts[name]));
}
