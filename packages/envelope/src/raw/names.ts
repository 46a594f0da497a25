import { EnvelopeError } from '../errors.ts';
import type { DataKeyWrapping, UnwrapRequest } from '../wrapping.ts';

/** What the message calls a raw key. Both are shown in clear in every message. */
export interface RawKeyNames {
  /** Whose key it is, for example the name of the system that holds it; not beginning with `aws-kms`. */
  readonly keyNamespace: string;
  /** Which of its keys it is. */
  readonly keyName: string;
}

/**
 * Checks names that are written into messages.
 * @throws EnvelopeError `CONFIG` when one is missing or too long, or the namespace is one of those that belong to KMS
 */
export function requireNames({ keyNamespace, keyName }: RawKeyNames): void {
  const problems = Object.entries({ keyNamespace, keyName }).flatMap(([option, text]) => {
    const sound = typeof text === 'string' && text !== '' && Buffer.byteLength(text) <= 60_000;
    return sound ? [] : [`${option} is not text of 1 to 60,000 bytes`];
  });
  if (String(keyNamespace).startsWith('aws-kms'))
    problems.push('keyNamespace begins with aws-kms, which belongs to KMS');
  if (problems.length > 0) throw new EnvelopeError('CONFIG', `raw key: ${problems.join('; ')}`);
}

/** Tries one unwrapping after the other on the encrypted data keys that may be its own; `undefined` goes on. */
export function firstUnwrapped(
  { encryptedDataKeys, dataKeyLength }: UnwrapRequest,
  names: RawKeyNames,
  unwrap: (key: UnwrapRequest['encryptedDataKeys'][number]) => Uint8Array | undefined,
): Uint8Array {
  let tried = 0;
  for (const key of encryptedDataKeys) {
    if (key.providerId !== names.keyNamespace) continue;
    const dataKey = unwrap(key);
    if (dataKey?.length === dataKeyLength) return dataKey;
    dataKey?.fill(0);
    tried += 1;
  }
  const where = `raw key ${JSON.stringify(names.keyName)} of ${JSON.stringify(names.keyNamespace)}`;
  throw tried === 0
    ? new EnvelopeError('KEY_NOT_ALLOWED', `the data key of the message is not wrapped by ${where}`)
    : new EnvelopeError('NOT_AUTHENTIC', `no data key of the message can be unwrapped by ${where}`);
}

/**
 * Several wrappings in one: the first wraps, and each may unwrap. For reading what was written under keys of different
 * kinds, or what an older key wrapped.
 * @param first - wraps new data keys
 * @param others - unwrap only
 */
export function anyOf(first: DataKeyWrapping, ...others: readonly DataKeyWrapping[]): DataKeyWrapping {
  const all = [first, ...others];
  return {
    wrapDataKey: (request) => first.wrapDataKey(request),
    async unwrapDataKey(request) {
      const failures: EnvelopeError[] = [];
      for (const wrapping of all) {
        try {
          return await wrapping.unwrapDataKey(request);
        } catch (error) {
          if (!(error instanceof EnvelopeError)) throw error;
          failures.push(error);
        }
      }
      const telling = failures.filter(({ code }) => code !== 'KEY_NOT_ALLOWED');
      throw telling.find(({ retryable }) => retryable) ?? telling[0] ?? failures[0];
    },
  };
}
