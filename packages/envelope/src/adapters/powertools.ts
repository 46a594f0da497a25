import type { EncryptionContext } from '../context.ts';
import type { Decryptor, Encryptor } from '../envelope.ts';

/** The two methods that data masking of Powertools for AWS Lambda (TypeScript) asks of an encryption provider. */
export interface EncryptionProvider {
  encrypt(data: string, context?: EncryptionContext): Promise<string>;
  decrypt(data: string, context?: EncryptionContext): Promise<string>;
}

/**
 * Lets data masking of Powertools encrypt with an envelope: messages are base64 text, plaintexts are text. The
 * envelope's rules hold: what the declaration requires in the context has to be given, and what is asked for on
 * decryption has to be in the message. Powertools calls this once for each field; sealed fields of this package take
 * one message for all of them, and cannot be exchanged for each other.
 * @param box - encrypts and decrypts
 * @see https://docs.aws.amazon.com/powertools/typescript/latest/
 */
export function encryptionProvider<C extends EncryptionContext>(
  box: Pick<Encryptor<C>, 'encrypt'> & Pick<Decryptor<C>, 'decrypt'>,
): EncryptionProvider {
  return {
    async encrypt(data, context = {}) {
      const message = await box.encrypt(data, context as C);
      return Buffer.from(message.buffer, message.byteOffset, message.length).toString('base64');
    },
    decrypt: (data, context = {}) => box.decrypt(data, context as C, 'text'),
  };
}
