/** What one error code means, what to do about it, and whether the same call may succeed when repeated. */
export interface ErrorCodeInfo {
  /** What happened, in one sentence. */
  readonly meaning: string;
  /** What the developer or operator does about it. */
  readonly remedy: string;
  /** Whether the unchanged call may succeed later. */
  readonly retryable: boolean;
}

/**
 * Every code that an {@link EnvelopeError} can carry. The documentation's table of errors is made from this one.
 * Codes are stable: one may be added in a minor version, none is renamed or reused.
 */
export const ERROR_CODES = {
  CONFIG: {
    meaning: 'The environment value or the options are missing, incomplete or wrong.',
    remedy: 'Deploy the function with the construct that writes the value, or correct the options named.',
    retryable: false,
  },
  DIRECTION: {
    meaning: 'The declaration allows this function the other direction only.',
    remedy: 'Grant the missing direction on the construct if the function is meant to have it.',
    retryable: false,
  },
  DISPOSED: {
    meaning: 'The envelope was used after it was disposed of.',
    remedy: 'Dispose of an envelope only when nothing needs it any more, or open a new one.',
    retryable: false,
  },
  INVALID_INPUT: {
    meaning: 'An argument is of a kind that cannot be encrypted or decrypted.',
    remedy: 'Pass bytes or well-formed text, as the message says.',
    retryable: false,
  },
  CONTEXT_INVALID: {
    meaning: 'The encryption context holds an empty, non-text, reserved or oversized name or value.',
    remedy: 'Give every name a non-empty string; names beginning with aws-crypto- belong to the message format.',
    retryable: false,
  },
  CONTEXT_REQUIRED: {
    meaning: 'A name of the encryption context that the declaration requires is missing.',
    remedy: 'Pass the names listed; they are declared on the construct.',
    retryable: false,
  },
  CONTEXT_MISMATCH: {
    meaning: 'The encryption context contradicts the declaration, or is not the one that the message was written with.',
    remedy: 'Check that the message belongs to the record, tenant or purpose it was looked up for.',
    retryable: false,
  },
  NOT_A_MESSAGE: {
    meaning: 'The input is not an AWS Encryption SDK message at all.',
    remedy: 'Pass the bytes as they were written, or their base64 text as a string.',
    retryable: false,
  },
  UNSUPPORTED_MESSAGE: {
    meaning: 'The input is a message of a suite or kind that is not read here.',
    remedy: 'See which option the message names, or read this one with another client.',
    retryable: false,
  },
  LIMIT: {
    meaning: 'The message or the request exceeds a limit.',
    remedy: 'Raise the limit named if the source of the data is trusted to need more.',
    retryable: false,
  },
  RANGE: {
    meaning: 'The message has no plaintext at the beginning of the range, or was cut short before it.',
    remedy: 'Ask for a range within the plaintext; if it should be there, the stored message is not whole.',
    retryable: false,
  },
  NOT_AUTHENTIC: {
    meaning: 'The message was altered, cut short, extended or mixed with another; nothing of it was released.',
    remedy: 'Treat the data as lost or hostile; read it from its source again.',
    retryable: false,
  },
  PLAINTEXT_FORMAT: {
    meaning: 'The message is authentic, but its plaintext is not the text or JSON that was asked for.',
    remedy: 'Ask for bytes, or find the writer that stores something else.',
    retryable: false,
  },
  KEY_NOT_ALLOWED: {
    meaning: 'No key that this function may use has wrapped the data key of the message; KMS was not called.',
    remedy: 'Add the key that wrote the message to the declaration, if it is to be trusted.',
    retryable: false,
  },
  NOT_AUTHORIZED: {
    meaning: 'KMS denied the call to this role.',
    remedy: 'Compare key policy, role policy and their conditions on the encryption context with this call.',
    retryable: false,
  },
  CREDENTIALS: {
    meaning: 'AWS credentials are missing, expired or not accepted.',
    remedy: 'Run with the credentials of a role; in Lambda, check that the function has one.',
    retryable: false,
  },
  KEY_UNAVAILABLE: {
    meaning: 'The key is disabled, pending deletion or import, or does not exist.',
    remedy: 'Enable the key or cancel its deletion.',
    retryable: false,
  },
  THROTTLED: {
    meaning: 'KMS refused the call because of a request quota.',
    remedy: 'Repeat later; raise the cache limits or the quota of the account.',
    retryable: true,
  },
  KMS_UNAVAILABLE: {
    meaning: 'KMS could not be reached, did not answer in time, or failed.',
    remedy: 'Repeat; if it persists, check network path, VPC endpoint and the health of the Region.',
    retryable: true,
  },
  KMS_FAILED: {
    meaning: 'KMS refused the call for another reason.',
    remedy: 'See the cause.',
    retryable: false,
  },
  KMS_ANSWER: {
    meaning: 'KMS answered with something other than what was asked for; the answer was discarded.',
    remedy: 'Check which endpoint or proxy answers for KMS.',
    retryable: false,
  },
  DEADLINE: {
    meaning: 'The time that the call was given passed before its data key was there.',
    remedy: 'Repeat; if it persists, give calls more time, prefetch data keys, or look at how long KMS takes.',
    retryable: true,
  },
  ABORTED: {
    meaning: 'The signal that the call was given was aborted before its data key was there.',
    remedy: 'Nothing is wrong: whoever aborted the signal decides whether to repeat the call.',
    retryable: true,
  },
  PLAINTEXT_INVALID: {
    meaning: 'The message is authentic, but its plaintext does not satisfy the schema.',
    remedy: 'Compare the members named with what the writer stores.',
    retryable: false,
  },
  FIELD_MISSING: {
    meaning: 'A field that is to be sealed is not in the record; KMS was not called.',
    remedy: 'Correct the path, or end it in ? if records may lack the field.',
    retryable: false,
  },
  FIELD_INVALID: {
    meaning: 'A field holds a value that would not come back as it was, or a path cannot be followed in this record.',
    remedy:
      'Seal plain data: text, finite numbers, booleans, null, undefined, Date, bigint, Uint8Array, lists, objects.',
    retryable: false,
  },
  RECORD_MISMATCH: {
    meaning: 'Sealed fields do not belong to this record, or its shape has changed since they were sealed.',
    remedy: 'Treat the record as altered; open, change and seal records as a whole.',
    retryable: false,
  },
  MIGRATION_ENDED: {
    meaning: 'The message is of an older kind that was read until a date that has passed; KMS was not called.',
    remedy: 'Re-encrypt what is left, and move the date only as far as that takes.',
    retryable: false,
  },
} as const satisfies Record<string, ErrorCodeInfo>;

