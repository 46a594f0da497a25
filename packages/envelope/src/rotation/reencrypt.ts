import type { EncryptionContext } from '../context.ts';
import type { Decryptor, Encryptor } from '../envelope.ts';
import { EnvelopeError } from '../errors.ts';
import type { CallOptions } from '../patience.ts';
import { contextNow } from '../rules.ts';
import { inspect, ownMessage } from './inspect.ts';

/** Between which envelopes, and under which context, a message is re-encrypted. */
export interface ReencryptOptions<C extends EncryptionContext, D extends EncryptionContext = C> {
  /** Decrypts what there is: an envelope, or a migration reader. */
  readonly from: Pick<Decryptor<C>, 'decrypt'>;
  /** Encrypts what is to be there. */
  readonly to: Pick<Encryptor<D>, 'encrypt'>;
  /** What the message must have been written with, as for {@link Decryptor.decrypt}. */
  readonly context: C;
  /** What the new message is bound to. Default: everything that the old one is bound to. */
  readonly newContext?: D;
  /** How long to wait for data keys. Default: as the envelopes' options say. */
  readonly call?: CallOptions;
}

/**
 * Decrypts a message and encrypts its plaintext to a new one: new data key, new message id, new suite, new key. The
 * header of the old one is not reused, since two headers with the same message id and key would give away what
 * authenticates them. The plaintext is in memory in between, and wiped.
 * @param message - bytes or base64 text; left unchanged
 * @throws EnvelopeError as {@link Decryptor.decrypt} and {@link Encryptor.encrypt}
 */
export async function reencrypt<C extends EncryptionContext, D extends EncryptionContext = C>(
  message: Uint8Array | string,
  { from, to, context: given, newContext: givenAnew, call }: ReencryptOptions<C, D>,
): Promise<Uint8Array> {
  const [context, newContext] = [contextNow(given), contextNow(givenAnew)];
  // The context is read from the same bytes that are decrypted, whatever becomes of the caller's memory.
  const bytes = ownMessage(message);
  const plaintext = await from.decrypt(bytes, context, 'bytes', call);
  try {
    return await to.encrypt(
      plaintext,
      newContext ?? ({ ...storedContext(bytes), ...context } as EncryptionContext as D),
      call,
    );
  } finally {
    plaintext.fill(0);
  }
}

/** The context in the header, once the message has been decrypted and it is authentic; none for what has no header. */
function storedContext(bytes: Uint8Array): EncryptionContext {
  try {
    return inspect(bytes).context;
  } catch (error) {
    if (error instanceof EnvelopeError && error.code === 'NOT_A_MESSAGE') return {};
    throw error;
  }
}
