import { types } from 'node:util';
import { parseKeyArn } from '../arn.ts';
import type { EncryptionContext } from '../context.ts';
import { EnvelopeError } from '../errors.ts';
import { clientSupplier, type KmsClient, type KmsCommand, loadSdk } from './client.ts';
import { kmsError } from './errors.ts';

/** The three KMS operations, each with its answer checked. All of them throw EnvelopeError. */
export interface KmsCalls {
  /** A new data key in clear and wrapped. */
  generateDataKey(
    keyArn: string,
    dataKeyLength: number,
    context: EncryptionContext,
  ): Promise<{ dataKey: Uint8Array; ciphertext: Uint8Array }>;
  /** A data key wrapped under a further key. */
  encrypt(keyArn: string, dataKey: Uint8Array, context: EncryptionContext): Promise<Uint8Array>;
  /** A data key unwrapped. */
  decrypt(
    keyArn: string,
    ciphertext: Uint8Array,
    dataKeyLength: number,
    context: EncryptionContext,
  ): Promise<Uint8Array>;
}

/** KMS operations through the caller's client, or through the SDK's default client for the Region of each key. */
export function kmsCalls(client: KmsClient | undefined): KmsCalls {
  const clientOf = clientSupplier(client);

  async function send(action: string, keyArn: string, command: KmsCommand): Promise<Answer> {
    const sender = await clientOf(parseKeyArn(keyArn)?.region ?? '');
    let answer: unknown;
    try {
      answer = await sender.send(command);
    } catch (cause) {
      throw kmsError(cause, action, keyArn);
    }
    return checkedAnswer(answer, action, keyArn);
  }

  return {
    async generateDataKey(keyArn, dataKeyLength, context) {
      const { GenerateDataKeyCommand } = await loadSdk();
      const command = new GenerateDataKeyCommand({
        KeyId: keyArn,
        NumberOfBytes: dataKeyLength,
        EncryptionContext: context,
      });
      const answer = await send('kms:GenerateDataKey', keyArn, command);
      return { dataKey: answer.plaintext(dataKeyLength), ciphertext: answer.ciphertext() };
    },
    async encrypt(keyArn, dataKey, context) {
      const { EncryptCommand } = await loadSdk();
      const command = new EncryptCommand({ KeyId: keyArn, Plaintext: dataKey, EncryptionContext: context });
      return (await send('kms:Encrypt', keyArn, command)).ciphertext();
    },
    async decrypt(keyArn, ciphertext, dataKeyLength, context) {
      const { DecryptCommand } = await loadSdk();
      const command = new DecryptCommand({ KeyId: keyArn, CiphertextBlob: ciphertext, EncryptionContext: context });
      return (await send('kms:Decrypt', keyArn, command)).plaintext(dataKeyLength);
    },
  };
}

interface Answer {
  plaintext(length: number): Uint8Array;
  ciphertext(): Uint8Array;
}

/**
 * An answer counts only when it comes from exactly the key that was asked (CVE-2020-8897) and holds what was asked
 * for. A plaintext that is refused is wiped.
 */
function checkedAnswer(answer: unknown, action: string, keyArn: string): Answer {
  const { KeyId, Plaintext, CiphertextBlob } = (answer ?? {}) as Record<string, unknown>;
  const refused = (reason: string): EnvelopeError => {
    if (types.isUint8Array(Plaintext)) Plaintext.fill(0);
    return new EnvelopeError('KMS_ANSWER', `${action} on ${keyArn}: the answer ${reason}`, { keyArn, action });
  };
  if (KeyId !== keyArn) throw refused('does not name the key that was asked');
  return {
    plaintext: (length) => {
      if (!types.isUint8Array(Plaintext)) throw refused('holds no data key');
      if (Plaintext.length !== length)
        throw refused(`holds a data key of ${Plaintext.length} bytes instead of ${length}`);
      return Plaintext;
    },
    ciphertext: () => {
      if (!types.isUint8Array(CiphertextBlob) || CiphertextBlob.length === 0) {
        throw refused('holds no wrapped data key');
      }
      return CiphertextBlob;
    },
  };
}
