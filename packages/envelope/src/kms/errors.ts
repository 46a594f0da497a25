import { EnvelopeError, type EnvelopeErrorCode } from '../errors.ts';

/**
 * What KMS's, the SDK's and Node's error names and codes mean here.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html#API_Decrypt_Errors
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html
 */
const NAMES: readonly (readonly [RegExp, EnvelopeErrorCode])[] = [
  [/^(AccessDenied|NotAuthorized)/, 'NOT_AUTHORIZED'],
  [/Credential|ClientToken|ExpiredToken|AuthenticationToken|Signature|UnrecognizedClient/, 'CREDENTIALS'],
  [/^(Disabled|KMSInvalidState|NotFound)/, 'KEY_UNAVAILABLE'],
  // The wrapped data key was altered, or belongs to another key or another encryption context.
  [/^In(validCiphertext|correctKey)/, 'NOT_AUTHENTIC'],
  [/LimitExceeded|Throttling|TooManyRequests/, 'THROTTLED'],
  // The last one are Node's own, such as ECONNRESET and ENOTFOUND.
  [/^(Abort|Timeout)Error|Internal|Unavailable|DependencyTimeout|^E[A-Z_]+$/, 'KMS_UNAVAILABLE'],
];

/** The error of this package for what a KMS client threw. Its message holds nothing of the request but key and action. */
export function kmsError(cause: unknown, action: string, keyArn: string, signal?: AbortSignal): EnvelopeError {
  const { name, code, $metadata } = Object(cause ?? {}) as {
    name?: unknown;
    code?: unknown;
    $metadata?: { httpStatusCode?: number };
  };
  const matching = (text: unknown) => NAMES.find(([pattern]) => typeof text === 'string' && pattern.test(text))?.[1];
  const outage = ($metadata?.httpStatusCode ?? 0) >= 500 ? 'KMS_UNAVAILABLE' : 'KMS_FAILED';
  return new EnvelopeError(
    signal?.aborted === true ? 'ABORTED' : (matching(name) ?? matching(code) ?? outage),
    `${action} on ${keyArn} failed: ${typeof name === 'string' ? name : 'unknown error'}`,
    { keyArn, action, cause },
  );
}
