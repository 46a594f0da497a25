import type { MarkSymbol } from './cell.ts';
import type { Colours } from './terminal.ts';

interface Sign {
  readonly meaning: string;
  readonly colour: (colours: Colours) => (text: string) => string;
}

/** What the symbols of the access table mean. Colour only repeats it. */
export const SIGNS: Readonly<Record<MarkSymbol, Sign>> = {
  '✔': { meaning: 'allowed', colour: ({ green }) => green },
  if: { meaning: 'allowed under a condition', colour: ({ cyan }) => cyan },
  some: { meaning: 'some of it allowed', colour: ({ cyan }) => cyan },
  '–': { meaning: 'denied', colour: ({ dim }) => dim },
  '?': { meaning: 'not known from the app alone', colour: ({ yellow }) => yellow },
};

/** The meaning of the symbols that were used, in the order of the table above. */
export function legendFor(used: ReadonlySet<MarkSymbol>): string {
  const symbols = (Object.keys(SIGNS) as MarkSymbol[]).filter((symbol) => used.has(symbol));
  return symbols.map((symbol) => `${symbol} = ${SIGNS[symbol].meaning}`).join(', ');
}
