import { EnvelopeError } from '../errors.ts';
import type { DataKeyWrapping, EncryptedDataKey } from '../wrapping.ts';
import { type IsAnswerOf, type KmsAccess, type KmsAnswer, kmsCall } from './calls.ts';

/** Provider id of data keys that KMS wrapped: AWS Encryption SDK specification, framework/aws-kms/aws-kms-keyring.md. */
export const PROVIDER_ID = 'aws-kms';

/** The key to ask for a data key that the message says was wrapped by `keyArn`; `undefined` when none may be asked. */
export type KeyMatch = (keyArn: string) => string | undefined;

/** Which keys wrap and unwrap. */
export interface KmsKeys {
  /** As for {@link DataKeyWrapping.identity}. */
  readonly identity: string;
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
    identity: JSON.stringify([PROVIDER_ID, wrapKeys, unwrapKeys]),
    wrapKeys,
    match: (keyArn) => (unwrapKeys.includes(keyArn) ? keyArn : undefined),
    readers: `${unwrapKeys.length} keys in unwrapKeys`,
  };
  return wrappedByKms(keys, access);
}

/** Data keys wrapped by KMS keys. */
export function wrappedByKms(
  { identity, wrapKeys, match, readers, isAnswerOf }: KmsKeys,
  access: KmsAccess,
): DataKeyWrapping {
  const call = kmsCall(access, isAnswerOf);
  return {
    identity,

    async wrapDataKey(request) {
      const [generator, ...others] = wrapKeys;
      if (generator === undefined) throw new EnvelopeError('CONFIG', 'wrapKeys is empty; it needs at least one key');
      const first = await call('GenerateDataKey', generator, request, { NumberOfBytes: request.dataKeyLength });
      const dataKey = first.dataKey(request.dataKeyLength);
      try {
        const further = others.map((keyArn) => call('Encrypt', keyArn, request, { Plaintext: dataKey }));
        const answers = further.length === 0 ? [first] : [first, ...(await Promise.all(further))];
        return { dataKey, encryptedDataKeys: answers.map(encryptedDataKey) };
      } catch (error) {
        dataKey.fill(0);
        throw error;
      }
    },

    async unwrapDataKey(request) {
      const failures: EnvelopeError[] = [];
      for (const { providerId, providerInfo, ciphertext: CiphertextBlob } of request.encryptedDataKeys) {
        // Latin-1 keeps every byte apart, so that nothing but the very bytes of an allowed ARN equals it.
        const keyArn = providerId === PROVIDER_ID ? match(Buffer.from(providerInfo).toString('latin1')) : undefined;
        if (keyArn === undefined) continue;
        try {
          return (await call('Decrypt', keyArn, request, { CiphertextBlob })).dataKey(request.dataKeyLength);
        } catch (error) {
          if (!(error instanceof EnvelopeError)) throw error;
          failures.push(error);
          if (request.signal?.aborted === true) break;
        }
      }
      throw combined(failures, readers);
    },
  };
}

function encryptedDataKey({ keyArn, ciphertext }: KmsAnswer): EncryptedDataKey {
  return { providerId: PROVIDER_ID, providerInfo: Buffer.from(keyArn), ciphertext: ciphertext() };
}

/** One error for all that was tried. What may succeed later decides, since then the whole may succeed later. */
function combined(failures: readonly EnvelopeError[], readers: string): EnvelopeError {
  const decisive = failures.find((failure) => failure.retryable) ?? failures[0];
  if (failures.length === 1) return decisive as EnvelopeError;
  return new EnvelopeError(
    decisive?.code ?? 'KEY_NOT_ALLOWED',
    failures.map(({ message }) => message).join('; ') ||
      `the message is wrapped by none of the ${readers}; KMS was not called`,
    decisive,
  );
}
