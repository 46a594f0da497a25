import { type Duplex, Transform } from 'node:stream';
import { types } from 'node:util';
import { EnvelopeError } from '../errors.ts';

/** What a stream gives for what it was given. */
export type Pieces = readonly Uint8Array[];

/** Turns chunks into chunks: what a stream does, without the stream. */
export interface ChunkTransform {
  /** What there is to give after this chunk, which is not kept. */
  push(chunk: Uint8Array): Pieces | Promise<Pieces>;
  /** What there is to give at the end of the input. */
  end(): Pieces | Promise<Pieces>;
}

/** A stream in two forms, of which one is used: a pair of Web streams, as `pipeThrough` takes it, or a Node stream. */
export interface BytesThrough {
  /** What comes out. */
  readonly readable: ReadableStream<Uint8Array>;
  /** Where chunks go in. A chunk may be used for something else as soon as its write is done. */
  readonly writable: WritableStream<Uint8Array>;
  /**
   * The same as one Node stream, for `pipeline`; faster than `Duplex.fromWeb`. The Web streams are locked then.
   * @throws TypeError when they are in use already
   */
  toNode(): Duplex;
}

/** Shorter pieces are joined before they are passed on: a chunk costs a stream more than copying it. */
const JOINED_BELOW = 16_384;

/** Streams around a transform. A chunk is taken when there is demand for what it becomes. */
export function streamThrough(transform: ChunkTransform): BytesThrough {
  const push = (chunk: unknown): Pieces | Promise<Pieces> => {
    if (types.isUint8Array(chunk)) return transform.push(chunk);
    throw new EnvelopeError('INVALID_INPUT', 'a chunk of the stream is not a Uint8Array');
  };
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>({
    async transform(chunk, controller) {
      for (const piece of chunksOf(await push(chunk))) controller.enqueue(piece);
    },
    async flush(controller) {
      for (const piece of chunksOf(await transform.end())) controller.enqueue(piece);
    },
  });
  return {
    readable,
    writable,
    toNode() {
      readable.getReader();
      writable.getWriter();
      return nodeStream(push, () => transform.end());
    },
  };
}

function nodeStream(push: (chunk: unknown) => Pieces | Promise<Pieces>, end: () => Pieces | Promise<Pieces>): Duplex {
  type Done = (error?: Error | null) => void;
  const give = (stream: Transform, work: () => Pieces | Promise<Pieces>, done: Done): void => {
    const passOn = (pieces: Pieces): void => {
      for (const piece of chunksOf(pieces)) stream.push(piece);
      done();
    };
    try {
      const pieces = work();
      // A promise for each chunk would cost as much as encrypting it.
      if (pieces instanceof Promise) pieces.then(passOn).catch(done);
      else passOn(pieces);
    } catch (error) {
      done(error as Error);
    }
  };
  return new Transform({
    transform(chunk, _encoding, done) {
      give(this, () => push(chunk), done);
    },
    flush(done) {
      give(this, end, done);
    },
  });
}

/** What is passed on of some pieces: fewer where they are small, and none that is empty. */
function chunksOf(pieces: Pieces): Uint8Array[] {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const chunks = pieces.length > 1 && length / pieces.length < JOINED_BELOW ? [joined(pieces, length)] : pieces;
  return (
    chunks
      .filter((chunk) => chunk.length > 0)
      // Plain bytes, as everywhere in this package: a Buffer behaves differently in places.
      .map(({ buffer, byteOffset, length: size }) => new Uint8Array(buffer, byteOffset, size))
  );
}

function joined(pieces: Pieces, length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
