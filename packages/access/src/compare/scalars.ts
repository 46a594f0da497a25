import { isIP } from 'node:net';
import { readDate, readNumber } from '../engine/scalars.ts';
import type { ScalarKind } from './demand.ts';

/**
 * Values of which one is in every set that comparisons with the given bounds can tell apart: if none of them fits, none
 * does. Numbers are whole, as all numeric condition keys of AWS are.
 */
export const TELLING_VALUES: Readonly<Record<ScalarKind, (bounds: readonly string[]) => readonly string[]>> = {
  number: (bounds) => {
    const numbers = bounds.flatMap((bound) => readNumber(bound) ?? []);
    return [0, ...numbers.flatMap((bound) => around(Math.floor(bound), Math.ceil(bound), 1))].map(String);
  },
  date: (bounds) => {
    const times = bounds.flatMap((bound) => readDate(bound) ?? []);
    return [0, ...times.flatMap((time) => around(time, time, 1))].map((time) => new Date(time).toISOString());
  },
  boolean: () => ['true', 'false'],
  // A set of ranges changes only where one begins, and after one ends.
  address: (bounds) => ['0.0.0.0', '::', ...bounds.flatMap(endsOfRange)],
};

function around(low: number, high: number, step: number): readonly number[] {
  return [low - step, low, high, high + step];
}

const BITS = { 4: 32, 6: 128 } as const;

/** The first address of a range, and the first one after it. */
function endsOfRange(range: string): readonly string[] {
  const [address = '', length] = range.split('/');
  const family = isIP(address);
  if (family !== 4 && family !== 6) return [];
  const free = BigInt(BITS[family] - Number(length ?? BITS[family]));
  if (free < 0n || free > BigInt(BITS[family])) return [];
  const first = (numberOf(address, family) >> free) << free;
  const after = first + (1n << free);
  return [first, ...(after < 1n << BigInt(BITS[family]) ? [after] : [])].map((number) => addressOf(number, family));
}

function numberOf(address: string, family: 4 | 6): bigint {
  const groups = family === 4 ? address.split('.').map(Number) : groupsOf(address);
  return groups.reduce((number, group) => (number << (family === 4 ? 8n : 16n)) + BigInt(group), 0n);
}

/** The eight groups of an IPv6 address; a browser's URL writes it in the one canonical way. */
function groupsOf(address: string): readonly number[] {
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::');
  const read = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)));
  const [left, right] = [read(head), read(tail ?? '')];
  return tail === undefined ? left : [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right];
}

function addressOf(number: bigint, family: 4 | 6): string {
  const [count, width] = family === 4 ? [4, 8n] : [8, 16n];
  const groups = Array.from({ length: count }, (_, index) => {
    return Number((number >> (width * BigInt(count - 1 - index))) & ((1n << width) - 1n));
  });
  return family === 4 ? groups.join('.') : groups.map((group) => group.toString(16)).join(':');
}
