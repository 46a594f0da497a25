import { open, realpath } from 'node:fs/promises';
import { CliError } from '../../errors.ts';
import type { Io } from '../../io.ts';
import { type Counts, type Cursor, type CursorFile, openCursor } from '../cursor.ts';
import { fileError } from '../failure.ts';
import { ORDINARY, type Original, resolved, targetOf, unfinishedBeside } from '../files.ts';
import { contextOfLine, type LineOptions } from '../line-options.ts';
import type { LineStart } from '../lines.ts';
import type { MemberPath } from '../member.ts';
import { createProgress } from '../progress.ts';
import { withSink } from '../sink.ts';
import { openSource, STANDARD_INPUT, until } from '../source.ts';
import { runJob } from './job.ts';
import { growingFile, type LineTarget, sinkTarget, sizeOf } from './line-target.ts';
import { type AfterLine, isAfterLine, linesJob } from './lines-job.ts';
import { finishedBefore, type Order } from './order.ts';

/** What is asked for, in lines. */
export interface LineOrder extends Order {
  readonly options: LineOptions;
  readonly field: MemberPath;
  readonly writtenAt: MemberPath | undefined;
  /** File for the lines. Default: the standard output. */
  readonly out: string | undefined;
}

const BEGINNING: LineStart = { offset: 0, number: 1 };

/** Re-encrypts the messages in the lines of one input, into another file or into the same one. */
export async function runLines(order: LineOrder, io: Io): Promise<Counts> {
  const input = await openInput(order.paths[0] ?? STANDARD_INPUT, io, order.signal);
  try {
    return await (order.out === undefined ? toOutput(order, input, io) : toFile(order, order.out, input, io));
  } finally {
    await input.close();
  }
}

async function toOutput(order: LineOrder, input: Input, io: Io): Promise<Counts> {
  let counts: Counts | undefined;
  await withSink({ mode: ORDINARY }, io, async (sink) => {
    counts = await runThrough(order, input, sinkTarget(sink), undefined, io);
  });
  return counts as Counts;
}

async function toFile(order: LineOrder, out: string, input: Input, io: Io): Promise<Counts> {
  const target = await targetOf(out);
  const { original } = input;
  if (order.cursor === undefined) {
    const unfinished = unfinishedBeside(target);
    const file = await growingFile({ target, unfinished, input: original, resumable: false });
    return runThrough(order, input, file, undefined, io).finally(() => file.close());
  }
  if (original?.stat.isFile() !== true) {
    throw new CliError(
      'FILE',
      `${input.name} is not an ordinary file: leave out --cursor, for it can be read only once`,
    );
  }
  const cursor = await openCursor(order.cursor, { input: original?.path, target, what: order.what }, isAfterLine);
  const unfinished = `${target}.partial`;
  const itself = await resolved(cursor.path);
  if (itself === (await resolved(target)) || itself === (await resolved(unfinished))) {
    throw new CliError('USAGE', `--cursor ${order.cursor} is where the lines of --out ${out} go; give another file`);
  }
  const noted = cursor.noted && (await consistent(cursor.noted, { ...input, target, unfinished }, order));
  if (noted?.finished === true) return finishedBefore(noted, order, io);
  const length = noted === undefined ? {} : { length: noted.after.output };
  const file = await growingFile({ target, unfinished, ...length, input: original, resumable: true });
  return runThrough(order, input, file, cursor, io).finally(() => file.close());
}

interface Input {
  readonly name: string;
  readonly original: Original | undefined;
  /** Tells one state of the file from another. */
  readonly version: string;
  from(offset: number): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

async function openInput(path: string, io: Io, signal: AbortSignal): Promise<Input> {
  if (path === STANDARD_INPUT) {
    const { name, chunks, close } = await openSource(path, io, signal);
    return { name, original: undefined, version: '', from: () => chunks, close: async () => close() };
  }
  try {
    const handle = await open(path);
    const stat = await handle.stat({ bigint: true });
    const version = [stat.dev, stat.ino, stat.size, stat.mtimeNs].join('-');
    const from = (start: number) => until(signal, handle.createReadStream({ start }));
    // The stream closes it too, once it is read.
    const close = () => handle.close().catch(() => {});
    return { name: path, original: { path: await realpath(path), stat }, version, from, close };
  } catch (cause) {
    throw fileError('read', path, cause);
  }
}

function runThrough(
  order: LineOrder,
  { name, original, version, from }: Input,
  target: LineTarget,
  cursor: CursorFile<AfterLine> | undefined,
  io: Io,
): Promise<Counts> {
  const { options, field, writtenAt, context, how, quiet, signal } = order;
  const after = cursor?.noted?.after;
  const begin = after === undefined ? BEGINNING : { offset: after.input, number: after.lines + 1 };
  const total = Number(original?.stat.size ?? 0);
  const progress = createProgress(io, { total, begin: begin.offset, unit: 'bytes' }, quiet);
  const contextOf = (object: Parameters<typeof contextOfLine>[0]) => contextOfLine(object, context, options);
  const layout = { name, version, field, writtenAt, contextOf };
  return runJob(linesJob(from(begin.offset), begin, target, layout, how), { cursor, progress, signal });
}

interface Place extends Input {
  readonly target: string;
  readonly unfinished: string;
}

/**
 * What an earlier run has noted, if the files are still as it left them.
 * @throws {@link CliError} `FILE`
 */
async function consistent(
  noted: Cursor<AfterLine>,
  { name, version, target, unfinished }: Place,
  { cursor }: Order,
): Promise<Cursor<AfterLine>> {
  if (noted.finished) return noted;
  const { after } = noted;
  if ((await sizeOf(unfinished)) === undefined) {
    // It may have been put in its place just before it could be noted.
    const size = Number(after.version.split('-')[2]);
    if (after.input === size && (await sizeOf(target)) === after.output) return { ...noted, finished: true };
    throw new CliError('FILE', `${unfinished} is gone, which ${cursor} speaks of; remove ${cursor} to begin anew`);
  }
  if (after.version !== version) {
    throw new CliError(
      'FILE',
      `${name} has changed since ${cursor} was noted; remove it and ${unfinished} to begin anew`,
    );
  }
  return noted;
}
