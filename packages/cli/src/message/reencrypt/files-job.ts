import { dirname, join } from 'node:path';
import {
  type EncryptionContext,
  type ReencryptManyOptions,
  type ReencryptStep,
  reencryptMany,
} from '@cdk-keysmith/envelope';
import { decoded, isBase64Text } from '../base64.ts';
import { type Original, readOriginal, replaceOriginal, syncFolder } from '../files.ts';
import { type Found, type Place, type Walk, walk } from '../walk.ts';
import type { Holder, Job } from './job.ts';

/** A file that holds one message. */
interface FileRecord extends Holder {
  readonly place: Place;
  /** Absent when it could not be read. */
  readonly original: (Original & { readonly bytes: Uint8Array }) | undefined;
  readonly problem: unknown;
}

/** How messages are re-encrypted: all of it except where they are. */
export type Reencryption = Pick<
  ReencryptManyOptions<unknown, EncryptionContext, unknown>,
  'from' | 'to' | 'call' | 'policy' | 'concurrency'
>;

/** Where a run through files goes on: after this file, or at the beginning. */
export type AfterFile = Place | null;

export function isAfterFile(value: unknown): value is AfterFile {
  if (value === null) return true;
  const { root, names } = Object(value ?? {}) as Partial<Place>;
  return Number.isSafeInteger(root) && Array.isArray(names) && names.every((name) => typeof name === 'string');
}

/** Largest message in bytes: old and new one and the plaintext are in memory at once. */
const MAX_FILE = 1_073_741_824;
/** Files are read in groups of so many bytes, or of a single larger file. */
const GROUP_BYTES = 67_108_864;
const GROUP_FILES = 256;

/**
 * Every file of a walk, each one replaced in one step when it is stale.
 * @param typed - the roots of the walk as they were typed
 * @param context - what every message is bound to
 * @param tell - says something about a file that stays
 */
export function filesJob(
  walked: Walk,
  typed: readonly string[],
  context: EncryptionContext,
  how: Reencryption,
  tell: (text: string) => void,
): Job<FileRecord, AfterFile> {
  let after: AfterFile = walked.after ?? null;
  const touched = new Set<string>();
  const options: ReencryptManyOptions<FileRecord, EncryptionContext, Place> = {
    ...how,
    pick: (record) => picked(record, context),
    cursor: ({ place }) => place,
  };
  return {
    steps: inGroups(walk(walked), typed, options),
    async store({ name, original, place }, message) {
      if (original === undefined) throw new TypeError('only what was read is stored');
      const stored = await replaceOriginal(original, inFormOf(original.bytes, message));
      if (stored) {
        touched.add(dirname(original.path));
        tellOfOtherNames(name, original.stat.nlink - 1n, tell);
      }
      after = place;
      return stored;
    },
    async keep({ place }) {
      after = place;
    },
    position: ({ done }) => done,
    async durable() {
      for (const folder of touched) await syncFolder(folder);
      touched.clear();
      return after;
    },
    async complete() {
      for (const folder of touched) await syncFolder(folder);
    },
    async finish() {},
  };
}

/** A file that is replaced as a whole is another one for its hard links. */
function tellOfOtherNames(name: string, others: bigint, tell: (text: string) => void): void {
  if (others < 1n) return;
  const names =
    others === 1n ? '1 other name (hard link), which keeps' : `${others} other names (hard links), which keep`;
  tell(`${name}: it has come apart from its ${names} the old message until re-encrypted too`);
}

async function* inGroups(
  files: AsyncIterable<Found>,
  typed: readonly string[],
  options: ReencryptManyOptions<FileRecord, EncryptionContext, Place>,
): AsyncGenerator<ReencryptStep<FileRecord, Place>> {
  let group: FileRecord[] = [];
  let bytes = 0;
  for await (const file of files) {
    const record = await read(file, typed);
    const size = record.original?.bytes.length ?? 0;
    if (group.length > 0 && bytes + size > GROUP_BYTES) {
      yield* reencryptMany(() => group, options);
      group = [];
      bytes = 0;
    }
    group.push(record);
    bytes += size;
    if (group.length < GROUP_FILES) continue;
    yield* reencryptMany(() => group, options);
    group = [];
    bytes = 0;
  }
  yield* reencryptMany(() => group, options);
}

async function read({ path, place }: Found, typed: readonly string[]): Promise<FileRecord> {
  const name = join(typed[place.root] ?? '', ...place.names);
  try {
    return { name, place, original: await readOriginal(path, MAX_FILE), problem: undefined };
  } catch (problem) {
    return { name, place, original: undefined, problem };
  }
}

function picked({ original, problem }: FileRecord, context: EncryptionContext) {
  if (original === undefined) throw problem;
  const { bytes, stat } = original;
  const message = isBase64Text(bytes) ? decoded(bytes) : bytes;
  return { message, context, facts: { writtenAt: stat.mtime } };
}

const END_OF_TEXT = /\s*$/;

/** Text stays text, with the line end that it had. */
function inFormOf(old: Uint8Array, message: Uint8Array): Uint8Array {
  if (!isBase64Text(old)) return message;
  const [end = ''] = END_OF_TEXT.exec(Buffer.from(old.subarray(-8)).toString('latin1')) ?? [];
  return Buffer.from(Buffer.from(message).toString('base64') + end);
}
