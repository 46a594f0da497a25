import type { EncryptionContext } from './context.ts';
import type { Direction } from './contract.ts';
import { decryptSide } from './decryptor.ts';
import { encryptSide } from './encryptor.ts';
import { EnvelopeError } from './errors.ts';
import { type EnvelopeOptions, type Settings, settingsOf } from './options.ts';

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
   * Encrypts to one AWS Encryption SDK message, version 2, suite 0x0478, in memory of its own.
   * @param plaintext - bytes, or text that is encrypted as UTF-8; left unchanged
   * @param context - names and values that the message is bound to; the declared constants are added
   * @returns the message, about 150 bytes plus wrapped data keys and context longer than the plaintext
   * @throws EnvelopeError before KMS is called: `DIRECTION`, `CONTEXT_INVALID`, `CONTEXT_REQUIRED`,
   * `CONTEXT_MISMATCH`, `INVALID_INPUT`, `DISPOSED`; from KMS: `NOT_AUTHORIZED`, `CREDENTIALS`, `KEY_UNAVAILABLE`,
   * `THROTTLED`, `KMS_UNAVAILABLE`, `KMS_FAILED`, `KMS_ANSWER`; `LIMIT`
   * @see https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/message-format.html
   */
  encrypt(plaintext: Uint8Array | string, context: C): Promise<Uint8Array>;
}

/** An envelope that decrypts. */
export interface Decryptor<C extends EncryptionContext = EncryptionContext> extends Disposal {
  /**
   * Decrypts one AWS Encryption SDK message. Nothing is released before all of it is verified.
   * @param message - bytes, or their base64 text (RFC 4648 §4, padded); left unchanged
   * @param context - names and values that the message must have been written with; it may have further ones
   * @returns the plaintext, in memory of its own
   * @throws EnvelopeError before KMS is called: `DIRECTION`, `CONTEXT_INVALID`, `CONTEXT_REQUIRED`,
   * `CONTEXT_MISMATCH`, `INVALID_INPUT`, `NOT_A_MESSAGE`, `UNSUPPORTED_MESSAGE`, `LIMIT`, `KEY_NOT_ALLOWED`,
   * `DISPOSED`; from KMS: as {@link Encryptor.encrypt}; `NOT_AUTHENTIC`
   */
  decrypt(message: Uint8Array | string, context: C): Promise<Uint8Array>;
  /**
   * Decrypts to text.
   * @throws EnvelopeError also `PLAINTEXT_FORMAT`, when the plaintext is not UTF-8
   */
  decrypt(message: Uint8Array | string, context: C, format: 'text'): Promise<string>;
  /**
   * Decrypts to what the JSON text in the message says. Its type is for the caller to check.
   * @throws EnvelopeError also `PLAINTEXT_FORMAT`, when the plaintext is not JSON in UTF-8
   */
  decrypt(message: Uint8Array | string, context: C, format: 'json'): Promise<unknown>;
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
  return { encrypt: side.encrypt, ...disposal(side.dispose) };
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
  return { decrypt: decryptMethod(side.decrypt), ...disposal(side.dispose) };
}

/** An envelope over settings that were made elsewhere, whatever wraps its data keys. */
export function openEnvelope<C extends EncryptionContext>(settings: Settings): Envelope<C> {
  const encryption = encryptSide(settings);
  const decryption = decryptSide(settings);
  return {
    async encrypt(plaintext, context) {
      requireDirection(settings, 'encrypt');
      return encryption.encrypt(plaintext, context);
    },
    decrypt: decryptMethod(async (message, context, format) => {
      requireDirection(settings, 'decrypt');
      return decryption.decrypt(message, context, format);
    }),
    ...disposal(() => {
      encryption.dispose();
      decryption.dispose();
    }),
  };
}

/** Gives one implementation the overloads that say which format answers with which type. */
function decryptMethod<C extends EncryptionContext>(
  implementation: (message: unknown, context: unknown, format: unknown) => Promise<unknown>,
): Decryptor<C>['decrypt'] {
  return implementation as Decryptor<C>['decrypt'];
}

function disposal(dispose: () => void): Disposal {
  return {
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
