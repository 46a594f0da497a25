import type { EncryptionContext } from './context.ts';
import type { Direction } from './contract.ts';
import type { CallOptions } from './deadline.ts';
import { type DecryptSide, decryptSide } from './decryptor.ts';
import { type EncryptSide, encryptSide } from './encryptor.ts';
import { EnvelopeError } from './errors.ts';
import { type EnvelopeOptions, type Settings, settingsOf } from './options.ts';
import { decryptRange, type ReadRange } from './ranged.ts';
import type { StandardSchema } from './schema.ts';
import type { EnvelopeStats } from './stats.ts';
import { type DecryptStream, type DecryptStreamOptions, decryptStream } from './stream/decrypt.ts';
import { type EncryptStream, type EncryptStreamOptions, encryptStream } from './stream/encrypt.ts';

/** What every form of an envelope has. */
export interface Disposal extends AsyncDisposable {
  /** What the caches and KMS have done since the envelope was opened: plain counters, a copy of the moment. */
  stats(): EnvelopeStats;
  /**
   * Wipes the cached data keys, those in use as soon as they no longer are. Every later call is refused with
   * `DISPOSED`. `await using` calls it too.
   */
  dispose(): void;
}

/** An envelope that encrypts. */
export interface Encryptor<C extends EncryptionContext = EncryptionContext> extends Disposal {
  /**
   * Encrypts to one AWS Encryption SDK message, version 2, in memory of its own.
   * @param plaintext - bytes, or text that is encrypted as UTF-8; left unchanged
   * @param context - names and values that the message is bound to; the declared constants are added
   * @param options - how long to wait for the data key. Default: as the envelope's options say
   * @returns the message, about 150 bytes plus wrapped data keys and context longer than the plaintext
   * @throws EnvelopeError before KMS is called: `DIRECTION`, `CONTEXT_INVALID`, `CONTEXT_REQUIRED`,
   * `CONTEXT_MISMATCH`, `INVALID_INPUT`, `DISPOSED`; from KMS: `NOT_AUTHORIZED`, `CREDENTIALS`, `KEY_UNAVAILABLE`,
   * `THROTTLED`, `KMS_UNAVAILABLE`, `KMS_FAILED`, `KMS_ANSWER`; `LIMIT`, `DEADLINE`, `ABORTED`
   * @see https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/message-format.html
   */
  encrypt(plaintext: Uint8Array | string, context: C, options?: CallOptions): Promise<Uint8Array>;
  /**
   * Fetches the data key for a context before it is needed. At the top level of a Lambda module, its KMS call and the
   * loading of the SDK become part of the initialization. Does nothing when the data key is there, or the cache is off.
   * @param context - as for {@link Encryptor.encrypt}
   * @param options - how long to wait
   * @throws EnvelopeError as {@link Encryptor.encrypt}. Whoever does not await it has to catch that
   */
  prefetch(context: C, options?: CallOptions): Promise<void>;
  /**
   * Encrypts a stream of any length in constant memory. The answer goes between two Web streams with `pipeThrough`, and
   * between two Node streams as `answer.toNode()`.
   * @param context - as for {@link Encryptor.encrypt}
   * @param options - how long the plaintext is, if that is known, and how long to wait for the data key
   * @throws EnvelopeError at once: `DIRECTION`, `INVALID_INPUT`; as failure of the stream: as {@link Encryptor.encrypt}
   */
  encryptStream(context: C, options?: EncryptStreamOptions): EncryptStream;
}

/** An envelope that decrypts. */
export interface Decryptor<C extends EncryptionContext = EncryptionContext> extends Disposal {
  /**
   * Decrypts one AWS Encryption SDK message. Nothing is released before all of it is verified.
   * @param message - bytes, or their base64 text (RFC 4648 §4, padded); left unchanged
   * @param context - names and values that the message must have been written with; it may have further ones
   * @param format - what the plaintext becomes. Default: bytes
   * @param options - how long to wait for the data key. Default: as the envelope's options say
   * @returns the plaintext, in memory of its own
   * @throws EnvelopeError before KMS is called: `DIRECTION`, `CONTEXT_INVALID`, `CONTEXT_REQUIRED`,
   * `CONTEXT_MISMATCH`, `INVALID_INPUT`, `NOT_A_MESSAGE`, `UNSUPPORTED_MESSAGE`, `LIMIT`, `KEY_NOT_ALLOWED`,
   * `DISPOSED`; from KMS: as {@link Encryptor.encrypt}; `NOT_AUTHENTIC`
   */
  decrypt(message: Uint8Array | string, context: C, format?: 'bytes', options?: CallOptions): Promise<Uint8Array>;
  /**
   * Decrypts to text.
   * @throws EnvelopeError also `PLAINTEXT_FORMAT`, when the plaintext is not UTF-8
   */
  decrypt(message: Uint8Array | string, context: C, format: 'text', options?: CallOptions): Promise<string>;
  /**
   * Decrypts to what the JSON text in the message says. Its type is for the caller to check.
   * @throws EnvelopeError also `PLAINTEXT_FORMAT`, when the plaintext is not JSON in UTF-8
   */
  decrypt(message: Uint8Array | string, context: C, format: 'json', options?: CallOptions): Promise<unknown>;
  /**
   * Decrypts to what a validator (zod, valibot, ArkType, …) makes of the JSON text in the message.
   * @throws EnvelopeError also `PLAINTEXT_FORMAT`, and `PLAINTEXT_INVALID` when the validator refuses it
   * @see https://standardschema.dev
   */
  decrypt<T>(message: Uint8Array | string, context: C, schema: StandardSchema<T>, options?: CallOptions): Promise<T>;
  /**
   * Decrypts a stream of any length in constant memory. A frame is released only after it was verified, the final one
   * only at the end of the input. When the stream fails, what came before is authentic, but not all of the plaintext.
   * Between Web and Node streams as with {@link Encryptor.encryptStream}.
   * @param context - as for {@link Decryptor.decrypt}
   * @param options - what to do with signed messages, how much to hold back, how long to wait for the data key
   * @throws EnvelopeError at once: `DIRECTION`, `INVALID_INPUT`; as failure of the stream: as {@link Decryptor.decrypt},
   * and `LIMIT` for a frame or header that is too large
   */
  decryptStream(context: C, options?: DecryptStreamOptions): DecryptStream;
  /**
   * Decrypts a part of an unsigned message in frames that is stored elsewhere. Only the header and the frames that the
   * part is in are read and verified: one read for the header, one for the frames.
   * @param read - reads from where the message is stored; what it throws is passed on
   * @param context - as for {@link Decryptor.decrypt}
   * @param from - first byte of the plaintext, counted from 0
   * @param to - first byte after the part; where the plaintext ends before, so does the part
   * @param options - how long to wait for the data key
   * @throws EnvelopeError as {@link Decryptor.decrypt}; `RANGE` when there is no plaintext at `from`;
   * `UNSUPPORTED_MESSAGE` for signed messages and those without frames
   */
  decryptRange(read: ReadRange, context: C, from: number, to: number, options?: CallOptions): Promise<Uint8Array>;
}

