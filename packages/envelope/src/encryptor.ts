import { createHash } from 'node:crypto';
import { createCache } from './cache.ts';
import { type EncryptionContext, serializeContext } from './context.ts';
import { type EncryptionMaterials, encryptMessage } from './encrypt.ts';
import { serializeSharedSection } from './header.ts';
import { plaintextBytes } from './input.ts';
import { holdDataKey } from './keys.ts';
import type { Settings } from './options.ts';
import { completeContext } from './rules.ts';
import { DEFAULT_SUITE, suiteLabel } from './suites.ts';
import type { DataKeyWrapping } from './wrapping.ts';

/** One direction of an envelope, without its public face. */
export interface EncryptSide {
  encrypt(plaintext: unknown, context: unknown): Promise<Uint8Array>;
  dispose(): void;
}

/** Encrypts as the settings say: context checked first, then a data key from cache or wrapping, then the message. */
export function encryptSide(settings: Settings): EncryptSide {
  const { contract, wrapping, frameLength, maxCacheEntries } = settings;
  const cache = createCache<EncryptionMaterials>(contract.cache, maxCacheEntries);
  const shared = `${wrapping.identity}\n${suiteLabel(DEFAULT_SUITE.id)}\n`;
  return {
    async encrypt(given, givenContext) {
      const context = completeContext(contract, givenContext);
      const plaintext = plaintextBytes(given);
      const serialized = serializeContext(context);
      const partition = createHash('sha256').update(shared).update(serialized).digest('base64');
      return cache.use(
        partition,
        plaintext.length,
        () => newMaterials(wrapping, context, serialized),
        (materials) => encryptMessage(materials, plaintext, frameLength),
      );
    },
    dispose: () => cache.dispose(),
  };
}

async function newMaterials(
  wrapping: DataKeyWrapping,
  context: EncryptionContext,
  serialized: Uint8Array,
): Promise<EncryptionMaterials> {
  const suite = DEFAULT_SUITE;
  const wrapped = await wrapping.wrapDataKey({ context, dataKeyLength: suite.keyLength });
  const dataKey = holdDataKey(wrapped.dataKey, suite);
  try {
    return { suite, dataKey, sharedSection: serializeSharedSection(serialized, wrapped.encryptedDataKeys) };
  } catch (error) {
    dataKey.wipe();
    throw error;
  }
}
