import { latin1 } from '../bytes.ts';
import { EnvelopeError, fail } from '../errors.ts';
import type { DataKeyWrapping, EncryptedDataKey } from '../wrapping.ts';
import { type IsAnswerOf, type KmsAccess, type KmsAnswer, kmsCall } from './calls.ts';

/** Provider id of data keys that KMS wrapped: AWS Encryption SDK specification, framework/aws-kms/aws-kms-keyring.md. */
export const PROVIDER_ID = 'aws-kms';

/** The key to ask for a data key that the message says was wrapped by `keyArn`; `undefined` when none may be asked. */
export type KeyMatch = (keyArn: string) => string | undefined;

/** Which keys wrap and unwrap. */
export interface KmsKeys {
  /** The first one generates data keys, the others wrap them too. */
  readonly wrapKeys: readonly string[];
  readonly match: KeyMatch;
  /** What errors call those that may unwrap. */
  readonly readers: string;
  readonly isAnswerOf?: IsAnswerOf;
}

/** Data keys wrapped by exactly these keys, whose ARNs were checked already. */
export function namedKeys(
  wrapKeys: readonly string[],
  unwrapKeys: readonly string[],
  access: KmsAccess,
): DataKeyWrapping {
  const keys: KmsKeys = {
    wrapKeys,
    match: (keyArn) => (unwrapKeys.includes(keyArn) ? keyArn : undefined),
    readers: `${unwrapKeys.length} keys in unwrapKeys`,
  };
  return wrappedByKms(keys, access);
}

/** Data keys wrapped by KMS keys. */
export function wrappedByKms({ wrapKeys, match, readers, isAnswerOf }: KmsKeys, access: KmsAccess): DataKeyWrapping {
  const call = kmsCall(access, isAnswerOf);
  const [generator, ...others] = wrapKeys;
  return {
    async wrapDataKey(request) {
      if (generator === undefined) return fail('CONFIG', 'wrapKeys is empty; it needs at least one key');
      const first = await call('GenerateDataKey', generator, request, { NumberOfBytes: request.dataKeyLength });
      const { Plaintext } = first;
      try {
        const further = others.map((keyArn) => call('Encrypt', keyArn, request, { Plaintext }));
        return {
          dataKey: Plaintext,
          encryptedDataKeys: [first, ...(await Promise.all(further))].map(encryptedDataKey),
        };
      } catch (error) {
        Plaintext.fill(0);
        throw error;
      }
    },

    async unwrapDataKey(request) {
      const failures: EnvelopeError[] = [];
      for (const { providerId, providerInfo, ciphertext: CiphertextBlob } of request.encryptedDataKeys) {
        // Latin-1 keeps every byte apart, so that nothing but the very bytes of an allowed ARN equals it.
        const keyArn = providerId === PROVIDER_ID ? match(latin1(providerInfo)) : undefined;
        if (keyArn === undefined) continue;
        try {
          return (await call('Decrypt', keyArn, request, { CiphertextBlob })).Plaintext;
        } catch (error) {
          if (!(error instanceof EnvelopeError)) throw error;
          failures.push(error);
          if (request.signal?.aborted === true) break;
        }
      }
      // What may succeed later decides, since then the whole may succeed later.
      const decisive = failures.find(({ retryable }) => retryable) ?? failures[0];
      return fail(
        decisive?.code ?? 'KEY_NOT_ALLOWED',
        failures.map(({ message }) => message).join('; ') ||
          `the message is wrapped by none of the ${readers}; KMS was not called`,
        decisive,
      );
    },
  };
}

function encryptedDataKey({ KeyId, CiphertextBlob }: KmsAnswer): EncryptedDataKey {
  return { providerId: PROVIDER_ID, providerInfo: Buffer.from(KeyId), ciphertext: CiphertextBlob };
}
