import { types } from 'node:util';
import { EnvelopeError } from '../errors.ts';
import { type Place, pathText } from './path.ts';

/*
 * How values are written in a sealed message: JSON, in which every list is a tag and what belongs to it.
 *   null, true, "text", 1.5   as they are           ["d", 1700000000000]  Date, milliseconds
 *   {"a": 1}                  an object             ["n", "123"]          bigint, decimal
 *   ["l", 1, 2]               a list                ["b", "AQI="]         bytes, base64
 *   ["u"]                     undefined             ["z"]                 minus zero, which JSON does not know
 */
type Encoded = null | boolean | string | number | Encoded[] | { [key: string]: Encoded };

/** Lists and objects within each other: more is a cycle, or nothing that a record holds. */
const MAX_DEPTH = 100;

/**
 * The JSON value for a field's value.
 * @param at - the field's path, for errors
 * @throws EnvelopeError `FIELD_INVALID`, with the path and kind of the first value that would not come back as it was
 */
export function encodeValue(value: unknown, at: readonly Place[]): Encoded {
  if (at.length > MAX_DEPTH) throw refused(at, `is nested deeper than ${MAX_DEPTH} levels, or contains itself`);
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (!Number.isFinite(value)) throw refused(at, 'is not a finite number');
      return Object.is(value, -0) ? ['z'] : value;
    case 'bigint':
      return ['n', value.toString()];
    case 'undefined':
      return ['u'];
    case 'object':
      return value === null ? null : encodeObject(value, at);
    default:
      throw refused(at, `is a ${typeof value}`);
  }
}

function encodeObject(value: object, at: readonly Place[]): Encoded {
  if (types.isUint8Array(value))
    return ['b', Buffer.from(value.buffer, value.byteOffset, value.length).toString('base64')];
  if (types.isDate(value)) {
    const time = value.getTime();
    if (Number.isNaN(time)) throw refused(at, 'is a Date that is not valid');
    return ['d', time];
  }
  if (Array.isArray(value)) {
    // By index: map would pass over holes, which would come back as undefined.
    return [
      'l',
      ...Array.from({ length: value.length }, (_, index) => {
        const place = [...at, { kind: 'index', index } as const];
        if (!Object.hasOwn(value, index)) throw refused(place, 'is a hole in a list');
        return encodeValue(value[index], place);
      }),
    ];
  }
  if (!isPlainObject(value)) throw refused(at, `is ${kindOf(value)}`);
  if (Object.getOwnPropertySymbols(value).length > 0) throw refused(at, 'has a symbol among its keys');
  const encoded: { [key: string]: Encoded } = Object.create(null);
  for (const [key, item] of Object.entries(value)) encoded[key] = encodeValue(item, [...at, { kind: 'key', key }]);
  return encoded;
}

/** Whether the value is an object that holds nothing but its properties. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // An object of another realm (a test runner's, a worker's) has another Object.prototype, which is at the end too.
  return (
    prototype === null ||
    (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, 'hasOwnProperty'))
  );
}

/** What each tag stands for. */
const TAGS: Readonly<Record<string, (items: readonly unknown[]) => unknown>> = {
  l: (items) => items.map(decodeValue),
  d: ([time]) => new Date(time as number),
  n: ([digits]) => BigInt(digits as string),
  b: ([base64]) => {
    const decoded = Buffer.from(base64 as string, 'base64');
    const own = new Uint8Array(decoded);
    // Where it is short, this is a part of Node's pool.
    decoded.fill(0);
    return own;
  },
  u: () => undefined,
  z: () => -0,
};

/**
 * The value that {@link encodeValue} wrote. Bytes come back as a `Uint8Array` whatever class they were of.
 * @throws EnvelopeError `PLAINTEXT_FORMAT` for a tag there is not
 */
export function decodeValue(encoded: unknown): unknown {
  if (Array.isArray(encoded)) {
    const [tag, ...items] = encoded as unknown[];
    const decode = typeof tag === 'string' && Object.hasOwn(TAGS, tag) ? TAGS[tag] : undefined;
    if (decode === undefined) throw notSealed();
    try {
      return decode(items);
    } catch {
      throw notSealed();
    }
  }
  if (typeof encoded !== 'object' || encoded === null) return encoded;
  // fromEntries defines properties: a key called __proto__ stays a key.
  return Object.fromEntries(Object.entries(encoded).map(([key, item]) => [key, decodeValue(item)]));
}

/** The error for authentic plaintext that does not hold sealed fields. */
export function notSealed(): EnvelopeError {
  return new EnvelopeError(
    'PLAINTEXT_FORMAT',
    'the plaintext is authentic, but it does not hold sealed fields as this version writes them',
  );
}

function refused(at: readonly Place[], what: string): EnvelopeError {
  // A path as deep as the limit would be a page of text.
  const text = at.length > 10 ? `${pathText(at.slice(0, 10))}…` : pathText(at);
  return new EnvelopeError('FIELD_INVALID', `${text} ${what}, and would not come back as it was; KMS was not called`);
}

function kindOf(value: object): string {
  if (types.isProxy(value)) return 'a proxy';
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  return tag === 'Object' ? 'an instance of a class' : `of type ${tag}`;
}
