import { EnvelopeError, notAuthentic } from './errors.ts';
import { type GcmKey, moved, open, seal } from './gcm.ts';
import { IV_LENGTH, TAG_LENGTH } from './suite.ts';

/*
 * The body of a message (specification, data-format/message-body.md): regular frames of exactly the frame length,
 *   sequence number u32 | IV 12 | ciphertext | tag 16
 * and one final frame of at most the frame length, which is there even for an empty message,
 *   FF FF FF FF | sequence number u32 | IV 12 | length u32 | ciphertext | tag 16
 */
/** Bytes before the content. */
export const REGULAR_START = 4 + IV_LENGTH;
export const FINAL_START = 4 + 4 + IV_LENGTH + 4;
export const REGULAR_OVERHEAD = REGULAR_START + TAG_LENGTH;
export const FINAL_OVERHEAD = FINAL_START + TAG_LENGTH;
export const FINAL_MARK = 0xffff_ffff;
/** Frames that a 32-bit sequence number can count. */
export const MAX_FRAMES = 0xffff_ffff;

const REGULAR_LABEL = Buffer.from('AWSKMSEncryptionClient Frame');
const FINAL_LABEL = Buffer.from('AWSKMSEncryptionClient Final Frame');

/**
 * The associated data of the frames of one message: message id, kind of frame, sequence number and length. The answer is
 * the same memory each time.
 */
export function frameAad(messageId: Uint8Array, final: boolean): (sequence: number, length: number) => Buffer {
  const label = final ? FINAL_LABEL : REGULAR_LABEL;
  const sequenceAt = messageId.length + label.length;
  // Of Node's pool: nothing in it is secret, and memory of its own would cost as much as a small frame's encryption.
  const aad = Buffer.allocUnsafe(sequenceAt + 12);
  aad.set(messageId);
  aad.set(label, messageId.length);
  // The upper half of the length, which no frame needs.
  aad.writeUInt32BE(0, sequenceAt + 4);
  return (sequence, length) => {
    aad.writeUInt32BE(sequence, sequenceAt);
    aad.writeUInt32BE(length, sequenceAt + 8);
    return aad;
  };
}

/**
 * Bytes of the frames that hold `plaintextLength` bytes. An exact multiple of the frame length ends in a full final
 * frame.
 * @throws EnvelopeError `LIMIT` when the plaintext needs more frames than a message can have
 */
export function framesLength(plaintextLength: number, frameLength: number): number {
  const regular = Math.max(0, Math.ceil(plaintextLength / frameLength) - 1);
  if (regular < MAX_FRAMES) return plaintextLength + regular * REGULAR_OVERHEAD + FINAL_OVERHEAD;
  throw new EnvelopeError(
    'LIMIT',
    `${plaintextLength} bytes need more than ${MAX_FRAMES} frames of ${frameLength} bytes, the most of a message`,
  );
}

/** Writes what stands before the content of a frame. Answers with the frame's IV in it. */
export function writeFrameStart(
  output: Buffer,
  start: number,
  sequence: number,
  final: boolean,
  contentLength: number,
): Uint8Array {
  const sequenceAt = final ? output.writeUInt32BE(FINAL_MARK, start) : start;
  // The sequence number as IV: never twice under the key of one message, and never the header's IV.
  const ivAt = output.writeUInt32BE(sequence, sequenceAt);
  const end = output.writeUInt32BE(sequence, output.writeUInt32BE(0, output.writeUInt32BE(0, ivAt)));
  if (final) output.writeUInt32BE(contentLength, end);
  return output.subarray(ivAt, end);
}

/** Encrypts `plaintext` into frames from `start` of `output` on. */
export function writeFrames(
  output: Buffer,
  start: number,
  plaintext: Uint8Array,
  frameLength: number,
  key: GcmKey,
  messageId: Uint8Array,
): void {
  let at = start;
  let from = 0;
  let sequence = 1;
  /** Writes frames of one kind, as long as there is enough for them. */
  const write = (final: boolean): void => {
    const aad = frameAad(messageId, final);
    do {
      const content = plaintext.subarray(from, from + frameLength);
      const iv = writeFrameStart(output, at, sequence, final, content.length);
      at = seal(key, iv, aad(sequence, content.length), output, at + (final ? FINAL_START : REGULAR_START), content);
      from += frameLength;
      sequence += 1;
    } while (!final && from + frameLength < plaintext.length);
  };
  // Most messages have one frame, the final one.
  if (frameLength < plaintext.length) write(false);
  write(true);
}

