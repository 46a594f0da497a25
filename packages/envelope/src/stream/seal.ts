import { beginMessage, type EncryptionMaterials } from '../encrypt.ts';
import { EnvelopeError } from '../errors.ts';
import { FINAL_OVERHEAD, type FrameWriter, MAX_FRAMES, REGULAR_OVERHEAD } from '../frames.ts';
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
  const frames = frameCutter(beginMessage(materials, frameLength, header), frameLength);
  const signature = signed?.key.inPieces();
  signature?.update(header);
  let unsent: readonly Uint8Array[] = [header];
  const out = (piece: Uint8Array, after: readonly Uint8Array[] = []): readonly Uint8Array[] => {
    signature?.update(piece);
    const pieces = [...unsent, piece, ...after];
    unsent = [];
    return pieces;
  };
  return {
    push: (chunk) => out(frames.push(chunk)),
    end: () => {
      const last = frames.end();
      const pieces = out(last);
      return signature === undefined ? pieces : [...pieces, signature.footer()];
    },
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
  /** The frames that are full after this chunk. */
  push(chunk: Uint8Array): Uint8Array;
  /** The final frame. */
  end(): Uint8Array;
}

function frameCutter(write: FrameWriter, frameLength: number): FrameCutter {
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

  /** Writes one frame, whose content is what is pending and `content` after it; answers where it ends. */
  const frame = (output: Buffer, at: number, content: Uint8Array, final: boolean): number => {
    if (sequence > MAX_FRAMES) {
      throw new EnvelopeError(
        'LIMIT',
        `the plaintext needs more than ${MAX_FRAMES} frames of ${frameLength} bytes, the most that a message has`,
      );
    }
    const length = pendingLength + content.length;
    const pieces = pendingLength === 0 ? [content] : [pending.subarray(0, pendingLength), content];
    const end = write(output, at, sequence, final, length, ...pieces);
    pendingLength = 0;
    sequence += 1;
    return end;
  };

  return {
    push(chunk) {
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
    end() {
      const output = Buffer.allocUnsafeSlow(FINAL_OVERHEAD + pendingLength);
      frame(output, 0, new Uint8Array(0), true);
      pending.fill(0);
      return output;
    },
  };
}
