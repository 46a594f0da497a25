import type { EncryptionContext } from '../context.ts';
import type { EncryptionMaterials } from '../encrypt.ts';
import type { Encryptor } from '../envelope.ts';
import { EnvelopeError } from '../errors.ts';
import { insideOf } from '../inside.ts';
import type { CallOptions } from '../patience.ts';
import { contextNow } from '../rules.ts';
import { type BytesThrough, streamThrough } from './chunks.ts';
import { type Sealing, sealing } from './seal.ts';

/** How a stream is encrypted. */
export interface EncryptStreamOptions extends CallOptions {
  /**
   * Bytes of the whole plaintext, if they are known. More or fewer are then refused with `INVALID_INPUT`, and the
   * stream may share a cached data key. Default: unknown, and the stream has a data key of its own.
   */
  readonly plaintextLength?: number;
}

/** A plaintext that goes in, and the message that comes out. */
export interface EncryptStream extends BytesThrough {
  /**
   * Bytes of the message, which is what an S3 `PutObject` wants to know beforehand. Fetches the data key.
   * @param plaintextLength - bytes that will be written, 0 to 2^53 − 1. Default: `plaintextLength` of the options
   * @throws EnvelopeError `INVALID_INPUT`, or as encryption does
   */
  size(plaintextLength?: number): Promise<number>;
}

/**
 * Encrypts a stream of any length in constant memory. The answer goes between two Web streams with `pipeThrough`, and
 * between two Node streams as `answer.toNode()`.
 * @param box - encrypts
 * @param context - as for {@link Encryptor.encrypt}
 * @param options - how long the plaintext is, if that is known, and how long to wait for the data key
 * @throws EnvelopeError at once: `DIRECTION`, `INVALID_INPUT`; as failure of the stream: as {@link Encryptor.encrypt}
 */
export function encryptStream<C extends EncryptionContext>(
  box: Encryptor<C>,
  context: C,
  options: EncryptStreamOptions = {},
): EncryptStream {
  const { settings, encryption } = insideOf(box, 'encryption');
  const { plaintextLength } = options;
  if (plaintextLength !== undefined) requireLength(plaintextLength);
  const bound = contextNow(context);
  let begun: Promise<Sealing> | undefined;
  let ready: Sealing | undefined;
  // No cached data key counts bytes that nobody has counted yet.
  const bytes = plaintextLength ?? Number.POSITIVE_INFINITY;
  const work = (materials: EncryptionMaterials): Sealing => {
    ready = sealing(materials, settings.frameLength);
    return ready;
  };
  const begin = (): Promise<Sealing> => {
    begun ??= encryption.withMaterials(bound, bytes, options, work);
    return begun;
  };
  let written = 0;
  const through = streamThrough({
    push(chunk) {
      written += chunk.length;
      if (plaintextLength !== undefined && written > plaintextLength) throw wrongLength(plaintextLength, 'more');
      return ready === undefined ? begin().then((message) => message.push(chunk)) : ready.push(chunk);
    },
    async end() {
      if (plaintextLength !== undefined && written < plaintextLength) throw wrongLength(plaintextLength, 'fewer');
      return (await begin()).end();
    },
    wipe: () => ready?.wipe(),
  });
  return {
    ...through,
    async size(length = plaintextLength) {
      requireLength(length);
      return (await begin()).size(length);
    },
  };
}

function requireLength(length: number | undefined): asserts length is number {
  if (length !== undefined && Number.isSafeInteger(length) && length >= 0) return;
  throw new EnvelopeError(
    'INVALID_INPUT',
    `the plaintext length is ${length === undefined ? 'not given' : 'not a whole number from 0 to 2^53 − 1'}`,
  );
}

function wrongLength(expected: number, than: 'more' | 'fewer'): EnvelopeError {
  return new EnvelopeError('INVALID_INPUT', `the stream has ${than} than the ${expected} bytes of its plaintextLength`);
}
