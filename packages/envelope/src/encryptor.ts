import { createCache } from './cache.ts';
import { type EncryptionMaterials, encryptMessage, newEncryptionMaterials } from './encrypt.ts';
import { memoryIn, plaintextBytes } from './input.ts';
import { requireDirection, type Settings } from './options.ts';
import { contextPartition } from './partition.ts';
import { patienceOf } from './patience.ts';
import { completeContext } from './rules.ts';

/** One direction of an envelope, without its public face. */
export interface EncryptSide {
  encrypt(plaintext: unknown, context: unknown, options: unknown): Promise<Uint8Array>;
  /**
   * Calls `work` with the materials for a context that is checked first.
   * @param bytes - plaintext bytes that `work` encrypts, or is going to
   */
  withMaterials<T>(
    context: unknown,
    bytes: number,
    options: unknown,
    work: (materials: EncryptionMaterials) => T,
  ): Promise<T>;
  prefetch(context: unknown, options: unknown): Promise<void>;
  dispose(): void;
}

/** Encrypts as the settings say: context checked first, then a data key from cache or wrapping, then the message. */
export function encryptSide(settings: Settings): EncryptSide {
  const { contract, wrapping, suite, signing, frameLength, maxCacheEntries, monitor } = settings;
  const told = { direction: 'encrypt' } as const;
  const cache = createCache<EncryptionMaterials>(contract.cache, maxCacheEntries, (kind) => monitor(kind, told));
  /** What the cache is asked for, once direction, options and context of a call are sound. */
  const asked = (givenContext: unknown, options: unknown) => {
    requireDirection(settings, 'encrypt');
    const patience = patienceOf(options, settings);
    const context = completeContext(contract, givenContext);
    const fetch = (signal?: AbortSignal) =>
      newEncryptionMaterials(wrapping, suite, signing, { context, signal, monitor });
    return [() => contextPartition(context), fetch, patience] as const;
  };
  const withMaterials: EncryptSide['withMaterials'] = async (givenContext, bytes, options, work) => {
    const [partition, fetch, patience] = asked(givenContext, options);
    return cache.use(partition, bytes, fetch, work, patience);
  };
  return {
    async encrypt(given, context, options) {
      const plaintext = plaintextBytes(given);
      try {
        const into = memoryIn(options, plaintext);
        const [partition, fetch, patience] = asked(context, options);
        const work = (materials: EncryptionMaterials) => encryptMessage(materials, plaintext, frameLength, into);
        return await cache.use(partition, plaintext.length, fetch, work, patience);
      } finally {
        // Of text, the bytes are a copy that is nobody else's.
        if (plaintext !== given) plaintext.fill(0);
      }
    },
    withMaterials,
    async prefetch(context, options) {
      await cache.prefetch(...asked(context, options));
    },
    dispose: cache.dispose,
  };
}
