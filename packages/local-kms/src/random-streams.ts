import { type RandomSource, SYSTEM, seededSource } from './crypto/random.ts';

/** Where a server draws from, by what it draws for, so that what one needs does not change what another gets. */
export interface Random {
  /** Everything that a call makes, in the order in which calls arrive. */
  readonly calls: () => RandomSource;
  /** The server's own secrets, keys and grants of the app. */
  readonly seeding: () => RandomSource;
  /**
   * The next credentials of a principal that are handed out in the process: never those of another, also after a reset, so
   * that clients of before stay who they are.
   */
  readonly credentials: (arn: string) => RandomSource;
  /** Everything begins anew. */
  readonly reset: () => void;
}

/** @param seed - undefined: the generator of the operating system */
export function createRandom(seed: string | undefined): Random {
  const root = seed === undefined ? SYSTEM : seededSource(seed);
  let calls = root.named('calls');
  let seeding = root.named('seeding');
  const handedOut = new Map<string, number>();
  return {
    calls: () => calls,
    seeding: () => seeding,
    credentials: (arn) => {
      const count = (handedOut.get(arn) ?? 0) + 1;
      handedOut.set(arn, count);
      return root.named('credentials', arn, String(count));
    },
    reset: () => {
      calls = root.named('calls');
      seeding = root.named('seeding');
      handedOut.clear();
    },
  };
}
