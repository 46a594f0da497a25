import { beginMessage, type EncryptionMaterials } from '../encrypt.ts';
import { EnvelopeError } from '../errors.ts';
import {
  FINAL_OVERHEAD,
  FINAL_START,
  frameAad,
  MAX_FRAMES,
  REGULAR_OVERHEAD,
  REGULAR_START,
  writeFrameStart,
} from '../frames.ts';
import { type GcmKey, sealing as sealingGcm } from '../gcm.ts';
import { headerLength } from '../header.ts';
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
  const { sharedSection, signed } = materials;
  const header = Buffer.alloc(headerLength(sharedSection));
  const { key, messageId } = beginMessage(materials, frameLength, header);
  const frames = frameCutter(key, messageId, frameLength, header);
  const signature = signed?.key.inPieces();
  const out = (pieces: readonly Uint8Array[]): readonly Uint8Array[] => {
    if (signature !== undefined) for (const piece of pieces) signature.update(piece);
    return pieces;
  };
  return {
    push: (chunk) => out(frames.push(chunk)),
    end: () => {
      const pieces = out(frames.end());
      return signature === undefined ? pieces : [...pieces, signature.footer()];
    },
    wipe: frames.wipe,
    size: (plaintextLength) => {
      const regular = Math.floor(plaintextLength / frameLength);
      return (
        header.length + plaintextLength + regular * REGULAR_OVERHEAD + FINAL_OVERHEAD + (signed?.footerLength ?? 0)
      );
    },
  };
}

/** Cuts plaintext into frames. */
interface FrameCutter {
  /** What can be passed on after this chunk. */
  push(chunk: Uint8Array): readonly Uint8Array[];
  /** The rest, with the final frame. */
  end(): readonly Uint8Array[];
  wipe(): void;
}

const NOTHING = new Uint8Array(0);

/**
 * Ciphertext is passed on in the memory that the cipher gives it in: copying it would take a third of the time. Between
 * two pieces of it stands what the one frame ends and the next one begins with.
 */
function frameCutter(key: GcmKey, messageId: Uint8Array, frameLength: number, header: Uint8Array): FrameCutter {
  // Both now: the message id is a part of the header, which soon is somebody else's.
  const regularAad = frameAad(messageId, false);
  const finalAad = frameAad(messageId, true);
  let sequence = 1;
  /** The header, later the tag of the last frame: goes before the next frame. */
  let unsent = header;
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

  /** Adds one frame to `output`, whose content is what is pending and `content` after it. */
  const frame = (output: Uint8Array[], content: Uint8Array, final: boolean): void => {
    if (sequence > MAX_FRAMES) {
      throw new EnvelopeError(
        'LIMIT',
        `the plaintext needs more than ${MAX_FRAMES} frames of ${frameLength} bytes, the most that a message has`,
      );
    }
    const length = pendingLength + content.length;
    const before = Buffer.allocUnsafeSlow(unsent.length + (final ? FINAL_START : REGULAR_START));
    before.set(unsent);
    const iv = writeFrameStart(before, unsent.length, sequence, final, length);
    const aad = final ? finalAad : regularAad;
    const cipher = sealingGcm(key, iv, aad(sequence, length));
    output.push(before);
    if (pendingLength > 0) output.push(cipher.update(pending.subarray(0, pendingLength)));
    if (content.length > 0) output.push(cipher.update(content));
    cipher.final();
    unsent = cipher.getAuthTag();
    pendingLength = 0;
    sequence += 1;
  };

  return {
    push(chunk) {
      const output: Uint8Array[] = [];
      let taken = 0;
      while (pendingLength + chunk.length - taken >= frameLength) {
        const end = taken + frameLength - pendingLength;
        frame(output, chunk.subarray(taken, end), false);
        taken = end;
      }
      if (taken < chunk.length) keep(chunk.subarray(taken));
      return output;
    },
    end() {
      const output: Uint8Array[] = [];
      frame(output, NOTHING, true);
      pending.fill(0);
      return [...output, unsent];
    },
    wipe: () => {
      pending.fill(0);
    },
  };
}
