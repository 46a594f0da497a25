import { createCache } from './cache.ts';
import { type EncryptionContext, shown } from './context.ts';
import { patienceOf } from './deadline.ts';
import { type DecryptionMaterials, decryptMessage, unwrapMaterials } from './decrypt.ts';
import { EnvelopeError } from './errors.ts';
import { type Header, parseHeader } from './header.ts';
import { formatted, memoryIn, messageBytes } from './input.ts';
import type { Settings } from './options.ts';
import { messagePartition } from './partition.ts';
import { completeContext, differingNames } from './rules.ts';

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
  const { formats } = settings;
  const cache = createCache<DecryptionMaterials>(contract.cache, maxCacheEntries, monitor.cache('decrypt'));
  /**
   * The header, once the message is of a kind that is read and has the context that was asked for.
   * @throws EnvelopeError `UNSUPPORTED_MESSAGE`; `CONTEXT_MISMATCH`, which names what differs and shows no values
   */
  const accepted = (header: Header, asked: EncryptionContext): Header => {
    if (!header.framed && formats.readNonFramed === undefined) {
      throw new EnvelopeError('UNSUPPORTED_MESSAGE', 'a message without frames needs reads: [nonFramedMessages]');
    }
    const differing = differingNames(asked, header.context);
    const bound = differing.length === 0 ? header : formats.bind?.(header, asked, differing);
    if (bound !== undefined) return bound;
    throw new EnvelopeError(
      'CONTEXT_MISMATCH',
      `the message was written with another encryption context; missing or different: ${differing.map(shown).join(', ')}`,
    );
  };
  const use = <T>(
    header: Header,
    bytes: number,
    options: unknown,
    work: (materials: DecryptionMaterials, header: Header) => T,
  ): T | Promise<T> =>
    cache.use(
      messagePartition(header.suite, header.sharedSection),
      // A suite without key derivation encrypts with the data key itself, which therefore serves one message only.
      header.suite.once ? Number.POSITIVE_INFINITY : bytes,
      (signal) => unwrapMaterials(wrapping, header, { signal, monitor }),
      (materials) => work(materials, header),
      patienceOf(options, limits),
    );
  return {
    async decrypt(given, givenContext, format, options) {
      const convert = formatted(format);
      const asked = completeContext(contract, givenContext);
      const message = messageBytes(given);
      const into = memoryIn(options, message);
      const header = accepted(parseHeader(message, maxEncryptedDataKeys, formats.suites), asked);
      const bytes = message.length - header.bytes.length;
      return use(header, bytes, options, (materials) =>
        convert(decryptMessage(header, materials, message, formats.readNonFramed, into)),
      );
    },
    async withDataKey(header, givenContext, bytes, options, work) {
      const asked = completeContext(contract, givenContext);
      return use(accepted(header, asked), bytes, options, work);
    },
    dispose: () => cache.dispose(),
  };
}
