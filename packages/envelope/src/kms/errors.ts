import { EnvelopeError, type EnvelopeErrorCode } from '../errors.ts';

/**
 * What KMS's and the SDK's error names mean here, without the `Exception` that most of them end in.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html#API_Decrypt_Errors
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html
 */
const NAMES = {
  NOT_AUTHORIZED: ['AccessDenied', 'NotAuthorized'],
  CREDENTIALS: [
    'CredentialsProviderError',
    'ExpiredToken',
    'IncompleteSignature',
    'InvalidClientTokenId',
    'InvalidSignature',
    'MissingAuthenticationToken',
    'UnrecognizedClient',
  ],
  KEY_UNAVAILABLE: ['Disabled', 'KMSInvalidState', 'NotFound'],
  // The wrapped data key was altered, or belongs to another key or another encryption context.
  NOT_AUTHENTIC: ['InvalidCiphertext', 'IncorrectKey'],
  THROTTLED: ['LimitExceeded', 'RequestLimitExceeded', 'Throttling', 'TooManyRequests'],
  KMS_UNAVAILABLE: [
    'AbortError',
    'DependencyTimeout',
    'InternalFailure',
    'KeyUnavailable',
    'KMSInternal',
    'ServiceUnavailable',
    'TimeoutError',
  ],
} satisfies Partial<Record<EnvelopeErrorCode, readonly string[]>>;

function codeOf(name: string): EnvelopeErrorCode | undefined {
  // Some services and protocols end their names so, others do not.
  const stem = name.replace(/Exception$/, '');
  return (Object.keys(NAMES) as (keyof typeof NAMES)[]).find((code) => NAMES[code].some((known) => known === stem));
}

/** Codes of Node's network errors after which the same call may succeed. */
const NETWORK_CODES: ReadonlySet<unknown> = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/** The error of this package for what a KMS client threw. Its message holds nothing of the request but key and action. */
export function kmsError(cause: unknown, action: string, keyArn: string, signal?: AbortSignal): EnvelopeError {
  const name = nameOf(cause);
  if (signal?.aborted === true) {
    return new EnvelopeError('ABORTED', `${action} on ${keyArn} was given up`, { keyArn, action, cause });
  }
  const code = codeOf(name) ?? (isOutage(cause) ? 'KMS_UNAVAILABLE' : 'KMS_FAILED');
  return new EnvelopeError(code, `${action} on ${keyArn} failed: ${name}`, { keyArn, action, cause });
}

function isOutage(cause: unknown): boolean {
  if (typeof cause !== 'object' || cause === null) return false;
  const { code, $metadata } = cause as { code?: unknown; $metadata?: { httpStatusCode?: unknown } };
  const status = $metadata?.httpStatusCode;
  return NETWORK_CODES.has(code) || (typeof status === 'number' && status >= 500);
}

function nameOf(cause: unknown): string {
  const name = typeof cause === 'object' && cause !== null ? (cause as { name?: unknown }).name : undefined;
  return typeof name === 'string' ? name : 'unknown error';
}
