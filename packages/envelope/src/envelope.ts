import type { EncryptionContext } from './context.ts';
import { decryptSide } from './decryptor.ts';
import { encryptSide } from './encryptor.ts';
import type { PlaintextReader } from './input.ts';
import { type Inside, withInside } from './inside.ts';
import { type EnvelopeOptions, requireDirection, type Settings, settingsOf } from './options.ts';
import type { CallOptions, MessageOptions } from './patience.ts';

/** What every form of an envelope has. */
export interface Disposal extends AsyncDisposable {
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
   * @param options - how long to wait for the data key, by default as the envelope's options say; where to write
   * @returns the message, about 150 bytes plus wrapped data keys and context longer than the plaintext; in memory of its own or
   * in that of `into`
   * @throws EnvelopeError before KMS is called: `DIRECTION`, `CONTEXT_INVALID`, `CONTEXT_REQUIRED`,
   * `CONTEXT_MISMATCH`, `INVALID_INPUT`, `DISPOSED`; from KMS: `NOT_AUTHORIZED`, `CREDENTIALS`, `KEY_UNAVAILABLE`,
   * `THROTTLED`, `KMS_UNAVAILABLE`, `KMS_FAILED`, `KMS_ANSWER`; `LIMIT`, `DEADLINE`, `ABORTED`
   * @see https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/message-format.html
   */
  encrypt(plaintext: Uint8Array | string, context: C, options?: MessageOptions): Promise<Uint8Array>;
  /**
   * Fetches the data key for a context before it is needed. At the top level of a Lambda module, its KMS call and the
   * loading of the SDK become part of the initialization. Does nothing when the data key is there, or the cache is off.
   * @param context - as for {@link Encryptor.encrypt}
   * @param options - how long to wait
   * @throws EnvelopeError as {@link Encryptor.encrypt}. Whoever does not await it has to catch that
   */
  prefetch(context: C, options?: CallOptions): Promise<void>;
}

/** An envelope that decrypts. */
export interface Decryptor<C extends EncryptionContext = EncryptionContext> extends Disposal {
  /**
   * Decrypts one AWS Encryption SDK message. Nothing is released before all of it is verified.
   * @param message - bytes, or their base64 text (RFC 4648 §4, padded); left unchanged
   * @param context - names and values that the message must have been written with; it may have further ones
   * @param format - what the plaintext becomes. Default: bytes
   * @param options - how long to wait for the data key, by default as the envelope's options say; where to write
   * @returns the plaintext, in memory of its own or in that of `into`
   * @throws EnvelopeError before KMS is called: `DIRECTION`, `CONTEXT_INVALID`, `CONTEXT_REQUIRED`,
   * `CONTEXT_MISMATCH`, `INVALID_INPUT`, `NOT_A_MESSAGE`, `UNSUPPORTED_MESSAGE`, `LIMIT`, `KEY_NOT_ALLOWED`,
   * `DISPOSED`; from KMS: as {@link Encryptor.encrypt}; `NOT_AUTHENTIC`
   */
  decrypt(message: Uint8Array | string, context: C, format?: 'bytes', options?: MessageOptions): Promise<Uint8Array>;
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
   * Decrypts to what a reader makes of the plaintext: with {@link validatedBy}, a validator (zod, valibot, ArkType, …).
   * @throws EnvelopeError also what the reader does, for example `PLAINTEXT_INVALID`
   */
  decrypt<T>(message: Uint8Array | string, context: C, reader: PlaintextReader<T>, options?: CallOptions): Promise<T>;
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
  return opened({ settings, encryption: encryptSide(settings) });
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
  return opened({ settings, decryption: decryptSide(settings) });
}

/** An envelope over settings that were made elsewhere, whatever wraps its data keys. */
export function openEnvelope<C extends EncryptionContext>(settings: Settings): Envelope<C> {
  return opened({ settings, encryption: encryptSide(settings), decryption: decryptSide(settings) });
}

/** The public face of what is inside: of each direction that is there. */
function opened<E extends Disposal>(inside: Inside): E {
  const { encryption, decryption } = inside;
  const dispose = (): void => {
    encryption?.dispose();
    decryption?.dispose();
  };
  const face = {
    ...(encryption && { encrypt: encryption.encrypt, prefetch: encryption.prefetch }),
    ...(decryption && { decrypt: decryption.decrypt }),
    dispose,
    [Symbol.asyncDispose]: async () => dispose(),
  };
  // The overloads of decrypt say which format answers with which type.
  return withInside(face as unknown as E, inside);
}
