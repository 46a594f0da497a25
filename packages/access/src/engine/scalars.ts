import { BlockList, isIP } from 'node:net';

/** Comparisons of known values; undefined: one of the two is not a value of the type, and nothing matches. */
export type Compare = (given: string, wanted: string) => boolean | undefined;

type Order = (difference: number) => boolean;

export const ORDERS = {
  Equals: (difference) => difference === 0,
  LessThan: (difference) => difference < 0,
  LessThanEquals: (difference) => difference <= 0,
  GreaterThan: (difference) => difference > 0,
  GreaterThanEquals: (difference) => difference >= 0,
} satisfies Record<string, Order>;

/** Compares what `read` makes of both texts. */
export function ordered(read: (text: string) => number | undefined, holds: Order): Compare {
  return (given, wanted) => {
    const [left, right] = [read(given), read(wanted)];
    return left === undefined || right === undefined ? undefined : holds(left - right);
  };
}

export function readNumber(text: string): number | undefined {
  return /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

/** ISO 8601 to the day or finer, or seconds since the epoch; milliseconds since the epoch come out. */
export function readDate(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/.test(text)) return undefined;
  const zoned = /(Z|[+-]\d{2}:?\d{2})$/.test(text.slice(10)) || text.length === 10 ? text : `${text}Z`;
  const time = Date.parse(zoned);
  return Number.isNaN(time) ? undefined : time;
}

export const sameBoolean: Compare = (given, wanted) => {
  const [left, right] = [given.toLowerCase(), wanted.toLowerCase()];
  const known = (text: string) => text === 'true' || text === 'false';
  return known(left) && known(right) ? left === right : undefined;
};

export const sameBytes: Compare = (given, wanted) => given === wanted;

/** An address in a range such as `203.0.113.0/24`; without a length the range is one address. */
export const inRange: Compare = (given, wanted) => {
  const [network = '', length, more] = wanted.split('/');
  const family = isIP(network);
  if (family === 0 || isIP(given) === 0 || more !== undefined) return undefined;
  const longest = family === 4 ? 32 : 128;
  const prefix = length === undefined ? longest : /^\d{1,3}$/.test(length) ? Number(length) : -1;
  if (prefix < 0 || prefix > longest) return undefined;
  if (family !== isIP(given)) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(network, prefix, type);
  return list.check(given, type);
};