/** The code of an {@link EnvelopeError}: a key of {@link ERROR_CODES}. */
export type EnvelopeErrorCode = keyof typeof ERROR_CODES;

// Said a second time, so that the texts above stay out of bundles that do not ask for them. A test compares the two.
const RETRYABLE: readonly EnvelopeErrorCode[] = ['THROTTLED', 'KMS_UNAVAILABLE', 'DEADLINE', 'ABORTED'];

/** What an {@link EnvelopeError} says beyond code and message. */
export interface EnvelopeErrorDetails {
  /** The key that the failed KMS call named. */
  readonly keyArn?: string;
  /** The IAM action of the failed KMS call, for example `kms:Decrypt`. */
  readonly action?: string;
  /** The AWS SDK's error, that of loading the SDK, or what a caller's own function threw. No other failure has one. */
  readonly cause?: unknown;
}

/**
 * The one error of this package. Decide on `code`; `message` is for people and may change.
 * No error holds plaintext, key bytes or values of the encryption context.
 */
export class EnvelopeError extends Error {
  /** What went wrong; see {@link ERROR_CODES}. */
  declare readonly code: EnvelopeErrorCode;
  /** Whether the unchanged call may succeed when repeated: what a batch handler gives back to its queue. */
  declare readonly retryable: boolean;
  /** ARN of the key that the failed KMS call named; absent where no KMS call failed. */
  declare readonly keyArn?: string;
  /** IAM action of the failed KMS call; absent where no KMS call failed. */
  declare readonly action?: string;

  /**
   * @param code - a key of {@link ERROR_CODES}
   * @param message - what happened, in words that hold no plaintext, key bytes or context values
   * @param details - key, action and cause, for failures of a KMS call
   */
  constructor(code: EnvelopeErrorCode, message: string, details: EnvelopeErrorDetails = {}) {
    super(message, details);
    const { keyArn, action } = details;
    const kms = keyArn === undefined ? {} : { keyArn, action };
    Object.assign(this, { name: 'EnvelopeError', code, retryable: RETRYABLE.includes(code), ...kms });
  }
}

/**
 * Throws an {@link EnvelopeError}, also where only an expression may stand.
 * @throws EnvelopeError with this code
 */
export function fail(code: EnvelopeErrorCode, message: string, details?: EnvelopeErrorDetails): never {
  throw new EnvelopeError(code, message, details);
}

/**
 * The error for everything that can be wrong with the bytes of a message. It says the same whatever is wrong, so that
 * whoever alters a message learns nothing from the answer about where verification stopped.
 */
export function notAuthentic(): EnvelopeError {
  return new EnvelopeError(
    'NOT_AUTHENTIC',
    'the message was altered, cut short, extended or made for another data key',
  );
}
