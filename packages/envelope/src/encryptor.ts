import { createCache } from './cache.ts';
import type { EncryptionContext } from './context.ts';
import { patienceOf } from './deadline.ts';
import { type EncryptionMaterials, encryptMessage, newEncryptionMaterials } from './encrypt.ts';
import { memoryIn, plaintextBytes } from './input.ts';
import type { Settings } from './options.ts';
import { contextPartition } from './partition.ts';
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
  const { contract, wrapping, suite, signing, frameLength, maxCacheEntries, limits, monitor } = settings;
  const cache = createCache<EncryptionMaterials>(contract.cache, maxCacheEntries, monitor.cache('encrypt'));
  const fetchFor = (context: EncryptionContext) => (signal?: AbortSignal) =>
    newEncryptionMaterials(wrapping, suite, signing, { context, signal, monitor });
  return {
    async encrypt(given, givenContext, options) {
      const patience = patienceOf(options, limits);
      const context = completeContext(contract, givenContext);
      const plaintext = plaintextBytes(given);
      let into: Uint8Array | undefined;
      const work = (materials: EncryptionMaterials) => encryptMessage(materials, plaintext, frameLength, into);
      try {
        into = memoryIn(options, plaintext);
        return await cache.use(contextPartition(context), plaintext.length, fetchFor(context), work, patience);
      } finally {
        // Of text, the bytes are a copy that is nobody else's.
        if (plaintext !== given) plaintext.fill(0);
      }
    },
    async withMaterials(givenContext, bytes, options, work) {
      const patience = patienceOf(options, limits);
      const context = completeContext(contract, givenContext);
      return cache.use(contextPartition(context), bytes, fetchFor(context), work, patience);
    },
    async prefetch(givenContext, options) {
      const patience = patienceOf(options, limits);
      const context = completeContext(contract, givenContext);
      await cache.prefetch(contextPartition(context), fetchFor(context), patience);
    },
    dispose: () => cache.dispose(),
  };
}
