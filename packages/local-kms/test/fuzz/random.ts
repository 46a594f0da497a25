/** Numbers that are the same for the same seed. */
export interface Random {
  /** 0 to `below` - 1. */
  int(below: number): number;
  chance(oneIn: number): boolean;
  of<T>(values: readonly T[]): T;
  text(length: number): string;
}

const CHARACTERS = [
  'a',
  'Z',
  '0',
  '/',
  ':',
  '-',
  '_',
  ' ',
  '"',
  '\\',
  '\u0000',
  '\n',
  'é',
  '漢',
  '😀',
  '\ud800',
  '=',
  '+',
  '.',
];

/** Mulberry32. @param at - number of the request: each has its own numbers, whatever the others take */
export function randomFrom(seed: number, at: number): Random {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(at + 1, 0x85ebca6b)) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const int = (below: number): number => Math.floor(next() * below);
  const of = <T>(values: readonly T[]): T => values[int(values.length)] as T;
  return {
    int,
    of,
    chance: (oneIn) => int(oneIn) === 0,
    text: (length) => Array.from({ length }, () => of(CHARACTERS)).join(''),
  };
}
