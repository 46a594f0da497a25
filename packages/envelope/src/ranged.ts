import { types } from 'node:util';
import type { EncryptionContext } from './context.ts';
import { bodyKey } from './decrypt.ts';
import type { Decryptor } from './envelope.ts';
import { EnvelopeError, notAuthentic } from './errors.ts';
import { contentLengthOf, FINAL_OVERHEAD, MAX_FRAMES, planFrames, REGULAR_OVERHEAD, readFrames } from './frames.ts';
import type { GcmKey } from './gcm.ts';
import { type Header, parseHeader } from './header.ts';
import { headerExtent } from './header-extent.ts';
import { insideOf } from './inside.ts';
import type { Settings } from './options.ts';
import type { CallOptions } from './patience.ts';
import { contextNow } from './rules.ts';
import { requireUnsigned } from './stream/decrypt.ts';

/**
 * Reads a part of a message from where it is stored.
 * @param from - first byte of the message to read, counted from 0
 * @param to - first byte after those to read
 * @returns these bytes; fewer, or none, only where the message ends
 */
export type ReadRange = (from: number, to: number) => Promise<Uint8Array> | Uint8Array;

/** Bytes of the first read: enough for the header of most messages. */
const FIRST_READ = 4_096;

/** A message of which only the header was read and verified. */
interface RangedMessage {
  readonly header: Header;
  readonly key: GcmKey;
}

/**
 * Decrypts a part of an unsigned message in frames that is stored elsewhere. Only the header and the frames that the
 * part is in are read and verified: one read for the header, one for the frames.
 * @param box - decrypts
 * @param read - reads from where the message is stored; what it throws is passed on
 * @param context - as for {@link Decryptor.decrypt}
 * @param from - first byte of the plaintext, counted from 0
 * @param to - first byte after the part; where the plaintext ends before, so does the part, and its end is verified
 * @param options - how long to wait for the data key
 * @throws EnvelopeError as {@link Decryptor.decrypt}; `RANGE` when the plaintext ends before `from`, or the message was
 * cut short before it; `UNSUPPORTED_MESSAGE` for signed messages and those without frames
 */
export async function decryptRange<C extends EncryptionContext>(
  box: Decryptor<C>,
  read: ReadRange,
  context: C,
  from: number,
  to: number,
  options: CallOptions = {},
): Promise<Uint8Array> {
  const { settings, decryption } = insideOf(box, 'decryption');
  requireRange(from, to);
  const asked = contextNow(context);
  const header = await readHeader(read, settings);
  requireUnsigned(header.suite, 'write it without a signature');
  if (!header.framed) {
    throw new EnvelopeError('UNSUPPORTED_MESSAGE', 'the message has no frames; decrypt it as a whole');
  }
  // More than any data key serves stands for "to the end", and how much that is is known as little as with a stream.
  const bytes = to - from > settings.contract.cache.maxBytes ? 0 : to - from;
  const message = await decryption.withDataKey(header, asked, bytes, options, ({ dataKey }, accepted) => ({
    header: accepted,
    key: bodyKey(accepted, dataKey),
  }));
  return to === from ? new Uint8Array(0) : readPart(read, message, from, to);
}

/** What some frames hold. */
interface Part {
  readonly plaintext: Uint8Array;
  /** Whether the final frame is the last of them. */
  readonly final: boolean;
}

async function readHeader(read: ReadRange, { maxEncryptedDataKeys, formats }: Settings): Promise<Header> {
  const extent = headerExtent(maxEncryptedDataKeys, formats.suites);
  let prefix: Uint8Array = new Uint8Array(0);
  for (let wanted = FIRST_READ; ; ) {
    const more = await readBytes(read, prefix.length, wanted);
    const ended = more.length < wanted - prefix.length;
    prefix = prefix.length === 0 ? more : Buffer.concat([prefix, more]);
    const found = extent(prefix);
    // Without a complete header, parsing says what is wrong with what there is.
    if ('length' in found || ended) return parseHeader(prefix, maxEncryptedDataKeys, formats.suites);
    // More than is needed to go on, and at least twice as much each time: long headers take few reads.
    wanted = Math.max(found.needed + FIRST_READ, 2 * wanted);
  }
}

