import { createCipheriv, createDecipheriv, type DecipherGCM, type KeyObject } from 'node:crypto';
import { EnvelopeError, notAuthentic } from './errors.ts';
import { IV_LENGTH, type Suite, TAG_LENGTH } from './suites.ts';

/*
 * The body of a message (specification, data-format/message-body.md): regular frames of exactly the frame length,
 *   sequence number u32 | IV 12 | ciphertext | tag 16
 * and one final frame of at most the frame length, which is there even for an empty message,
 *   FF FF FF FF | sequence number u32 | IV 12 | length u32 | ciphertext | tag 16
 */
export const REGULAR_OVERHEAD = 4 + IV_LENGTH + TAG_LENGTH;
export const FINAL_OVERHEAD = 4 + 4 + IV_LENGTH + 4 + TAG_LENGTH;
export const FINAL_MARK = 0xffff_ffff;
/** Frames that a 32-bit sequence number can count. */
export const MAX_FRAMES = 0xffff_ffff;

export const REGULAR_LABEL = Buffer.from('AWSKMSEncryptionClient Frame');
export const FINAL_LABEL = Buffer.from('AWSKMSEncryptionClient Final Frame');

/** The associated data of the frames of one message: message id, kind of frame, sequence number and length. */
export function frameAad(messageId: Uint8Array, label: Buffer): (sequence: number, length: number) => Buffer {
  const aad = Buffer.concat([messageId, label, Buffer.alloc(12)]);
  const sequenceAt = aad.length - 12;
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
  const frames = frameCount(plaintextLength, frameLength);
  if (frames > MAX_FRAMES) {
    throw new EnvelopeError(
      'LIMIT',
      `${plaintextLength} bytes need ${frames} frames of ${frameLength} bytes; a message has at most ${MAX_FRAMES}`,
    );
  }
  return plaintextLength + (frames - 1) * REGULAR_OVERHEAD + FINAL_OVERHEAD;
}

function frameCount(plaintextLength: number, frameLength: number): number {
  return Math.max(1, Math.ceil(plaintextLength / frameLength));
}

/** Encrypts `plaintext` into frames from `offset` of `output` on. */
export function writeFrames(
  output: Uint8Array,
  offset: number,
  plaintext: Uint8Array,
  frameLength: number,
  suite: Suite,
  messageId: Uint8Array,
  encryptionKey: KeyObject,
): void {
  const view = new DataView(output.buffer, output.byteOffset, output.byteLength);
  const regularAad = frameAad(messageId, REGULAR_LABEL);
  const last = frameCount(plaintext.length, frameLength);
  const iv = Buffer.alloc(IV_LENGTH);
  let at = offset;
  for (let sequence = 1; sequence <= last; sequence += 1) {
    const from = (sequence - 1) * frameLength;
    const content = plaintext.subarray(from, from + frameLength);
    const final = sequence === last;
    if (final) {
      view.setUint32(at, FINAL_MARK);
      at += 4;
    }
    view.setUint32(at, sequence);
    // The sequence number as IV: never twice under the key of one message, and never the header's IV.
    iv.writeUInt32BE(sequence, IV_LENGTH - 4);
    output.set(iv, at + 4);
    at += 4 + IV_LENGTH;
    if (final) {
      view.setUint32(at, content.length);
      at += 4;
    }
    const aad = final ? frameAad(messageId, FINAL_LABEL)(sequence, content.length) : regularAad(sequence, frameLength);
    const cipher = createCipheriv(suite.cipher, encryptionKey, iv, { authTagLength: TAG_LENGTH });
    cipher.setAAD(aad);
    output.set(cipher.update(content), at);
    cipher.final();
    at += content.length;
    output.set(cipher.getAuthTag(), at);
    at += TAG_LENGTH;
  }
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
      const finalLength = view.getUint32(at + 8 + IV_LENGTH);
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

/**
 * Decrypts the frames that {@link planFrames} found. Either every frame verifies, or nothing is returned.
 * @throws EnvelopeError `NOT_AUTHENTIC`
 */
export function readFrames(
  frames: Uint8Array,
  { skipped, regular, finalLength }: FramesPlan,
  frameLength: number,
  suite: Suite,
  messageId: Uint8Array,
  encryptionKey: KeyObject,
): Uint8Array {
  const output = new Uint8Array(regular * frameLength + (finalLength ?? 0));
  try {
    const regularAad = frameAad(messageId, REGULAR_LABEL);
    const decrypt = (ivAt: number, contentAt: number, length: number, aad: Buffer, outputAt: number): void => {
      const end = contentAt + length;
      const decipher = frameDecipher(suite, encryptionKey, frames.subarray(ivAt, ivAt + IV_LENGTH), aad);
      decipher.setAuthTag(frames.subarray(end, end + TAG_LENGTH));
      output.set(decipher.update(frames.subarray(contentAt, end)), outputAt);
      decipher.final();
    };
    for (let index = 0; index < regular; index += 1) {
      const at = index * (REGULAR_OVERHEAD + frameLength);
      const aad = regularAad(skipped + index + 1, frameLength);
      decrypt(at + 4, at + 4 + IV_LENGTH, frameLength, aad, index * frameLength);
    }
    if (finalLength !== undefined) {
      const at = regular * (REGULAR_OVERHEAD + frameLength);
      const aad = frameAad(messageId, FINAL_LABEL)(skipped + regular + 1, finalLength);
      decrypt(at + 8, at + 12 + IV_LENGTH, finalLength, aad, regular * frameLength);
    }
  } catch {
    output.fill(0);
    throw notAuthentic();
  }
  return output;
}

/**
 * Begins the decryption of one frame. The IV is the one in the message: the specification wants the sequence number
 * there, but AWS's own published messages hold others, and each of them is authenticated by being used.
 */
export function frameDecipher(suite: Suite, encryptionKey: KeyObject, iv: Uint8Array, aad: Uint8Array): DecipherGCM {
  return createDecipheriv(suite.cipher, encryptionKey, iv, { authTagLength: TAG_LENGTH }).setAAD(aad);
}
