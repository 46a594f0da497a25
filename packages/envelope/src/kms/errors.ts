import { EnvelopeError, type EnvelopeErrorCode } from '../errors.ts';

/**
 * What KMS's, the SDK's and Node's error names and codes mean here.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html#API_Decrypt_Errors
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html
 */
const NAMES: Partial<Record<EnvelopeErrorCode, RegExp>> = {
  NOT_AUTHORIZED: /^(AccessDenied|NotAuthorized)/,
  CREDENTIALS: /Credential|ClientToken|ExpiredToken|AuthenticationToken|Signature|UnrecognizedClient/,
  KEY_UNAVAILABLE: /^(Disabled|KMSInvalidState|NotFound)/,
  // The wrapped data key was altered, or belongs to another key or another encryption context.
  NOT_AUTHENTIC: /^In(validCiphertext|correctKey)/,
  THROTTLED: /LimitExceeded|Throttling|TooManyRequests/,
  // The last ones are Node's own, such as ECONNRESET and ERR_HTTP2_SESSION_ERROR, but not those of a client that is called wrongly.
  KMS_UNAVAILABLE: /^(Abort|Timeout)Error|Internal|Unavailable|DependencyTimeout|^E(?!RR_INVALID)[A-Z\d_]+$/,
};

/** The error of this package for what a KMS client threw. Its message holds nothing of the request but key and action. */
export function kmsError(cause: unknown, action: string, keyArn: string, signal?: AbortSignal): EnvelopeError {
  const { name, code, $metadata } = Object(cause ?? {}) as {
    name?: unknown;
    code?: unknown;
    $metadata?: { httpStatusCode?: number };
  };
  const codes = Object.keys(NAMES) as EnvelopeErrorCode[];
  const meant = (text: unknown) => codes.find((one) => typeof text === 'string' && NAMES[one]?.test(text));
  const outage = ($metadata?.httpStatusCode ?? 0) >= 500 ? 'KMS_UNAVAILABLE' : 'KMS_FAILED';
  return new EnvelopeError(
    signal?.aborted === true ? 'ABORTED' : (meant(name) ?? meant(code) ?? outage),
    `${action} on ${keyArn} failed: ${typeof name === 'string' ? name : 'unknown error'}`,
    { keyArn, action, cause },
  );
}