/** Where frames that follow each other are. */
export interface FramesPlan {
  /** Frames of the message before the first of these. */
  readonly skipped: number;
  /** Number of regular frames. */
  readonly regular: number;
  /** Plaintext bytes of the final frame; `undefined` when the final frame is not among these. */
  readonly finalLength: number | undefined;
  /** Bytes of these frames. */
  readonly length: number;
}

/**
 * Walks over frames without decrypting: sequence numbers, lengths, one final frame. The plaintext's length follows
 * from bytes that are really there, so that nothing is allocated on a claim.
 * @param skipped - frames of the message before the first of `frames`
 * @param most - walk over no more frames than these; there may be no final frame among them then
 * @throws EnvelopeError `NOT_AUTHENTIC`
 */
export function planFrames(
  frames: Uint8Array,
  frameLength: number,
  skipped = 0,
  most = Number.POSITIVE_INFINITY,
): FramesPlan {
  const view = new DataView(frames.buffer, frames.byteOffset, frames.byteLength);
  let at = 0;
  let regular = 0;
  for (; regular < most; regular += 1) {
    if (frames.length - at < FINAL_OVERHEAD) throw notAuthentic();
    const sequence = skipped + regular + 1;
    const first = view.getUint32(at);
    if (first === FINAL_MARK) {
      const finalLength = view.getUint32(at + FINAL_START - 4);
      const length = at + FINAL_OVERHEAD + finalLength;
      const sound = view.getUint32(at + 4) === sequence && finalLength <= frameLength;
      if (!sound || length > frames.length) throw notAuthentic();
      return { skipped, regular, finalLength, length };
    }
    if (first !== sequence) throw notAuthentic();
    at += REGULAR_OVERHEAD + frameLength;
  }
  if (at > frames.length) throw notAuthentic();
  return { skipped, regular, finalLength: undefined, length: at };
}

/** Plaintext bytes of the frames that {@link planFrames} found. */
export function contentLengthOf({ regular, finalLength = 0 }: FramesPlan, frameLength: number): number {
  return regular * frameLength + finalLength;
}

/**
 * Decrypts the frames that {@link planFrames} found. Either every frame verifies, or `output` is wiped.
 * @param output - has room for them; without it, what the cipher gave for the last of them is the answer, neither copied
 * nor wiped, which takes as long as decrypting it
 * @throws EnvelopeError `NOT_AUTHENTIC`
 */
export function readFrames(
  frames: Uint8Array,
  { skipped, regular, finalLength }: FramesPlan,
  frameLength: number,
  key: GcmKey,
  messageId: Uint8Array,
  output?: Uint8Array,
): Uint8Array {
  let last: Uint8Array<ArrayBuffer> | undefined;
  /** Decrypts frames of one kind, each of which begins with `start` bytes and holds `length`. */
  const read = (first: number, end: number, final: boolean, start: number, length: number): void => {
    const aad = frameAad(messageId, final);
    const ivAt = final ? 8 : 4;
    for (let index = first; index < end; index += 1) {
      const frame = frames.subarray(index * (REGULAR_OVERHEAD + frameLength));
      // The IV is the one in the message: the specification wants the sequence number there, but AWS's own published
      // messages hold others, and each of them is authenticated by being used.
      const iv = frame.subarray(ivAt, ivAt + IV_LENGTH);
      const sealed = frame.subarray(start, start + length + TAG_LENGTH);
      last = open(key, iv, aad(skipped + index + 1, length), sealed);
      if (output !== undefined) moved(last, output, index * frameLength);
    }
  };
  try {
    if (regular > 0) read(0, regular, false, REGULAR_START, frameLength);
    if (finalLength !== undefined) read(regular, regular + 1, true, FINAL_START, finalLength);
  } catch {
    output?.fill(0);
    throw notAuthentic();
  }
  return output ?? last ?? new Uint8Array(0);
}
