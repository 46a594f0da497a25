import { EnvelopeError, type EnvelopeErrorCode } from '@cdk-keysmith/envelope';
import { CliError, systemReason } from '../errors.ts';
import { withReadOptions } from './kinds.ts';

/** What to do about a failure, where the command line has an answer of its own. */
const HINTS: Readonly<Partial<Record<EnvelopeErrorCode, string>>> = {
  CONTEXT_REQUIRED: 'give them with --context <name=value>',
  CONTEXT_MISMATCH: '"keysmith message inspect" shows what the message says',
  KEY_NOT_ALLOWED: '"keysmith message inspect" shows which keys wrapped it',
  NOT_AUTHORIZED: '"keysmith doctor" with the same keys and context says what is missing',
  KMS_UNAVAILABLE: 'KMS did not answer; look at network, Region and endpoint, and try again',
  CREDENTIALS: 'give credentials where the AWS SDKs look for them, or use "keysmith run"',
};

/**
 * Failures that say nothing about one message: everything after it would fail in the same way.
 * Those that may go away are among them, since going on would leave out what could have been done a little later.
 */
const ABOUT_ALL: ReadonlySet<EnvelopeErrorCode> = new Set(['CONFIG', 'DIRECTION', 'CREDENTIALS', 'CONTEXT_REQUIRED']);

/** What went wrong, in words of the command line. Never plaintext, and no value of an encryption context. */
export function inWords(error: unknown): string {
  if (error instanceof EnvelopeError) {
    // What one's own code threw while a batch picked its messages is the failure itself.
    if (error.cause instanceof CliError) {
      return error.cause.message;
    }
    const hint = HINTS[error.code];
    return withReadOptions(error.message) + (hint === undefined ? '' : `; ${hint}`);
  }
  return error instanceof Error ? error.message : String(error);
}

/** The same as an error that ends the command, with the name of what it is about. */
export function failureOf(source: string, error: unknown): CliError {
  const code = error instanceof EnvelopeError && error.retryable ? 'TRY_AGAIN' : 'REFUSED';
  return new CliError(code, `${source}: ${inWords(error)}`, { cause: error });
}

/** Whether the failure of one message is that of all, or may go away by itself. */
export function endsAll(error: EnvelopeError): boolean {
  return error.retryable || ABOUT_ALL.has(error.code);
}

/** An error about a file: what could not be done with it, and why; unless there is one that says so already. */
export function fileError(action: string, path: string, cause: unknown): CliError {
  if (cause instanceof CliError) return cause;
  return new CliError('FILE', `cannot ${action} ${path}: ${systemReason(cause, action)}`, { cause });
}
