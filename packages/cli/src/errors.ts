import type { EnvelopeError } from '@cdk-keysmith/envelope';
import type { LocalKmsError, LocalKmsErrorCode } from '@cdk-keysmith/local-kms';

/** What went wrong, as a stable name. Other packages' errors bring their own codes. */
export type CliErrorCode =
  /** The command line cannot be understood: unknown command or option, missing or impossible value. */
  | 'USAGE'
  /** The program that `keysmith run` was asked to start does not exist. */
  | 'COMMAND_NOT_FOUND'
  /** The program that `keysmith run` was asked to start exists, and the system refuses to start it. */
  | 'COMMAND_NOT_EXECUTABLE'
  /** `--key` or `--principal` names nothing in the app. */
  | 'NO_MATCH'
  /** A file cannot be read or written, or is not what it has to be. */
  | 'FILE'
  /** Git does not know a revision or path, or they hold more than any real app. */
  | 'REVISION'
  /** A message, or a line that should hold one, was refused. */
  | 'REFUSED'
  /** It failed, and the same may succeed later. */
  | 'TRY_AGAIN';

/** What shells use for a wrong command line; any failure without a number of its own is 1. */
export const WRONG_USAGE = 2;

/** What mail programs and schedulers take for "repeat it later": EX_TEMPFAIL of sysexits.h. */
const TRY_AGAIN = 75;

/** Exit codes of the process. 126 and 127 are what shells use for a program that they cannot start. */
const EXIT_CODES: Readonly<Record<CliErrorCode, number>> = {
  USAGE: WRONG_USAGE,
  COMMAND_NOT_FOUND: 127,
  COMMAND_NOT_EXECUTABLE: 126,
  NO_MATCH: 1,
  FILE: 1,
  REVISION: 1,
  REFUSED: 1,
  TRY_AGAIN,
};

/** Options that the local KMS judges itself, because it knows what they may be. */
const USAGE_OF_LOCAL_KMS: ReadonlySet<LocalKmsErrorCode> = new Set(['INVALID_OPTION', 'NOT_LOOPBACK']);

/** An error that ends the command with one line on stderr. */
export class CliError extends Error {
  readonly code: CliErrorCode;

  constructor(code: CliErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CliError';
    this.code = code;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is no folder',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left',
  EDQUOT: 'no space left of the quota',
  EFBIG: 'it would be larger than files may be',
  ENAMETOOLONG: 'its name is too long',
};

/** Why the system refused something, in words where it is usual. @param action - what was refused, such as `write` */
export function systemReason(error: unknown, action: string): string {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (code === 'ENOENT' && action === 'write') return 'its folder does not exist';
  return REASONS[String(code)] ?? (typeof code === 'string' ? code : String(message));
}

/** The exit code that an error ends the process with. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CliError) {
    return EXIT_CODES[error.code];
  }
  if (isEnvelopeError(error) && error.retryable) {
    return TRY_AGAIN;
  }
  return isLocalKmsError(error) && USAGE_OF_LOCAL_KMS.has(error.code) ? WRONG_USAGE : 1;
}

// Asked for their classes, both packages would be loaded for every command.
const isEnvelopeError = (error: unknown): error is EnvelopeError =>
  error instanceof Error && error.name === 'EnvelopeError';
const isLocalKmsError = (error: unknown): error is LocalKmsError =>
  error instanceof Error && error.name === 'LocalKmsError';
