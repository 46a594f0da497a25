import type { DSA } from '@noble/post-quantum/ml-dsa.js';
import { ML_DSA } from '../post-quantum.ts';
import { randomBytes } from '../random.ts';
import { withBytes } from '../seeds.ts';
import { holds, type Scheme, type SigningKey } from './scheme.ts';

const MU_BYTES = 64;
const EXTERNAL = { externalMu: true } as const;

/** ML-DSA of FIPS 204, hedged, with an empty context. */
export const mlDsa: Scheme = {
  RAW: {
    sign: (key, message) => withPair(key, (dsa, { secretKey }) => dsa.sign(message, secretKey, hedge())),
    verify: (key, message, signature) =>
      holds(() => withPair(key, (dsa, { publicKey }) => dsa.verify(signature, message, publicKey))),
  },
  EXTERNAL_MU: {
    bytes: MU_BYTES,
    sign: (key, mu) =>
      withPair(key, (dsa, { secretKey }) => dsa.internal.sign(mu, secretKey, { ...EXTERNAL, ...hedge() })),
    verify: (key, mu, signature) =>
      holds(() => withPair(key, (dsa, { publicKey }) => dsa.internal.verify(signature, mu, publicKey, EXTERNAL))),
  },
};

/** FIPS 204, algorithm 2, line 5. */
const hedge = () => ({ extraEntropy: Uint8Array.from(randomBytes(32)) });

type Pair = ReturnType<DSA['keygen']>;

function withPair<T>({ spec, secret }: SigningKey, use: (dsa: DSA, pair: Pair) => T): T {
  const dsa = ML_DSA.get(spec);
  if (dsa === undefined) throw new TypeError(`${spec} is no key spec of ML-DSA`);
  const pair = withBytes(secret, (seed) => dsa.keygen(seed));
  try {
    return use(dsa, pair);
  } finally {
    pair.secretKey.fill(0);
  }
}
