import { CliError } from '../errors.ts';

/** One line of a file, as it is there. */
export interface Line {
  /** Counted from 1. */
  readonly number: number;
  /** Without its end. */
  readonly bytes: Uint8Array;
  /** Whether an end of line follows, which the last line of a file may lack. */
  readonly ended: boolean;
  /** Bytes of the file up to its end, its end of line included. */
  readonly end: number;
}

/** Where reading begins: bytes and lines that lie before. */
export interface LineStart {
  readonly offset: number;
  readonly number: number;
}

const NEWLINE = 0x0a;
/** Largest line in bytes: twice what the largest items and events of AWS take, and still many at once in memory. */
const MAX_LINE = 16_777_216;

/**
 * The lines of a text.
 * @throws {@link CliError} `REFUSED` for a line of more than 16 MiB
 */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array>,
  start: LineStart = { offset: 0, number: 1 },
): AsyncGenerator<Line> {
  let { offset: end, number } = start;
  let pieces: Uint8Array[] = [];
  let length = 0;
  const take = (piece: Uint8Array): void => {
    pieces.push(piece);
    length += piece.length;
    if (length > MAX_LINE) throw new CliError('REFUSED', `line ${number} has more than ${MAX_LINE} bytes`);
  };
  const line = (ended: boolean): Line => {
    const bytes = pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces, length);
    end += length + (ended ? 1 : 0);
    pieces = [];
    length = 0;
    return { number: number++, bytes, ended, end };
  };
  for await (const chunk of chunks) {
    let at = 0;
    for (let newline = chunk.indexOf(NEWLINE); newline !== -1; newline = chunk.indexOf(NEWLINE, at)) {
      take(chunk.subarray(at, newline));
      at = newline + 1;
      yield line(true);
    }
    if (at < chunk.length) take(chunk.subarray(at));
  }
  if (length > 0) yield line(false);
}

/** U+FEFF in UTF-8, which some programs begin a file with. */
const BYTE_ORDER_MARK = Buffer.of(0xef, 0xbb, 0xbf);

/** Whether there is nothing in a line. */
export function isBlank({ bytes }: Line): boolean {
  const begin = BYTE_ORDER_MARK.equals(bytes.subarray(0, 3)) ? 3 : 0;
  return bytes.subarray(begin).every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}

/** A line with what ends it. */
export function wholeLine(line: Line, bytes: Uint8Array = line.bytes): Uint8Array {
  return line.ended ? Buffer.concat([bytes, Buffer.of(NEWLINE)]) : bytes;
}