/** The frames from the one that `from` is in to the one that the last byte before `to` is in, decrypted and trimmed. */
async function readPart(read: ReadRange, message: RangedMessage, from: number, to: number): Promise<Uint8Array> {
  const { frameLength } = message.header;
  const first = Math.floor(from / frameLength);
  if (first >= MAX_FRAMES) throw beyond(from);
  // The end of the range may lie anywhere behind the end of the message, and behind that of every message.
  const part = await readFrom(read, message, first, Math.min(Math.floor((to - 1) / frameLength), MAX_FRAMES - 1));
  if (part === undefined) {
    // The plaintext may end right there, in a full frame before: an empty part then, as after any other end.
    const before =
      from === first * frameLength && first > 0 ? await readFrom(read, message, first - 1, first - 1) : undefined;
    before?.plaintext.fill(0);
    if (before?.final === true && before.plaintext.length === frameLength) return new Uint8Array(0);
    throw beyond(from);
  }
  const start = from - first * frameLength;
  try {
    if (part.final && start > part.plaintext.length) throw beyond(from);
    return part.plaintext.slice(start, to - first * frameLength);
  } finally {
    // Of the rest of these frames nobody knows.
    part.plaintext.fill(0);
  }
}

/** Frames `first` to `last`, counted from 0, or those of them up to the final one; `undefined` when there are none. */
async function readFrom(
  read: ReadRange,
  { header, key }: RangedMessage,
  first: number,
  last: number,
): Promise<Part | undefined> {
  const frameSize = header.frameLength + REGULAR_OVERHEAD;
  const start = header.bytes.length + first * frameSize;
  const end = header.bytes.length + (last + 1) * frameSize + FINAL_OVERHEAD - REGULAR_OVERHEAD;
  // With the largest frames the format allows for messages that nothing can count, and nothing can store.
  if (!Number.isSafeInteger(start)) throw beyond(first * header.frameLength);
  const bytes = await readBytes(read, start, Math.min(end, Number.MAX_SAFE_INTEGER));
  // A full final frame is longer than the others, and reaches that far into where the next one would be.
  if (bytes.length <= FINAL_OVERHEAD - REGULAR_OVERHEAD) return undefined;
  const { frameLength, messageId } = header;
  const plan = planFrames(bytes, frameLength, first, last + 1 - first);
  const final = plan.finalLength !== undefined;
  // More was asked for than the longest final frame takes, so that what follows it would have been read too.
  if (final && plan.length !== bytes.length) throw notAuthentic();
  const plaintext = new Uint8Array(contentLengthOf(plan, frameLength));
  readFrames(bytes, plan, frameLength, key, messageId, plaintext);
  return { plaintext, final };
}

async function readBytes(read: ReadRange, from: number, to: number): Promise<Uint8Array> {
  const bytes: unknown = await read(from, to);
  if (!types.isUint8Array(bytes)) {
    throw new EnvelopeError('INVALID_INPUT', 'the function that reads the message did not answer with a Uint8Array');
  }
  if (bytes.length > to - from) {
    throw new EnvelopeError(
      'INVALID_INPUT',
      `the function that reads the message answered with ${bytes.length} bytes for the ${to - from} from ${from} on`,
    );
  }
  return bytes;
}

function requireRange(from: unknown, to: unknown): void {
  const sound = Number.isSafeInteger(from) && Number.isSafeInteger(to) && 0 <= (from as number);
  if (sound && (from as number) <= (to as number)) return;
  throw new EnvelopeError('INVALID_INPUT', 'the range is not two whole numbers from 0 to 2^53 − 1, the smaller first');
}

function beyond(from: number): EnvelopeError {
  return new EnvelopeError(
    'RANGE',
    `the message has no plaintext from byte ${from} on; it ends before, or was cut short`,
  );
}
