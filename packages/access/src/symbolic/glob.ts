/** A pattern with `*` and `?`, taken apart once. It takes time in proportion to the text, whatever the pattern. */
export interface Glob {
  /** Whether the pattern covers the whole text. */
  readonly matches: (text: string) => boolean;
}

/** Takes a pattern apart at its `*`: the pieces between have to be found one after another, each as early as possible. */
export function compileGlob(pattern: string): Glob {
  if (!/[*?]/.test(pattern)) return { matches: (text) => text === pattern };
  const pieces = pattern.split(/\*+/);
  const [first = '', last = ''] = [pieces[0], pieces.at(-1)];
  if (pieces.length === 1) return { matches: (text) => text.length === first.length && fitsAt(first, text, 0) };
  const middle = pieces.slice(1, -1).map(finderOf);
  return {
    matches: (text) => {
      const end = text.length - last.length;
      if (end < first.length || !fitsAt(first, text, 0) || !fitsAt(last, text, end)) return false;
      let position = first.length;
      for (const find of middle) {
        position = find(text, position);
        if (position < 0 || position > end) return false;
      }
      return true;
    },
  };
}

function fitsAt(piece: string, text: string, at: number): boolean {
  for (let index = 0; index < piece.length; index++) {
    if (piece[index] !== '?' && piece[index] !== text[at + index]) return false;
  }
  return true;
}

/** Finds a piece at or after a position: where it ends, or -1. */
type Find = (text: string, from: number) => number;

function finderOf(piece: string): Find {
  if (piece.includes('?')) return bitFinder(piece);
  return (text, from) => {
    const at = text.indexOf(piece, from);
    return at < 0 ? -1 : at + piece.length;
  };
}

/** Bits of a word of a bit set. */
const WORD = 32;

/**
 * A piece with `?`: every position at which it may have begun is one bit, and a character of the text moves all of them
 * at once. Searching it naively would take the product of both lengths.
 */
function bitFinder(piece: string): Find {
  const words = Math.ceil(piece.length / WORD);
  const anyCharacter = bitsOf(piece, words, '?');
  const bits = new Map([...new Set(piece)].map((one) => [one, bitsOf(piece, words, '?', one)]));
  const [lastWord, lastBit] = [words - 1, 1 << ((piece.length - 1) % WORD)];
  return (text, from) => {
    const state = new Uint32Array(words);
    for (let index = from; index < text.length; index++) {
      const fits = bits.get(text.charAt(index)) ?? anyCharacter;
      let carry = 1;
      for (let word = 0; word < words; word++) {
        const before = state[word] ?? 0;
        state[word] = ((before << 1) | carry) & (fits[word] ?? 0);
        carry = before >>> (WORD - 1);
      }
      if (((state[lastWord] ?? 0) & lastBit) !== 0) return index + 1;
    }
    return -1;
  };
}

/** The places of the piece that hold one of the characters. */
function bitsOf(piece: string, words: number, ...characters: readonly string[]): Uint32Array {
  const bits = new Uint32Array(words);
  for (const [index, character] of piece.split('').entries()) {
    const word = Math.floor(index / WORD);
    if (characters.includes(character)) bits[word] = (bits[word] ?? 0) | (1 << (index % WORD));
  }
  return bits;
}
