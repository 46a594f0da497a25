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

/**
 * One more pair of a name and a value: a name that is given twice is a mistake, and the value that counts would be anybody's
 * guess.
 * @param same - what is equal for two spellings of one name
 */
export function withPair<V>(
  before: ReadonlyMap<string, V>,
  name: string,
  value: V,
  same: (name: string) => string = (one) => one,
): ReadonlyMap<string, V> {
  if ([...before.keys()].some((known) => same(known) === same(name))) {
    throw new InvalidArgumentError(`It gives ${name} a second time.`);
  }
  return new Map([...before, [name, value]]);
}

const MAX_PORT = 65535;

export function port(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > MAX_PORT) {
    throw new InvalidArgumentError(`It must be a whole number from 0 (any free port) to ${MAX_PORT}.`);
  }
  return Number(text);
}
