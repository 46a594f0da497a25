import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { CliError } from '../errors.ts';
import type { Io } from '../io.ts';
import { binary } from './base64.ts';
import { fileError } from './failure.ts';

/** Bytes that come in pieces, and what they are called in errors. */
export interface Source {
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Bytes of all chunks, where that is known before. */
  readonly size?: number;
  /** Called in any case, at the end. */
  close(): void;
}

/** What stands for the standard input where a file may stand. */
export const STANDARD_INPUT = '-';

/**
 * Opens a file, or the standard input.
 * @param signal - ends the reading, also while it waits for whoever writes
 * @throws {@link CliError} `FILE`
 */
export async function openSource(path: string, io: Io, signal?: AbortSignal): Promise<Source> {
  if (path === STANDARD_INPUT) {
    return { name: 'standard input', chunks: until(signal, io.stdin ?? nothing()), close: () => {} };
  }
  try {
    const handle = await open(path);
    const stat = await handle.stat();
    if (stat.isDirectory()) {
      await handle.close();
      throw new CliError('FILE', `cannot read ${path}: it is a folder`);
    }
    // Of what is not an ordinary file, such as a pipe with a name, the size says nothing, and of some others it is 0.
    const size = stat.isFile() && stat.size > 0 ? { size: stat.size } : {};
    const stream = handle.createReadStream();
    return { name: path, chunks: until(signal, stream), ...size, close: () => stream.destroy() };
  } catch (cause) {
    throw fileError('read', path, cause);
  }
}

/** A message of which the beginning is known already. */
export interface Begun {
  readonly prefix: Uint8Array;
  /** All of it, the beginning included. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/**
 * Reads the beginning of a message, decoded where it is base64 text.
 * @param enough - whether what there is says enough
 */
export async function begun(source: Source, enough: (prefix: Uint8Array) => boolean): Promise<Begun> {
  const iterator = binary(source.chunks)[Symbol.asyncIterator]();
  let prefix = Buffer.alloc(0);
  while (!enough(prefix)) {
    const next = await iterator.next();
    if (next.done) break;
    prefix = Buffer.concat([prefix, next.value]);
  }
  return { prefix, chunks: startingWith(prefix, iterator) };
}

/** The first bytes, as many as `limit` or a little more. */
export async function beginningOf(chunks: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    pieces.push(chunk);
    length += chunk.length;
    if (length >= limit) break;
  }
  return Buffer.concat(pieces, length);
}

/**
 * Everything in one piece.
 * @returns `undefined` when it is more than `limit` bytes
 */
export async function collected(chunks: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array | undefined> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > limit) return undefined;
    pieces.push(chunk);
  }
  return Buffer.concat(pieces, length);
}

async function* startingWith(prefix: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield prefix;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

/** The chunks until a signal comes: then the reason of it, whoever writes or does not write the next one. */
export function until(signal: AbortSignal | undefined, chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  return signal === undefined ? chunks : untilAborted(signal, chunks);
}

async function* untilAborted(signal: AbortSignal, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  const next = () =>
    new Promise<IteratorResult<Uint8Array>>((resolve, reject) => {
      const stop = () => reject(signal.reason);
      signal.addEventListener('abort', stop);
      iterator
        .next()
        .then(resolve, reject)
        .finally(() => signal.removeEventListener('abort', stop));
      if (signal.aborted) stop();
    });
  try {
    for (let result = await next(); !result.done; result = await next()) yield result.value;
  } finally {
    // What is still waited for would keep the process alive. An iterator alone cannot be made to give that up.
    if (chunks instanceof Readable) chunks.destroy();
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
