import { EnvelopeError, type EnvelopeErrorCode } from '../errors.ts';

/**
 * What KMS's and the SDK's error names mean here.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html#API_Decrypt_Errors
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html
 */
const CODES: ReadonlyMap<string, EnvelopeErrorCode> = new Map<string, EnvelopeErrorCode>([
  ['AccessDeniedException', 'NOT_AUTHORIZED'],
  ['AccessDenied', 'NOT_AUTHORIZED'],
  ['NotAuthorized', 'NOT_AUTHORIZED'],

  ['CredentialsProviderError', 'CREDENTIALS'],
  ['ExpiredTokenException', 'CREDENTIALS'],
  ['IncompleteSignature', 'CREDENTIALS'],
  ['InvalidClientTokenId', 'CREDENTIALS'],
  ['InvalidSignatureException', 'CREDENTIALS'],
  ['MissingAuthenticationToken', 'CREDENTIALS'],
  ['MissingAuthenticationTokenException', 'CREDENTIALS'],
  ['UnrecognizedClientException', 'CREDENTIALS'],

  ['DisabledException', 'KEY_UNAVAILABLE'],
  ['KMSInvalidStateException', 'KEY_UNAVAILABLE'],
  ['NotFoundException', 'KEY_UNAVAILABLE'],

  // The wrapped data key was altered, or belongs to another key or another encryption context.
  ['InvalidCiphertextException', 'NOT_AUTHENTIC'],
  ['IncorrectKeyException', 'NOT_AUTHENTIC'],

  ['LimitExceededException', 'THROTTLED'],
  ['RequestLimitExceeded', 'THROTTLED'],
  ['Throttling', 'THROTTLED'],
  ['ThrottlingException', 'THROTTLED'],
  ['TooManyRequestsException', 'THROTTLED'],

  ['AbortError', 'KMS_UNAVAILABLE'],
  ['DependencyTimeoutException', 'KMS_UNAVAILABLE'],
  ['InternalFailure', 'KMS_UNAVAILABLE'],
  ['KeyUnavailableException', 'KMS_UNAVAILABLE'],
  ['KMSInternalException', 'KMS_UNAVAILABLE'],
  ['ServiceUnavailable', 'KMS_UNAVAILABLE'],
  ['ServiceUnavailableException', 'KMS_UNAVAILABLE'],
  ['TimeoutError', 'KMS_UNAVAILABLE'],
]);

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
export function kmsError(cause: unknown, action: string, keyArn: string): EnvelopeError {
  const name = nameOf(cause);
  const code = CODES.get(name) ?? (isOutage(cause) ? 'KMS_UNAVAILABLE' : 'KMS_FAILED');
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
