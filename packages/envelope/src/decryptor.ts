import { createCache } from './cache.ts';
import { type EncryptionContext, shown } from './context.ts';
import { type DecryptionMaterials, decryptMessage, unwrapMaterials } from './decrypt.ts';
import { fail } from './errors.ts';
import { type Header, parseHeader } from './header.ts';
import { formatted, memoryIn, messageBytes } from './input.ts';
import { requireDirection, type Settings } from './options.ts';
import { messagePartition } from './partition.ts';
import { patienceOf } from './patience.ts';
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
  const { contract, wrapping, formats, maxEncryptedDataKeys, maxCacheEntries, monitor } = settings;
  const { suites, readNonFramed, bind } = formats;
  const told = { direction: 'decrypt' } as const;
  const cache = createCache<DecryptionMaterials>(contract.cache, maxCacheEntries, (kind) => monitor(kind, told));
  /**
   * The header, once the message is of a kind that is read and has the context that was asked for.
   * @throws EnvelopeError `UNSUPPORTED_MESSAGE`; `CONTEXT_MISMATCH`, which names what differs and shows no values
   */
  const accepted = (header: Header, asked: EncryptionContext): Header => {
    if (!header.framed && readNonFramed === undefined) {
      fail('UNSUPPORTED_MESSAGE', 'a message without frames needs reads: [nonFramedMessages]');
    }
    const differing = differingNames(asked, header.context);
    if (differing.length === 0) return header;
    return (
      bind?.(header, asked, differing) ??
      fail(
        'CONTEXT_MISMATCH',
        `the message was written with another encryption context; missing or different: ${differing.map(shown).join(', ')}`,
      )
    );
  };
  const use = <T>(
    header: Header,
    bytes: number,
    options: unknown,
    work: (materials: DecryptionMaterials, header: Header) => T,
  ): T | Promise<T> =>
    cache.use(
      () => messagePartition(header.suite, header.sharedSection),
      // A suite without key derivation encrypts with the data key itself, which therefore serves one message only.
      header.suite.once ? Number.POSITIVE_INFINITY : bytes,
      (signal) => unwrapMaterials(wrapping, header, { signal, monitor }),
      (materials) => work(materials, header),
      patienceOf(options, settings),
    );
  return {
    async decrypt(given, givenContext, format, options) {
      requireDirection(settings, 'decrypt');
      const convert = formatted(format);
      const asked = completeContext(contract, givenContext);
      const message = messageBytes(given);
      const into = memoryIn(options, message);
      const header = accepted(parseHeader(message, maxEncryptedDataKeys, suites), asked);
      const result = use(header, message.length - header.bytes.length, options, (materials) =>
        convert(decryptMessage(header, materials, message, readNonFramed, into)),
      );
      // Awaited: a promise that an async function returns takes two more turns.
      return result instanceof Promise ? await result : result;
    },
    async withDataKey(header, givenContext, bytes, options, work) {
      return use(accepted(header, completeContext(contract, givenContext)), bytes, options, work);
    },
    dispose: cache.dispose,
  };
}
