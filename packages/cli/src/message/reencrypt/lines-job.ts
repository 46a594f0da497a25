import { type EncryptionContext, type ReencryptManyOptions, reencryptMany } from '@cdk-keysmith/envelope';
import { CliError } from '../../errors.ts';
import { isBlank, type Line, type LineStart, linesOf, wholeLine } from '../lines.ts';
import { type JsonObject, type Member, type MemberPath, readObject, required, stringOf } from '../member.ts';
import type { Reencryption } from './files-job.ts';
import type { Holder, Job } from './job.ts';
import type { LineTarget } from './line-target.ts';

/** A line that holds a message. */
interface LineRecord extends Holder {
  readonly line: Line;
  /** Lines before it that hold none. */
  readonly before: readonly Uint8Array[];
  /** Absent when it could not be read. */
  readonly read: { readonly object: JsonObject; readonly member: Member } | undefined;
  readonly problem: unknown;
}

/** Where a run through lines goes on, in both files. */
export interface AfterLine {
  /** Which input it was: another one, or one that has changed, cannot be gone on with. */
  readonly version: string;
  /** Bytes and lines of the input that are dealt with. */
  readonly input: number;
  readonly lines: number;
  /** Bytes of the output. */
  readonly output: number;
}

export function isAfterLine(value: unknown): value is AfterLine {
  const { version, input, lines, output } = Object(value ?? {}) as Partial<AfterLine>;
  const counts = [input, lines, output].every((number) => Number.isSafeInteger(number) && Number(number) >= 0);
  return counts && typeof version === 'string';
}

/** Where the messages of lines are, and what they are bound to. */
export interface LinesLayout {
  readonly name: string;
  /** As in {@link AfterLine}. */
  readonly version: string;
  readonly field: MemberPath;
  /** Member that says when the message was written. */
  readonly writtenAt: MemberPath | undefined;
  readonly contextOf: (object: JsonObject) => EncryptionContext;
}

/**
 * Every line of an input, with the message in it re-encrypted when it is stale. What fails stays as it is.
 * @param chunks - the input after `begin`
 */
export function linesJob(
  chunks: AsyncIterable<Uint8Array>,
  begin: LineStart,
  target: LineTarget,
  layout: LinesLayout,
  how: Reencryption,
): Job<LineRecord, AfterLine> {
  const after = { input: begin.offset, lines: begin.number - 1 };
  /** Lines that hold no message, since the last one that does. */
  let between: Uint8Array[] = [];
  let end: LineStart = begin;

  async function* records(): AsyncGenerator<LineRecord> {
    for await (const line of linesOf(chunks, begin)) {
      end = { offset: line.end, number: line.number + 1 };
      const record = recordOf(line, between, layout);
      if (record === undefined) {
        between.push(wholeLine(line));
      } else {
        between = [];
        yield record;
      }
    }
  }

  const write = async ({ line, before }: LineRecord, bytes: Uint8Array): Promise<void> => {
    for (const one of before) await target.write(one);
    await target.write(bytes);
    Object.assign(after, { input: line.end, lines: line.number });
  };
  const options: ReencryptManyOptions<LineRecord, EncryptionContext, number> = {
    ...how,
    pick: (record) => picked(record, layout),
    cursor: ({ line }) => line.end,
  };
  return {
    steps: reencryptMany(() => records(), options),
    async store(record, message) {
      const json = JSON.stringify(Buffer.from(message).toString('base64'));
      await write(record, wholeLine(record.line, Buffer.from(record.read?.member.replace(json) ?? '')));
      return true;
    },
    keep: (record) => write(record, wholeLine(record.line)),
    position: () => after.input,
    durable: async () => ({ version: layout.version, ...after, output: await target.sync() }),
    async complete() {
      for (const one of between) await target.write(one);
      Object.assign(after, { input: end.offset, lines: end.number - 1 });
    },
    finish: () => target.finish(),
  };
}

/** `undefined` for a line that holds no message and need not. */
function recordOf(line: Line, before: readonly Uint8Array[], layout: LinesLayout): LineRecord | undefined {
  const about = { name: `${layout.name}, line ${line.number}`, line, before };
  if (isBlank(line)) return undefined;
  try {
    const object = readObject(line.bytes);
    const member = required(object, layout.field);
    return member && { ...about, read: { object, member }, problem: undefined };
  } catch (problem) {
    return { ...about, read: undefined, problem };
  }
}

function picked({ read, problem }: LineRecord, { field, writtenAt, contextOf }: LinesLayout) {
  if (read === undefined) throw problem;
  const message = stringOf(read.member, field);
  const facts = writtenAt === undefined ? {} : { writtenAt: timeOf(read.object, writtenAt) };
  return { message, context: contextOf(read.object), facts };
}

/** A time as ISO 8601 has it, or as seconds since 1970. */
function timeOf(object: JsonObject, path: MemberPath): Date {
  const member = required(object, { ...path, optional: false });
  const time = new Date(member?.string ?? Number(member?.json) * 1000);
  if (!Number.isNaN(time.getTime())) return time;
  throw new CliError('REFUSED', `the member ${path.text} is no time: ISO 8601 text, or seconds since 1970`);
}
