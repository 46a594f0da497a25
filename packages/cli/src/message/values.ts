// How the texts of options about messages become their values, and what else they might have been.

import { InvalidArgumentError } from 'commander';
import { given, withPair } from '../options.ts';
import { type MemberPath, memberPath } from './member.ts';

/** An alias is left out on purpose: whoever may change it decides which key it means. */
const KEY_ARN = /^arn:[a-z0-9-]+:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/;

export function keyArns(text: string, before: readonly string[] = []): readonly string[] {
  if (!KEY_ARN.test(text)) {
    throw new InvalidArgumentError(
      'It must be the ARN of a key, arn:aws:kms:<region>:<account>:key/<id>, and not of an alias.',
    );
  }
  if (before.includes(text)) {
    throw new InvalidArgumentError('It is given twice.');
  }
  return [...before, text];
}

/** `name=value` pairs; the value may hold further equals signs. */
export function pairs(text: string, before: ReadonlyMap<string, string> | false = false): ReadonlyMap<string, string> {
  const at = given(text).indexOf('=');
  if (at < 1 || at === text.length - 1) {
    throw new InvalidArgumentError('It must be <name>=<value>, neither of them empty.');
  }
  return withPair(before || new Map(), text.slice(0, at), text.slice(at + 1));
}

/** `name=member` pairs, or `name` where the member is called the same. */
export function memberPairs(
  text: string,
  before: ReadonlyMap<string, MemberPath> = new Map(),
): ReadonlyMap<string, MemberPath> {
  const [name, member] = given(text).includes('=') ? [...pairs(text)].flat() : [text, text];
  return withPair(before, name ?? '', memberPath(member ?? ''));
}

/** One of some names, in an option that may be given several times. */
export function severalOf<T extends string>(
  names: readonly T[],
): (text: string, before?: readonly T[]) => readonly T[] {
  return (text, before = []) => {
    const name = names.find((one) => one === text);
    if (name === undefined) {
      throw new InvalidArgumentError(`Allowed choices are ${names.join(', ')}.`);
    }
    return [...before, name];
  };
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** A time in seconds, from a text such as `90d`. */
export function duration(text: string): number {
  const [, digits, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (digits === undefined) {
    throw new InvalidArgumentError('It must be a whole number and one of s, m, h, d, such as 90d.');
  }
  return Number(digits) * (SECONDS[unit] ?? 1);
}

/** Ids of algorithm suites, as the specification writes them. */
export function suites(text: string, before: readonly number[] = []): readonly number[] {
  if (!/^0x[0-9a-f]{4}$/i.test(text)) {
    throw new InvalidArgumentError('It must be the id of an algorithm suite, such as 0x0478.');
  }
  return [...before, Number(text)];
}

/** A whole number from 1 to `most`. */
export function countTo(most: number): (text: string) => number {
  return (text) => {
    if (!/^[1-9]\d{0,9}$/.test(text) || Number(text) > most) {
      throw new InvalidArgumentError(`It must be a whole number from 1 to ${most}.`);
    }
    return Number(text);
  };
}
