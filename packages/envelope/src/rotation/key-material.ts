import { EnvelopeError } from '../errors.ts';
import { EVERY_FORMAT } from '../formats/every.ts';
import { encryptedDataKeysOf, parseHeader } from '../header.ts';
import type { KmsClient, KmsClientForRegion } from '../kms/client.ts';
import { inspect, ownMessage } from './inspect.ts';
import { firstAnswer, keyArnsOf, kmsDecrypt } from './kms-decrypt.ts';

/** Whom {@link keyMaterialOf} asks. */
export interface KeyMaterialOptions {
  /** Key ARNs that may be asked. */
  readonly keys: readonly string[];
  /** Default: the SDK's own client for the Region of each key. */
  readonly kms?: KmsClient | KmsClientForRegion;
  /** Aborts the request. */
  readonly signal?: AbortSignal;
}

/**
 * Asks KMS which key material wrapped the data key of a message, which is what tells messages from before and after a
 * rotation apart. One Decrypt for each message; the data key that comes with the answer is wiped at once.
 * @param message - bytes or base64 text
 * @returns the id, to be compared with `CurrentKeyMaterialId` of DescribeKey; `undefined` where KMS does not say
 * @throws EnvelopeError `KEY_NOT_ALLOWED` when none of the keys wrapped it; further as {@link inspect}, and from KMS
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html
 */
export async function keyMaterialOf(
  message: Uint8Array | string,
  options: KeyMaterialOptions,
): Promise<string | undefined> {
  const bytes = ownMessage(message);
  const keys = keyArnsOf(options.keys, 'keys');
  const claims = inspect(bytes).wrappedBy;
  const header = parseHeader(bytes, claims.length, EVERY_FORMAT.suites);
  const encryptedDataKeys = encryptedDataKeysOf(header);
  const wrapped = new Map(claims.map(({ keyArn }, index) => [keyArn, encryptedDataKeys[index]?.ciphertext]));
  const asked = keys.filter((key) => wrapped.has(key));
  if (asked.length === 0) {
    throw new EnvelopeError(
      'KEY_NOT_ALLOWED',
      `the data key of the message is wrapped by none of the ${keys.length} keys given; KMS was not called`,
    );
  }
  const decrypt = kmsDecrypt(options.kms);
  return firstAnswer(asked, async (keyArn) => {
    const ciphertext = wrapped.get(keyArn) ?? new Uint8Array(0);
    const { plaintext, keyMaterialId } = await decrypt(keyArn, ciphertext, header.context, options.signal);
    plaintext.fill(0);
    return keyMaterialId;
  });
}
