import type { ClassicLevel } from 'classic-level';
import { LocalKmsError } from '../errors.ts';
import { isObject } from '../wire/json.ts';

/** LevelDB, as far as the state uses it. */
export type Database = ClassicLevel<string, Buffer>;

/** One change of a batch. */
export type Change =
  | { readonly type: 'put'; readonly key: string; readonly value: Buffer }
  | { readonly type: 'del'; readonly key: string };

/**
 * Opens the database. The operating system lets go of its lock when the process ends, however it ends.
 * @throws {@link LocalKmsError} `STATE_IN_USE`, `STATE_DAMAGED` or `STATE_FAILED`
 */
export async function openDatabase(folder: string, path: string, createIfMissing: boolean): Promise<Database> {
  const database = await constructed(folder, path, createIfMissing);
  try {
    await database.open();
    return database;
  } catch (error) {
    throw openingError(folder, error);
  }
}

/** Loaded when a state is opened first: who has none does not pay for it. */
async function constructed(folder: string, path: string, createIfMissing: boolean): Promise<Database> {
  try {
    const { ClassicLevel } = await import('classic-level');
    return new ClassicLevel<string, Buffer>(path, { createIfMissing, keyEncoding: 'utf8', valueEncoding: 'buffer' });
  } catch (cause) {
    throw new LocalKmsError(
      'STATE_FAILED',
      `cannot keep a state in ${folder}: classic-level, which keeps it, cannot be loaded on ${process.platform}-${process.arch}; install it (a bundle must leave it out), or go without a state`,
      { cause },
    );
  }
}

/** What LevelDB says when its files are gone or empty. A table without content cannot be mapped into memory. */
const LOST = /corruption|missing files|does not exist|no such file|invalid argument/i;

/** Codes of Node.js: what the system refuses, as a folder that is read-only, says nothing of what is in it. */
const OF_SYSTEM = /^E[A-Z]+$/;

/** What is told of a state that could not be opened or read. */
export function openingError(folder: string, error: unknown): LocalKmsError {
  const { code, why } = causeOf(error);
  if (code === 'LEVEL_LOCKED') {
    return new LocalKmsError(
      'STATE_IN_USE',
      `the state in ${folder} belongs to another local KMS that runs: stop it, or take another folder`,
      { cause: error },
    );
  }
  if (code === 'LEVEL_CORRUPTION' || (!OF_SYSTEM.test(code) && LOST.test(why))) return damaged(folder, why, error);
  return new LocalKmsError('STATE_FAILED', `cannot open the state in ${folder}: ${why}`, { cause: error });
}

/** The error of a state that is not what was written. Nothing is repaired or made anew unasked. */
export function damaged(folder: string, what: string, cause?: unknown): LocalKmsError {
  return new LocalKmsError(
    'STATE_DAMAGED',
    `the state in ${folder} is damaged: ${what}; put back a copy of the whole folder, or delete it to start with new keys`,
    { cause },
  );
}

/** LevelDB tells what happened in the cause of its error. Both come from outside, and may be errors of another realm. */
export function causeOf(error: unknown): { readonly code: string; readonly why: string } {
  const outer = isObject(error) ? error : {};
  const { code, message } = isObject(outer['cause']) ? outer['cause'] : outer;
  return { code: String(code), why: String(message ?? error) };
}
