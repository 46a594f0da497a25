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
  /** Overwrites plaintext that it holds: nothing more comes, and what there is is given to nobody. */
  wipe(): void;
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

/** What a Node stream takes before it asks its writer to wait: more than one chunk of the usual 64 KB. */
const HIGH_WATER_MARK = 262_144;

/** Streams around a transform. A chunk is taken when there is demand for what it becomes. */
export function streamThrough(transform: ChunkTransform): BytesThrough {
  let isGivenUp = false;
  const giveUp = (): void => {
    isGivenUp = true;
    transform.wipe();
  };
  const failed = (error: unknown): never => {
    giveUp();
    throw error;
  };
  /** What a promise has made after the stream was given up is nobody's, like what was held then. */
  const wanted = (pieces: Pieces): Pieces => {
    if (!isGivenUp) return pieces;
    for (const piece of pieces) piece.fill(0);
    transform.wipe();
    return [];
  };
  const made = (work: End): Pieces | Promise<Pieces> => {
    try {
      const pieces = work();
      return pieces instanceof Promise ? pieces.then(wanted).catch(failed) : pieces;
    } catch (error) {
      return failed(error);
    }
  };
  const push = (chunk: unknown): Pieces | Promise<Pieces> =>
    made(() => {
      if (types.isUint8Array(chunk)) return transform.push(chunk);
      throw new EnvelopeError('INVALID_INPUT', 'a chunk of the stream is not a Uint8Array');
    });
  const end = (): Pieces | Promise<Pieces> => made(() => transform.end());
  const { readable, writable } = webStreams(push, end, giveUp);
  return {
    readable,
    writable,
    toNode() {
      readable.getReader();
      writable.getWriter();
      return nodeStream(push, end, giveUp);
    },
  };
}

type Push = (chunk: unknown) => Pieces | Promise<Pieces>;
type End = () => Pieces | Promise<Pieces>;

// In both, a promise for each chunk would cost a good part of encrypting it: there is one only while a data key is fetched.

function webStreams(push: Push, end: End, giveUp: () => void): TransformStream<Uint8Array, Uint8Array> {
  type Controller = TransformStreamDefaultController<Uint8Array>;
  const give = (controller: Controller, pieces: Pieces | Promise<Pieces>): Promise<void> | undefined => {
    if (pieces instanceof Promise) return pieces.then((all) => give(controller, all));
    // Plain bytes, as everywhere in this package: a Buffer behaves differently in places.
    passOn(pieces, ({ buffer, byteOffset, length }) => controller.enqueue(new Uint8Array(buffer, byteOffset, length)));
    return undefined;
  };
  // `cancel` is called for either side. Node has it since 20.14, its types do not.
  const transformer = {
    transform: (chunk: Uint8Array, controller: Controller) => give(controller, push(chunk)),
    flush: (controller: Controller) => give(controller, end()),
    cancel: giveUp,
  };
  return new TransformStream(transformer);
}

function nodeStream(push: Push, end: End, giveUp: () => void): Duplex {
  type Done = (error?: Error | null) => void;
  const give = (stream: Transform, work: End, done: Done): void => {
    const finish = (pieces: Pieces): void => {
      passOn(pieces, (piece) => stream.push(piece));
      done();
    };
    try {
      const pieces = work();
      if (pieces instanceof Promise) pieces.then(finish).catch(fail(done));
      else finish(pieces);
    } catch (error) {
      fail(done)(error as Error);
    }
  };
  // A stream that fails drops what its reader has not taken: whoever reads as it comes gets all that was released before.
  const fail = (done: Done) => (error: Error) => setImmediate(done, error);
  return new Transform({
    highWaterMark: HIGH_WATER_MARK,
    transform(chunk, _encoding, done) {
      give(this, () => push(chunk), done);
    },
    flush(done) {
      give(this, end, done);
    },
    destroy(error, done) {
      giveUp();
      done(error);
    },
  });
}

/** Passes pieces on: fewer where they are small, and none that is empty. */
function passOn(pieces: Pieces, take: (chunk: Uint8Array) => void): void {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  if (length > 0 && pieces.length > 1 && length / pieces.length < JOINED_BELOW) take(joined(pieces, length));
  else for (const piece of pieces) if (piece.length > 0) take(piece);
}

function joined(pieces: Pieces, length: number): Uint8Array {
  const whole = Buffer.allocUnsafeSlow(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
