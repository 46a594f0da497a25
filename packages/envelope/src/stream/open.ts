import type { DecipherGCM } from 'node:crypto';
import { EnvelopeError, notAuthentic } from '../errors.ts';
import { FINAL_MARK, FINAL_START, frameAad, REGULAR_START } from '../frames.ts';
import { type GcmKey, opening as openingGcm } from '../gcm.ts';
import type { Header } from '../header.ts';
import { NON_FRAMED_START, nonFramedDecipher, nonFramedPlan } from '../non-framed.ts';
import { IV_LENGTH, TAG_LENGTH, type Verifier } from '../suite.ts';
import type { ChunkTransform, Pieces } from './chunks.ts';
import { heldPieces } from './held.ts';

/** What is needed to open the body of a message piece by piece, after its header was verified. */
export interface Opening {
  readonly header: Header;
  readonly key: GcmKey;
  readonly verifier: Verifier | undefined;
  /** Most plaintext bytes that are held back until they are verified. */
  readonly maxHeldBytes: number;
}

/** A frame, or a whole body without frames, of which the beginning was read. */
interface Block {
  readonly length: number;
  readonly final: boolean;
  readonly decipher: DecipherGCM;
}

/** Bytes of a footer with the longest signature that there is; one more cannot be part of a message. */
const MAX_FOOTER = 2 + 6 + 2 * 49;

/**
 * Opens a body piece by piece. A frame is released only after its tag was verified, and the final frame only at the end
 * of the input, when nothing follows it but a signature that holds. What was released before that is authentic as it
 * stands, but in a signed message not yet known to be the signer's.
 */
export function opening({ header, key, verifier, maxHeldBytes }: Opening): ChunkTransform {
  const { messageId, frameLength } = header;
  const regularAad = frameAad(messageId, false);
  const verification = verifier?.inPieces();
  verification?.update(header.bytes);

  let sequence = 1;
  /** Short fields are collected here until they are complete. */
  const field = Buffer.alloc(FINAL_START);
  let filled = 0;
  let wanted = header.framed ? REGULAR_START : NON_FRAMED_START;
  let block: Block | undefined;
  let left = 0;
  const held = heldPieces();
  let bodyEnded = false;
  let footer: Uint8Array = new Uint8Array(0);

  const begin = (length: number, final: boolean, decipher: DecipherGCM): void => {
    if (length > maxHeldBytes) {
      throw new EnvelopeError(
        'LIMIT',
        `the message has a part of ${length} bytes that is verified as a whole; maxHeldBytes allows ${maxHeldBytes}`,
      );
    }
    block = { length, final, decipher };
    left = length;
    filled = 0;
    wanted = TAG_LENGTH;
  };

  const startNonFramed = (): void => {
    begin(nonFramedPlan(field).contentLength, true, nonFramedDecipher(field, key, messageId));
  };

  const startRegular = (): void => {
    const iv = field.subarray(4, REGULAR_START);
    begin(frameLength, false, openingGcm(key, iv, regularAad(sequence, frameLength)));
  };

  const startFinal = (): void => {
    const length = field.readUInt32BE(FINAL_START - 4);
    if (field.readUInt32BE(4) !== sequence || length > frameLength) throw notAuthentic();
    const aad = frameAad(messageId, true)(sequence, length);
    begin(length, true, openingGcm(key, field.subarray(8, 8 + IV_LENGTH), aad));
  };

  /** Reads the field before a block; asks for more of it where only its beginning is there. */
  const start = (): void => {
    const first = field.readUInt32BE(0);
    if (!header.framed) startNonFramed();
    else if (first === sequence && first !== FINAL_MARK) startRegular();
    else if (first !== FINAL_MARK) throw notAuthentic();
    else if (wanted < FINAL_START) wanted = FINAL_START;
    else startFinal();
  };

  /** Verifies a block; its plaintext, or nothing yet when it is the last. */
  const finish = ({ decipher, final }: Block): Buffer[] => {
    decipher.setAuthTag(field.subarray(0, TAG_LENGTH)).final();
    block = undefined;
    filled = 0;
    wanted = REGULAR_START;
    sequence += 1;
    if (final) {
      bodyEnded = true;
      return [];
    }
    return held.take();
  };

  const readBody = (chunk: Uint8Array, released: Uint8Array[]): number => {
    let at = 0;
    while (at < chunk.length && !bodyEnded) {
      if (block !== undefined && left > 0) {
        const part = chunk.subarray(at, at + left);
        held.add(block.decipher.update(part));
        left -= part.length;
        at += part.length;
        continue;
      }
      const part = chunk.subarray(at, at + wanted - filled);
      field.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < wanted) break;
      if (block === undefined) start();
      else released.push(...finish(block));
    }
    return at;
  };

  /**
   * Everything that fails here is wrong with the bytes, but for limits.
   * @param work - collects what comes out if nothing fails, and is overwritten if something does
   */
  const refusing = (work: (released: Uint8Array[]) => Pieces): Pieces => {
    const released: Uint8Array[] = [];
    try {
      return work(released);
    } catch (error) {
      for (const piece of released) piece.fill(0);
      throw error instanceof EnvelopeError ? error : notAuthentic();
    }
  };

  return {
    push: (chunk): Pieces =>
      refusing((released) => {
        const end = readBody(chunk, released);
        verification?.update(chunk.subarray(0, end));
        if (end < chunk.length) footer = longerFooter(footer, chunk.subarray(end), verifier);
        return released;
      }),
    end: (): Pieces =>
      refusing(() => {
        if (!bodyEnded) throw notAuthentic();
        verification?.verify(footer);
        return held.take();
      }),
    wipe: held.wipe,
  };
}

function longerFooter(footer: Uint8Array, rest: Uint8Array, verifier: Verifier | undefined): Uint8Array {
  if (verifier === undefined || footer.length + rest.length > MAX_FOOTER) throw notAuthentic();
  return Buffer.concat([footer, rest]);
}
