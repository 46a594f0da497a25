import { EnvelopeError } from '../errors.ts';
import type { DataKeyWrapping, EncryptedDataKey, UnwrapRequest } from '../wrapping.ts';
import { type KmsCalls, kmsCalls } from './calls.ts';
import type { KmsClient } from './client.ts';

/** Provider id of data keys that KMS wrapped: AWS Encryption SDK specification, framework/aws-kms/aws-kms-keyring.md. */
const PROVIDER_ID = 'aws-kms';

/** Which KMS keys wrap and unwrap, and who asks KMS. */
export interface KmsWrappingOptions {
  /** Key ARNs; the first one generates data keys, the others wrap them too. */
  readonly wrapKeys: readonly string[];
  /** Key ARNs; a data key that none of them wrapped is refused before KMS is called. */
  readonly unwrapKeys: readonly string[];
  /** Default: the SDK's own client for the Region of each key. */
  readonly client?: KmsClient | undefined;
}

/** Data keys wrapped by KMS keys that are named one by one; nothing is discovered. */
export function kmsWrapping(options: KmsWrappingOptions): DataKeyWrapping {
  const { wrapKeys, unwrapKeys } = options;
  const calls = kmsCalls(options.client);
  const allowed: ReadonlySet<string> = new Set(unwrapKeys);
  return {
    identity: JSON.stringify([PROVIDER_ID, wrapKeys, unwrapKeys]),

    async wrapDataKey({ context, dataKeyLength }) {
      const [generator, ...others] = wrapKeys;
      if (generator === undefined)
        throw new EnvelopeError('CONFIG', 'wrapKeys is empty; it needs at least one key ARN');
      const { dataKey, ciphertext } = await calls.generateDataKey(generator, dataKeyLength, context);
      try {
        const further = await Promise.all(
          others.map(async (keyArn) => wrappedBy(keyArn, await calls.encrypt(keyArn, dataKey, context))),
        );
        return { dataKey, encryptedDataKeys: [wrappedBy(generator, ciphertext), ...further] };
      } catch (error) {
        dataKey.fill(0);
        throw error;
      }
    },

    unwrapDataKey: (request) => unwrap(calls, allowed, request),
  };
}

function wrappedBy(keyArn: string, ciphertext: Uint8Array): EncryptedDataKey {
  return { providerId: PROVIDER_ID, providerInfo: new TextEncoder().encode(keyArn), ciphertext };
}

async function unwrap(calls: KmsCalls, allowed: ReadonlySet<string>, request: UnwrapRequest): Promise<Uint8Array> {
  const failures: EnvelopeError[] = [];
  for (const { providerId, providerInfo, ciphertext } of request.encryptedDataKeys) {
    // Latin-1 keeps every byte apart, so that nothing but the very bytes of an allowed ARN equals it.
    const keyArn = Buffer.from(providerInfo).toString('latin1');
    if (providerId !== PROVIDER_ID || !allowed.has(keyArn)) continue;
    try {
      return await calls.decrypt(keyArn, ciphertext, request.dataKeyLength, request.context);
    } catch (error) {
      if (!(error instanceof EnvelopeError)) throw error;
      failures.push(error);
    }
  }
  throw combined(failures, allowed.size);
}

/** One error for all that was tried. What may succeed later decides, since then the whole may succeed later. */
function combined(failures: readonly EnvelopeError[], allowedKeys: number): EnvelopeError {
  const decisive = failures.find((failure) => failure.retryable) ?? failures[0];
  if (decisive === undefined) {
    return new EnvelopeError(
      'KEY_NOT_ALLOWED',
      `the data key of the message is wrapped by none of the ${allowedKeys} keys in unwrapKeys; KMS was not called`,
    );
  }
  if (failures.length === 1) return decisive;
  const { keyArn, action, cause } = decisive;
  return new EnvelopeError(decisive.code, failures.map((failure) => failure.message).join('; '), {
    ...(keyArn === undefined ? {} : { keyArn }),
    ...(action === undefined ? {} : { action }),
    ...(cause === undefined ? {} : { cause }),
  });
}
