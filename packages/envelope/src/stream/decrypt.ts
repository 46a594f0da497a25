import type { EncryptionContext } from '../context.ts';
import { bodyKey } from '../decrypt.ts';
import type { Decryptor } from '../envelope.ts';
import { EnvelopeError } from '../errors.ts';
import { type Header, parseHeader } from '../header.ts';
import { headerExtent } from '../header-extent.ts';
import { insideOf } from '../inside.ts';
import type { CallOptions } from '../patience.ts';
import { contextNow } from '../rules.ts';
import { type Suite, suiteLabel } from '../suite.ts';
import { type BytesThrough, type ChunkTransform, type Pieces, streamThrough } from './chunks.ts';
import { opening } from './open.ts';

/** How a stream is decrypted. */
export interface DecryptStreamOptions extends CallOptions {
  /**
   * What is done with signed messages, whose signature is their end. `'refuse'`: refused by their header.
   * `'release-unverified'`: every frame but the final one is released before the signature is verified. Whoever takes
   * them must undo what came of them when the stream fails. Default: `'refuse'`.
   */
  readonly signedMessages?: 'refuse' | 'release-unverified';
  /**
   * Most plaintext bytes that are held in memory until they are verified: one frame, or all of a message without
   * frames. Default: 67,108,864.
   */
  readonly maxHeldBytes?: number;
}

/** A message that goes in, and the plaintext that comes out. */
export interface DecryptStream extends BytesThrough {}

const MAX_HELD_BYTES = 67_108_864;

/**
 * Decrypts a stream of any length in constant memory. A frame is released only after it was verified, the final one
 * only at the end of the input. When the stream fails, what came before is authentic, but not all of the plaintext.
 * Between Web and Node streams as with {@link encryptStream}.
 * @param box - decrypts
 * @param context - as for {@link Decryptor.decrypt}
 * @param options - what to do with signed messages, how much to hold back, how long to wait for the data key
 * @throws EnvelopeError at once: `DIRECTION`, `INVALID_INPUT`; as failure of the stream: as {@link Decryptor.decrypt},
 * and `LIMIT` for a frame or header that is too large
 */
export function decryptStream<C extends EncryptionContext>(
  box: Decryptor<C>,
  context: C,
  options: DecryptStreamOptions = {},
): DecryptStream {
  const { settings, decryption } = insideOf(box, 'decryption');
  const { maxEncryptedDataKeys, formats } = settings;
  const { signedMessages = 'refuse', maxHeldBytes = MAX_HELD_BYTES } = options;
  requireOptions(signedMessages, maxHeldBytes);
  const asked = contextNow(context);
  const extent = headerExtent(maxEncryptedDataKeys, formats.suites);
  /** The message from its beginning, in memory that grows; used until the header is complete. */
  let prefix = Buffer.alloc(0);
  let length = 0;
  let needed = 0;
  let body: ChunkTransform | undefined;

  const open = (header: Header): Promise<ChunkTransform> => {
    if (signedMessages === 'refuse') requireUnsigned(header.suite, "with signedMessages: 'release-unverified'");
    // How much will come is not known, and a data key that only reads is not worn out by what it reads.
    return decryption.withDataKey(header, asked, 0, options, ({ dataKey, verifier }, accepted) =>
      opening({ header: accepted, key: bodyKey(accepted, dataKey), verifier, maxHeldBytes }),
    );
  };

  const collect = (chunk: Uint8Array): void => {
    if (length + chunk.length > prefix.length) {
      const larger = Buffer.alloc(Math.max(length + chunk.length, 2 * prefix.length));
      larger.set(prefix.subarray(0, length));
      prefix = larger;
    }
    prefix.set(chunk, length);
    length += chunk.length;
  };

  /** Collects the header; with the chunk that completes it, the body begins. */
  const beginning = async (chunk: Uint8Array): Promise<Pieces> => {
    collect(chunk);
    if (length < needed) return [];
    const found = extent(prefix.subarray(0, length));
    if ('needed' in found) {
      needed = found.needed;
      return [];
    }
    const header = parseHeader(prefix.subarray(0, length), maxEncryptedDataKeys, formats.suites);
    body = await open(header);
    const rest = prefix.subarray(header.bytes.length, length);
    prefix = Buffer.alloc(0);
    return body.push(rest);
  };

  return streamThrough({
    push: (chunk) => (body === undefined ? beginning(chunk) : body.push(chunk)),
    async end(): Promise<Pieces> {
      // Without a complete header: parsing says what is wrong with what there is.
      body ??= await open(parseHeader(prefix.subarray(0, length), maxEncryptedDataKeys, formats.suites));
      return body.end();
    },
    wipe: () => body?.wipe(),
  });
}

/**
 * Refuses signed suites where the signature cannot be verified first.
 * @param remedy - how such messages are read nevertheless
 * @throws EnvelopeError `UNSUPPORTED_MESSAGE`
 */
export function requireUnsigned(suite: Suite, remedy: string): void {
  if (suite.verifierOf === undefined) return;
  throw new EnvelopeError(
    'UNSUPPORTED_MESSAGE',
    `the message is signed (algorithm suite ${suiteLabel(suite.id)}), and its signature can be verified only at its ` +
      `end; decrypt it in memory, or ${remedy}`,
  );
}

function requireOptions(signedMessages: unknown, maxHeldBytes: unknown): void {
  const problems: string[] = [];
  if (signedMessages !== 'refuse' && signedMessages !== 'release-unverified') {
    problems.push('signedMessages is neither "refuse" nor "release-unverified"');
  }
  if (!Number.isSafeInteger(maxHeldBytes) || (maxHeldBytes as number) < 1) {
    problems.push('maxHeldBytes is not a whole number from 1 to 2^53 − 1');
  }
  if (problems.length > 0) throw new EnvelopeError('INVALID_INPUT', problems.join('; '));
}
