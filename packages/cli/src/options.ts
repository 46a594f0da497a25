// How the text of an option becomes its value. The reader of the command line names option and text in the error.

import { InvalidArgumentError } from 'commander';

/** Whoever forgets a value goes on with the next option, or with "--", and neither must be taken for the value. */
export function given(text: string): string {
  if (text === '' || text.startsWith('--')) {
    throw new InvalidArgumentError('It needs a value.');
  }
  return text;
}

/** For options that may be given several times. */
export function several(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, given(text)];
}

const MAX_PORT = 65535;

export function port(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > MAX_PORT) {
    throw new InvalidArgumentError(`It must be a whole number from 0 (any free port) to ${MAX_PORT}.`);
  }
  return Number(text);
}
