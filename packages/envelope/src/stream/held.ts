/** Plaintext that waits for its tag. */
export interface Held {
  /** Takes over a piece. */
  add(piece: Buffer): void;
  /** Gives everything out, in order. */
  take(): Buffer[];
  /** Overwrites everything with zeros. */
  wipe(): void;
}

/** Pieces below this many bytes are gathered, since each one costs more memory than it holds. */
const SMALL = 4_096;
const GATHERED = 16_384;

/** Holds pieces as they come; many small ones take little more memory than their bytes. */
export function heldPieces(): Held {
  let pieces: Buffer[] = [];
  /** The last of the pieces while it has room: its memory, of which the piece is the beginning. */
  let room: Buffer | undefined;
  let used = 0;

  const addSmall = (piece: Buffer): void => {
    if (room === undefined || used + piece.length > room.length) {
      room = Buffer.alloc(GATHERED);
      used = 0;
      pieces.push(room);
    }
    room.set(piece, used);
    used += piece.length;
    piece.fill(0);
    pieces[pieces.length - 1] = room.subarray(0, used);
  };

  return {
    add: (piece) => {
      if (piece.length < SMALL) {
        addSmall(piece);
      } else {
        room = undefined;
        pieces.push(piece);
      }
    },
    take: () => {
      const all = pieces;
      pieces = [];
      room = undefined;
      return all;
    },
    wipe: () => {
      for (const piece of pieces) piece.fill(0);
      pieces = [];
      room = undefined;
    },
  };
}