/** An envelope that encrypts and decrypts. */
export interface Envelope<C extends EncryptionContext = EncryptionContext> extends Encryptor<C>, Decryptor<C> {}

/**
 * Opens an envelope for both directions, as far as its declaration allows them.
 * @param name - the name under which the construct declared it. Default: the only one in the environment
 * @param options - where the declaration comes from, KMS client, limits. Default: environment, and no client yet
 * @typeParam C - the encryption context that every call gives, without the constants
 * @throws EnvelopeError `CONFIG`, with every problem at once
 */
export function envelope<C extends EncryptionContext = EncryptionContext>(
  name?: string,
  options: EnvelopeOptions = {},
): Envelope<C> {
  return openEnvelope(settingsOf(name, options));
}

/**
 * Opens an envelope for encryption only.
 * @param name - as for {@link envelope}
 * @param options - as for {@link envelope}
 * @throws EnvelopeError `CONFIG`; `DIRECTION` when the declaration allows decryption only
 */
export function encryptor<C extends EncryptionContext = EncryptionContext>(
  name?: string,
  options: EnvelopeOptions = {},
): Encryptor<C> {
  const settings = settingsOf(name, options);
  requireDirection(settings, 'encrypt');
  const side = encryptSide(settings);
  return { ...encryptMethods(settings, side), ...common(settings, side.dispose) };
}

/**
 * Opens an envelope for decryption only.
 * @param name - as for {@link envelope}
 * @param options - as for {@link envelope}
 * @throws EnvelopeError `CONFIG`; `DIRECTION` when the declaration allows encryption only
 */
export function decryptor<C extends EncryptionContext = EncryptionContext>(
  name?: string,
  options: EnvelopeOptions = {},
): Decryptor<C> {
  const settings = settingsOf(name, options);
  requireDirection(settings, 'decrypt');
  const side = decryptSide(settings);
  return { ...decryptMethods(settings, side), ...common(settings, side.dispose) };
}

/** An envelope over settings that were made elsewhere, whatever wraps its data keys. */
export function openEnvelope<C extends EncryptionContext>(settings: Settings): Envelope<C> {
  const encryption = encryptSide(settings);
  const decryption = decryptSide(settings);
  return {
    ...encryptMethods(settings, encryption),
    ...decryptMethods(settings, decryption),
    ...common(settings, () => {
      encryption.dispose();
      decryption.dispose();
    }),
  };
}

function encryptMethods(settings: Settings, side: EncryptSide): Omit<Encryptor, keyof Disposal> {
  return {
    async encrypt(plaintext, context, options) {
      requireDirection(settings, 'encrypt');
      return side.encrypt(plaintext, context, options);
    },
    async prefetch(context, options) {
      requireDirection(settings, 'encrypt');
      await side.prefetch(context, options);
    },
    encryptStream(context, options) {
      requireDirection(settings, 'encrypt');
      return encryptStream(side, settings.frameLength, context, options);
    },
  };
}

function decryptMethods(settings: Settings, side: DecryptSide): Omit<Decryptor, keyof Disposal> {
  const decrypt = async (message: unknown, context: unknown, format: unknown, options: unknown): Promise<unknown> => {
    requireDirection(settings, 'decrypt');
    return side.decrypt(message, context, format, options);
  };
  return {
    // The overloads say which format answers with which type.
    decrypt: decrypt as Decryptor['decrypt'],
    decryptStream(context, options) {
      requireDirection(settings, 'decrypt');
      return decryptStream(side, settings.maxEncryptedDataKeys, context, options);
    },
    async decryptRange(read, context, from, to, options) {
      requireDirection(settings, 'decrypt');
      return decryptRange(side, settings.maxEncryptedDataKeys, read, context, from, to, options);
    },
  };
}

function common({ monitor }: Settings, dispose: () => void): Disposal {
  return {
    stats: () => monitor.stats(),
    dispose,
    async [Symbol.asyncDispose]() {
      dispose();
    },
  };
}

function requireDirection({ label, contract }: Settings, wanted: Exclude<Direction, 'both'>): void {
  if (contract.direction === 'both' || contract.direction === wanted) return;
  throw new EnvelopeError('DIRECTION', `${label} allows "${contract.direction}" only; "${wanted}" is refused`);
}
