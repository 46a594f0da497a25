import type { Outcome } from './call.ts';
import type { Colours } from './terminal.ts';

/** How each outcome looks. Colour only repeats what the word says. */
export const OUTCOMES: Readonly<Record<Outcome, (colours: Colours) => (text: string) => string>> = {
  allowed: ({ green }) => green,
  denied: ({ red }) => red,
  'would be denied': ({ yellow }) => yellow,
  failed: ({ yellow }) => yellow,
};
