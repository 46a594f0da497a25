import { createHash } from 'node:crypto';
import { type CachedMaterials, createCache } from './cache.ts';
import { decryptMessage } from './decrypt.ts';
import { type Header, parseHeader } from './header.ts';
import { formatted, messageBytes } from './input.ts';
import { holdDataKey } from './keys.ts';
import type { Settings } from './options.ts';
import { completeContext, requireContext } from './rules.ts';
import { suiteLabel } from './suites.ts';
import type { DataKeyWrapping } from './wrapping.ts';

/** One direction of an envelope, without its public face. */
export interface DecryptSide {
  decrypt(message: unknown, context: unknown, format: unknown): Promise<unknown>;
  dispose(): void;
}

/**
 * Decrypts as the settings say. Everything that can be refused without a key is refused before one is asked for:
 * arguments, context rules, header, the message's context, the list of wrapping keys.
 */
export function decryptSide(settings: Settings): DecryptSide {
  const { contract, wrapping, maxEncryptedDataKeys, maxCacheEntries } = settings;
  const cache = createCache<CachedMaterials>(contract.cache, maxCacheEntries);
  return {
    async decrypt(given, givenContext, format) {
      const convert = formatted(format);
      const asked = completeContext(contract, givenContext);
      const message = messageBytes(given);
      const header = parseHeader(message, maxEncryptedDataKeys);
      requireContext(asked, header.context);
      const plaintext = await cache.use(
        partitionOf(wrapping, header),
        message.length - header.length,
        () => unwrapped(wrapping, header),
        ({ dataKey }) => decryptMessage(header, dataKey, message),
      );
      return convert(plaintext);
    },
    dispose: () => cache.dispose(),
  };
}

/** Context and wrapped data keys as the message has them, byte for byte: the same bytes unwrap to the same data key. */
function partitionOf(wrapping: DataKeyWrapping, header: Header): string {
  return createHash('sha256')
    .update(`${wrapping.identity}\n${suiteLabel(header.suite.id)}\n`)
    .update(header.sharedSection)
    .digest('base64');
}

async function unwrapped(wrapping: DataKeyWrapping, header: Header): Promise<CachedMaterials> {
  const { suite, context, encryptedDataKeys } = header;
  const dataKey = await wrapping.unwrapDataKey({ encryptedDataKeys, context, dataKeyLength: suite.keyLength });
  return { dataKey: holdDataKey(dataKey, suite) };
}
