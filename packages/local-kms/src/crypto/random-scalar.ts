import { randomBytes } from './random.ts';

/** A number from 1 to `order - 1`, all equally likely; `order` has 256 bits here. */
export function randomScalar(order: bigint): bigint {
  for (;;) {
    const number = BigInt(`0x${randomBytes(32).toString('hex')}`);
    if (number > 0n && number < order) return number;
  }
}
