import { createCipheriv, createSign, type KeyObject } from 'node:crypto';
import { type BegunMessage, beginMessage, type EncryptionMaterials, footerLength } from '../encrypt.ts';
import { EnvelopeError } from '../errors.ts';
import {
  FINAL_LABEL,
  FINAL_MARK,
  FINAL_OVERHEAD,
  frameAad,
  MAX_FRAMES,
  REGULAR_LABEL,
  REGULAR_OVERHEAD,
} from '../frames.ts';
import { headerLength } from '../header.ts';
import { footerOf } from '../signature.ts';
import { IV_LENGTH, type Suite, TAG_LENGTH } from '../suites.ts';
import type { ChunkTransform } from './chunks.ts';

/** A message that is written piece by piece. */
export interface Sealing extends ChunkTransform {
  /** Bytes of the whole message when it holds this many bytes of plaintext. */
  size(plaintextLength: number): number;
}

/**
 * Begins a message whose plaintext comes in chunks. Keys are derived at once: the materials may be wiped afterwards.
 *
 * A frame is written as soon as it is full, without knowing whether anything follows. A plaintext whose length is a
 * multiple of the frame length therefore ends in an empty final frame, which every reader takes.
 */
export function sealing(materials: EncryptionMaterials, frameLength: number): Sealing {
  const { suite, sharedSection, signingKey } = materials;
  const header = new Uint8Array(headerLength(sharedSection));
  const frames = frameWriter(beginMessage(materials, frameLength, header), suite, frameLength);
  const signature = signingKey === undefined ? undefined : signer(signingKey);
  signature?.update(header);
  let unsent: readonly Uint8Array[] = [header];
  const out = (piece: Uint8Array, after: readonly Uint8Array[] = []): readonly Uint8Array[] => {
    signature?.update(piece);
    const pieces = [...unsent, piece, ...after];
    unsent = [];
    return pieces;
  };
  return {
    push: (chunk) => out(frames.write(chunk)),
    end: () => {
      const last = frames.finish();
      const pieces = out(last);
      return signature === undefined ? pieces : [...pieces, signature.footer()];
    },
    size: (plaintextLength) => {
      const regular = Math.floor(plaintextLength / frameLength);
      return header.length + plaintextLength + regular * REGULAR_OVERHEAD + FINAL_OVERHEAD + footerLength(suite);
    },
  };
}

/**
 * One signature in 128 cannot be brought to the length that a message's size counts on, and is made again. A `Sign` signs
 * once, and the content is gone by then: so there are three of them, of which the second is needed seldom and the third
 * hardly ever. What is left, one message in two million, has a valid signature that is shorter than announced.
 */
const SIGNATURES = 3;

function signer(privateKey: KeyObject): { update(piece: Uint8Array): void; footer(): Uint8Array } {
  const signs = Array.from({ length: SIGNATURES }, () => createSign('sha384'));
  return {
    update: (piece) => {
      for (const sign of signs) sign.update(piece);
    },
    footer: () => footerOf(signs.map((sign) => () => sign.sign(privateKey))),
  };
}

interface FrameWriter {
  /** The frames that are full after this chunk. */
  write(chunk: Uint8Array): Uint8Array;
  /** The final frame. */
  finish(): Uint8Array;
}

function frameWriter({ messageId, encryptionKey }: BegunMessage, suite: Suite, frameLength: number): FrameWriter {
  const regularAad = frameAad(messageId, REGULAR_LABEL);
  let sequence = 1;
  // Plaintext of the frame that is not full yet: the only thing that is kept from one chunk to the next.
  let pending = Buffer.alloc(0);
  let pendingLength = 0;

  const keep = (rest: Uint8Array): void => {
    const wanted = pendingLength + rest.length;
    if (wanted > pending.length) {
      const larger = Buffer.alloc(Math.min(frameLength, Math.max(wanted, 2 * pending.length)));
      pending.copy(larger, 0, 0, pendingLength);
      pending.fill(0);
      pending = larger;
    }
    pending.set(rest, pendingLength);
    pendingLength = wanted;
  };

  /** Writes one frame at `at`, whose content is what is pending and `content` after it; answers where it ends. */
  const frame = (output: Buffer, start: number, content: Uint8Array, final: boolean): number => {
    if (sequence > MAX_FRAMES) {
      throw new EnvelopeError(
        'LIMIT',
        `the plaintext needs more than ${MAX_FRAMES} frames of ${frameLength} bytes, the most that a message has`,
      );
    }
    const length = pendingLength + content.length;
    let at = final ? output.writeUInt32BE(FINAL_MARK, start) : start;
    output.writeUInt32BE(sequence, at);
    // The sequence number as IV: never twice under the key of one message, and never the header's IV.
    const iv = output.subarray(at + 4, at + 4 + IV_LENGTH).fill(0);
    iv.writeUInt32BE(sequence, IV_LENGTH - 4);
    at += 4 + IV_LENGTH;
    if (final) at = output.writeUInt32BE(length, at);
    const aad = final ? frameAad(messageId, FINAL_LABEL)(sequence, length) : regularAad(sequence, length);
    const cipher = createCipheriv(suite.cipher, encryptionKey, iv, { authTagLength: TAG_LENGTH }).setAAD(aad);
    for (const part of [pending.subarray(0, pendingLength), content]) {
      if (part.length === 0) continue;
      output.set(cipher.update(part), at);
      at += part.length;
    }
    cipher.final();
    output.set(cipher.getAuthTag(), at);
    pendingLength = 0;
    sequence += 1;
    return at + TAG_LENGTH;
  };

  return {
    write(chunk) {
      const full = Math.floor((pendingLength + chunk.length) / frameLength);
      // Not from the pool of small buffers: whoever takes it over may pass it on as a whole. Every byte is written.
      const output = Buffer.allocUnsafeSlow(full * (frameLength + REGULAR_OVERHEAD));
      let at = 0;
      let taken = 0;
      for (let count = 0; count < full; count += 1) {
        const end = taken + frameLength - pendingLength;
        at = frame(output, at, chunk.subarray(taken, end), false);
        taken = end;
      }
      if (taken < chunk.length) keep(chunk.subarray(taken));
      return output;
    },
    finish() {
      const output = Buffer.allocUnsafeSlow(FINAL_OVERHEAD + pendingLength);
      frame(output, 0, new Uint8Array(0), true);
      pending.fill(0);
      return output;
    },
  };
}
