import { generateKeyPair, generateKeyPairSync, type KeyObject } from 'node:crypto';

/** Thrown where a pair is needed that takes long to make: whoever can wait tries again when it is there. */
export class PairIsBeingMade {
  /** Never fails. */
  readonly made: Promise<void>;

  constructor(made: Promise<void>) {
    this.made = made;
  }
}

/** Pairs that were made for somebody who has not come for them yet. As many are made as were asked for. */
const ready = new Map<number, KeyObject[]>();
let canWait = false;

/**
 * Lets what `use` does end with {@link PairIsBeingMade} instead of waiting, with everything else, until an RSA pair is made.
 * It must not have changed anything by then.
 */
export function withoutWaiting<T>(use: () => T): T {
  const before = canWait;
  canWait = true;
  try {
    return use();
  } finally {
    canWait = before;
  }
}

/**
 * A private key that nobody else has. It takes from a tenth of a second to several seconds to make.
 * @throws {@link PairIsBeingMade} within {@link withoutWaiting}
 */
export function newRsaKey(modulusLength: number): KeyObject {
  const pair = ready.get(modulusLength)?.pop();
  if (pair !== undefined) return pair;
  if (canWait) throw new PairIsBeingMade(made(modulusLength));
  return generateKeyPairSync('rsa', { modulusLength }).privateKey;
}

function made(modulusLength: number): Promise<void> {
  return new Promise((resolve) => {
    generateKeyPair('rsa', { modulusLength }, (error, _publicKey, privateKey) => {
      // Without one, the next attempt begins to make another.
      if (error === null) ready.set(modulusLength, [...(ready.get(modulusLength) ?? []), privateKey]);
      resolve();
    });
  });
}
