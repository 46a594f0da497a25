/** Numbered notes below a table: a text that is referred to twice is one note. */
export interface Notes {
  /** The number of the note with this text, counted from 1 in the order of first mention. */
  numberOf(text: string): number;
  readonly texts: readonly string[];
}

export function createNotes(): Notes {
  const numbers = new Map<string, number>();
  return {
    numberOf: (text) => {
      const number = numbers.get(text) ?? numbers.size + 1;
      numbers.set(text, number);
      return number;
    },
    get texts() {
      return [...numbers.keys()];
    },
  };
}
