/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
export type Random = () => number;

export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A whole number from 0 to below `limit`. */
export function below(random: Random, limit: number): number {
  return Math.floor(random() * limit);
}

/** Values that length fields and counters are likely to trip over. */
const LENGTHS = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];

type Mutation = (message: Buffer, other: Buffer, random: Random) => Buffer;

/** Each changes one thing, at any place. What comes out may, seldom, be what went in. */
const MUTATIONS: readonly Mutation[] = [
  function flipBit(message, _other, random) {
    return changed(message, below(random, message.length), (byte) => byte ^ (1 << below(random, 8)));
  },
  function setByte(message, _other, random) {
    return changed(message, below(random, message.length), () => below(random, 256));
  },
  function truncate(message, _other, random) {
    return message.subarray(0, below(random, message.length));
  },
  function cutStart(message, _other, random) {
    return message.subarray(1 + below(random, message.length - 1));
  },
  function append(message, other, random) {
    return Buffer.concat([message, other.subarray(0, 1 + below(random, other.length))]);
  },
  function remove(message, _other, random) {
    const from = below(random, message.length);
    return Buffer.concat([message.subarray(0, from), message.subarray(from + 1 + below(random, 40))]);
  },
  function repeat(message, _other, random) {
    const from = below(random, message.length);
    const to = from + 1 + below(random, 80);
    return Buffer.concat([message.subarray(0, to), message.subarray(from)]);
  },
  function swap(message, _other, random) {
    const [a, b, c] = [0, 0, 0].map(() => below(random, message.length)).sort((x, y) => x - y) as [
      number,
      number,
      number,
    ];
    return Buffer.concat([message.subarray(0, a), message.subarray(b, c), message.subarray(a, b), message.subarray(c)]);
  },
  function splice(message, other, random) {
    return Buffer.concat([
      message.subarray(0, below(random, message.length)),
      other.subarray(below(random, other.length)),
    ]);
  },
  function overwriteLength(message, _other, random) {
    const width = random() < 0.5 ? 2 : 4;
    const value = LENGTHS[below(random, LENGTHS.length)] ?? 0;
    const copy = Buffer.from(message);
    const at = below(random, Math.max(1, message.length - width));
    if (at + width > copy.length) return copy;
    copy.writeUIntBE(width === 2 ? value & 0xffff : value, at, width);
    return copy;
  },
];

function changed(message: Buffer, at: number, change: (byte: number) => number): Buffer {
  const copy = Buffer.from(message);
  copy.writeUInt8(change(copy.readUInt8(at)) & 0xff, at);
  return copy;
}

/** One to three mutations of a message, some of them with bytes of another one. */
export function mutate(message: Buffer, other: Buffer, random: Random): Buffer {
  let result = message;
  for (let count = 1 + below(random, 3); count > 0 && result.length > 1; count -= 1) {
    result = (MUTATIONS[below(random, MUTATIONS.length)] as Mutation)(result, other, random);
  }
  return result;
}
