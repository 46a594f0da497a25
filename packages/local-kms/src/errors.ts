/** Every code a {@link LocalKmsError} can have. Codes are stable; messages are not. */
export type LocalKmsErrorCode =
  /** Another program listens on the port that was asked for. */
  | 'PORT_IN_USE'
  /** The host is not a loopback address and `allowRemote` was not given. */
  | 'NOT_LOOPBACK'
  /** The socket could not be opened for another reason. */
  | 'LISTEN_FAILED'
  /** No principal of the app has the name. */
  | 'UNKNOWN_PRINCIPAL'
  /** Several principals of the app have the name. */
  | 'AMBIGUOUS_PRINCIPAL'
  /** No function of the app has the name. */
  | 'UNKNOWN_FUNCTION'
  /** Several functions of the app have the name. */
  | 'AMBIGUOUS_FUNCTION'
  /** A value of the options is not allowed. */
  | 'INVALID_OPTION'
  /** What the assembly declares cannot be made into keys, aliases or principals. */
  | 'INVALID_APP'
  /** The seed file is missing, or not what it should be. */
  | 'INVALID_SEED'
  /** `@aws-sdk/client-kms`, which `client` needs, is not installed. */
  | 'SDK_MISSING'
  /** The folder of the state belongs to another server that runs. */
  | 'STATE_IN_USE'
  /** The local key that seals the state is missing, is another one, or others may read it. */
  | 'STATE_KEY'
  /** The state was written by a newer version, or the folder holds something else. */
  | 'STATE_FORMAT'
  /** Something in the state is missing or was changed. */
  | 'STATE_DAMAGED'
  /** The state cannot be read or written: a full disk, a folder without permission. */
  | 'STATE_FAILED'
  /** `denialOf` was given a call that the policies did not deny. */
  | 'NOT_DENIED'
  /** The local KMS was closed before. */
  | 'CLOSED';

/**
 * The one error of this package's own API. What KMS answers to a client is never a `LocalKmsError`: it reaches the client
 * over the wire, as the exception that KMS has for it.
 */
export class LocalKmsError extends Error {
  override readonly name = 'LocalKmsError';
  /** Says what went wrong, for programs. */
  readonly code: LocalKmsErrorCode;

  constructor(code: LocalKmsErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A value that is wrong, as an error shows it. */
export function shown(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 80) ?? String(value);
}
