import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { EnvelopeError, notAuthentic } from './errors.ts';
import { IV_LENGTH, TAG_LENGTH } from './suites.ts';

/*
 * The body of a message (specification, data-format/message-body.md): regular frames of exactly the frame length,
 *   sequence number u32 | IV 12 | ciphertext | tag 16
 * and one final frame of at most the frame length, which is there even for an empty message,
 *   FF FF FF FF | sequence number u32 | IV 12 | length u32 | ciphertext | tag 16
 */
const REGULAR_OVERHEAD = 4 + IV_LENGTH + TAG_LENGTH;
const FINAL_OVERHEAD = 4 + 4 + IV_LENGTH + 4 + TAG_LENGTH;
const FINAL_MARK = 0xffff_ffff;
/** Frames that a 32-bit sequence number can count. */
const MAX_FRAMES = 0xffff_ffff;

const REGULAR_LABEL = Buffer.from('AWSKMSEncryptionClient Frame');
const FINAL_LABEL = Buffer.from('AWSKMSEncryptionClient Final Frame');

/** The associated data of the frames of one message: message id, kind of frame, sequence number and length. */
function frameAad(messageId: Uint8Array, label: Buffer): (sequence: number, length: number) => Buffer {
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

/** Encrypts `plaintext` into frames that end where `output` ends, from `offset` on. */
export function writeFrames(
  output: Uint8Array,
  offset: number,
  plaintext: Uint8Array,
  frameLength: number,
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
    const cipher = createCipheriv('aes-256-gcm', encryptionKey, iv, { authTagLength: TAG_LENGTH });
    cipher.setAAD(aad);
    output.set(cipher.update(content), at);
    cipher.final();
    at += content.length;
    output.set(cipher.getAuthTag(), at);
    at += TAG_LENGTH;
  }
}

/** Where the frames of a body are. */
interface BodyPlan {
  /** Number of regular frames before the final one. */
  readonly regular: number;
  /** Plaintext bytes of the final frame. */
  readonly finalLength: number;
}

/**
 * Walks over the frames without decrypting: sequence numbers, lengths, one final frame, end of input right after it.
 * The plaintext's length follows from bytes that are really there, so that nothing is allocated on a claim.
 */
function planBody(body: Uint8Array, view: DataView, frameLength: number): BodyPlan {
  let at = 0;
  for (let sequence = 1; ; sequence += 1) {
    if (body.length - at < FINAL_OVERHEAD) throw notAuthentic();
    const first = view.getUint32(at);
    if (first === FINAL_MARK) {
      const finalLength = view.getUint32(at + 8 + IV_LENGTH);
      const sound = view.getUint32(at + 4) === sequence && finalLength <= frameLength;
      if (!sound || body.length - at !== FINAL_OVERHEAD + finalLength) throw notAuthentic();
      return { regular: sequence - 1, finalLength };
    }
    if (first !== sequence) throw notAuthentic();
    at += REGULAR_OVERHEAD + frameLength;
  }
}

/**
 * Decrypts the frames that make up all of `body`. Either every frame verifies, or nothing is returned.
 * @throws EnvelopeError `NOT_AUTHENTIC`
 */
export function readFrames(
  body: Uint8Array,
  frameLength: number,
  messageId: Uint8Array,
  encryptionKey: KeyObject,
): Uint8Array {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const { regular, finalLength } = planBody(body, view, frameLength);
  const output = new Uint8Array(regular * frameLength + finalLength);
  try {
    const regularAad = frameAad(messageId, REGULAR_LABEL);
    for (let index = 0; index < regular; index += 1) {
      const at = index * (REGULAR_OVERHEAD + frameLength);
      const aad = regularAad(index + 1, frameLength);
      readFrame(body, at + 4, at + 4 + IV_LENGTH, frameLength, aad, encryptionKey, output, index * frameLength);
    }
    const at = regular * (REGULAR_OVERHEAD + frameLength);
    const aad = frameAad(messageId, FINAL_LABEL)(regular + 1, finalLength);
    readFrame(body, at + 8, at + 12 + IV_LENGTH, finalLength, aad, encryptionKey, output, regular * frameLength);
  } catch {
    output.fill(0);
    throw notAuthentic();
  }
  return output;
}

/**
 * Decrypts one frame. The IV is the one in the message: the specification wants the sequence number there, but AWS's
 * own published messages hold others, and each of them is authenticated by being used.
 */
function readFrame(
  body: Uint8Array,
  ivAt: number,
  contentAt: number,
  length: number,
  aad: Buffer,
  encryptionKey: KeyObject,
  output: Uint8Array,
  outputAt: number,
): void {
  const end = contentAt + length;
  const iv = body.subarray(ivAt, ivAt + IV_LENGTH);
  const decipher = createDecipheriv('aes-256-gcm', encryptionKey, iv, { authTagLength: TAG_LENGTH });
  decipher.setAAD(aad).setAuthTag(body.subarray(end, end + TAG_LENGTH));
  output.set(decipher.update(body.subarray(contentAt, end)), outputAt);
  decipher.final();
}
