import { types } from 'node:util';
import { parseKeyArn } from '../arn.ts';
import type { EncryptionContext } from '../context.ts';
import { EnvelopeError } from '../errors.ts';
import { clientSupplier, forgetLastMatch, type KmsClient, type KmsClientForRegion, loadSdk } from '../kms/client.ts';
import { kmsError } from '../kms/errors.ts';

/** Bytes that KMS's Decrypt takes at most. */
export const MAX_KMS_CIPHERTEXT = 6_144;

const ACTION = 'kms:Decrypt';

/** What KMS's Decrypt answers. */
export interface KmsDecrypted {
  /** Memory of the receiver's own. */
  readonly plaintext: Uint8Array;
  /** Which key material it was encrypted with; absent where KMS or the SDK does not say. */
  readonly keyMaterialId?: string;
}

/** Asks KMS to decrypt under one key. */
export type KmsDecrypt = (
  keyArn: string,
  ciphertext: Uint8Array,
  context: EncryptionContext,
  signal?: AbortSignal,
) => Promise<KmsDecrypted>;

/**
 * KMS's Decrypt for ciphertext of any length, with the answer checked: it counts only when it comes from exactly the
 * key that was asked.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html
 */
export function kmsDecrypt(client: KmsClient | KmsClientForRegion | undefined): KmsDecrypt {
  const clientOf = clientSupplier(client);
  return async (keyArn, ciphertext, context, signal) => {
    const { DecryptCommand } = await loadSdk();
    const sender = await clientOf(keyArn);
    const request = { KeyId: keyArn, CiphertextBlob: ciphertext, EncryptionContext: context };
    let answer: unknown;
    try {
      answer = await sender.send(new DecryptCommand(request), signal === undefined ? {} : { abortSignal: signal });
      forgetLastMatch();
    } catch (cause) {
      throw kmsError(cause, ACTION, keyArn, signal);
    }
    const { KeyId, Plaintext, KeyMaterialId } = (answer ?? {}) as Record<string, unknown>;
    if (!types.isUint8Array(Plaintext) || KeyId !== keyArn) {
      if (types.isUint8Array(Plaintext)) Plaintext.fill(0);
      const reason = KeyId === keyArn ? 'holds no plaintext' : 'does not name the key that was asked';
      throw new EnvelopeError('KMS_ANSWER', `${ACTION} on ${keyArn}: the answer ${reason}`, { keyArn, action: ACTION });
    }
    const plaintext = new Uint8Array(Plaintext);
    Plaintext.fill(0);
    return typeof KeyMaterialId === 'string' ? { plaintext, keyMaterialId: KeyMaterialId } : { plaintext };
  };
}

/**
 * Asks one key after the other, until one answers.
 * @throws EnvelopeError the first failure after which the same may succeed later, or else the first one
 */
export async function firstAnswer<T>(keyArns: readonly string[], ask: (keyArn: string) => Promise<T>): Promise<T> {
  const failures: unknown[] = [];
  for (const keyArn of keyArns) {
    try {
      return await ask(keyArn);
    } catch (error) {
      failures.push(error);
    }
  }
  throw failures.find((error) => error instanceof EnvelopeError && error.retryable) ?? failures[0];
}

/**
 * The list, if it holds nothing but key ARNs.
 * @throws EnvelopeError `CONFIG`
 */
export function keyArnsOf(keys: readonly string[], label: string): readonly string[] {
  const wrong = keys.findIndex((key) => parseKeyArn(key) === undefined);
  if (keys.length > 0 && wrong === -1) return [...keys];
  const problem = keys.length === 0 ? 'is empty' : `[${wrong}] is not the ARN of a KMS key`;
  throw new EnvelopeError('CONFIG', `${label}${keys.length === 0 ? ' ' : ''}${problem}; allowed: one or more key ARNs`);
}
