import { createCache } from './cache.ts';
import type { EncryptionContext } from './context.ts';
import { patienceOf } from './deadline.ts';
import { type DecryptionMaterials, decryptMessage, unwrapMaterials } from './decrypt.ts';
import { bindUnstored, type Header, parseHeader } from './header.ts';
import { formatted, messageBytes } from './input.ts';
import type { Settings } from './options.ts';
import { messagePartition } from './partition.ts';
import { completeContext, requireContext } from './rules.ts';
import { requireCommitment } from './suites.ts';

/** One direction of an envelope, without its public face. */
export interface DecryptSide {
  decrypt(message: unknown, context: unknown, format: unknown, options: unknown): Promise<unknown>;
  /**
   * Calls `work` with the data key of a message, whose context is checked first.
   * @param bytes - ciphertext bytes that `work` decrypts, or is going to
   */
  withDataKey<T>(
    header: Header,
    context: unknown,
    bytes: number,
    options: unknown,
    work: (materials: DecryptionMaterials, header: Header) => T,
  ): Promise<T>;
  dispose(): void;
}

/**
 * Decrypts as the settings say. Everything that can be refused without a key is refused before one is asked for:
 * arguments, context rules, header, the message's context, the list of wrapping keys.
 */
export function decryptSide(settings: Settings): DecryptSide {
  const { contract, wrapping, maxEncryptedDataKeys, maxCacheEntries, limits, monitor } = settings;
  const { nonCommitting, unstoredContext } = settings;
  const cache = createCache<DecryptionMaterials>(contract.cache, maxCacheEntries, monitor.cache('decrypt'));
  /** The header, once policy and context let it pass, bound to what it does not store. */
  const accepted = (header: Header, asked: EncryptionContext): Header => {
    requireCommitment(header.suite, nonCommitting);
    return bindUnstored(header, requireContext(asked, header.context, unstoredContext));
  };
  const use = <T>(
    header: Header,
    bytes: number,
    options: unknown,
    work: (materials: DecryptionMaterials, header: Header) => T,
  ): Promise<T> =>
    cache.use(
      messagePartition(header.suite, header.sharedSection),
      // A suite without key derivation encrypts with the data key itself, which therefore serves one message only.
      header.suite.kdf === 'none' ? Number.POSITIVE_INFINITY : bytes,
      (signal) => unwrapMaterials(wrapping, header, signal),
      (materials) => work(materials, header),
      patienceOf(options, limits),
    );
  return {
    async decrypt(given, givenContext, format, options) {
      const convert = formatted(format);
      const asked = completeContext(contract, givenContext);
      const message = messageBytes(given);
      const header = accepted(parseHeader(message, maxEncryptedDataKeys), asked);
      const bytes = message.length - header.length;
      const plaintext = await use(header, bytes, options, ({ dataKey, publicKey }) =>
        decryptMessage(header, dataKey, message, publicKey),
      );
      return convert(plaintext);
    },
    async withDataKey(header, givenContext, bytes, options, work) {
      const asked = completeContext(contract, givenContext);
      return use(accepted(header, asked), bytes, options, work);
    },
    dispose: () => cache.dispose(),
  };
}
