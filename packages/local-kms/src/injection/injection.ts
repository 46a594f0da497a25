/** A fault to inject: what goes wrong, for which calls, and how often. */
export interface FaultInjection {
  /** Name of an operation of the API, e.g. `Decrypt`. Default: every operation that the fault can befall. */
  readonly operation?: string;
  /** A key that the call concerns: key ARN, key id, alias name or alias ARN of a key that is there. Default: any, or none. */
  readonly key?: string;
  /**
   * Who calls: construct path, its end, function name, role name, logical id or ARN; the name of a function stands for
   * the role that it runs as; the name of an AWS service. Default: anybody.
   */
  readonly principal?: string;
  /** How many calls the fault befalls, 1 to 1,000,000. Default: every one until it is removed. */
  readonly times?: number;
  readonly fault: FaultKind;
}

/**
 * What goes wrong.
 *
 * - `error`: KMS answers with an exception, and does nothing
 * - `latency`: the answer comes `millis` milliseconds late, 1 to 3,600,000; what the call does is done at once
 * - `connection-reset`: the connection is reset before an answer, and KMS does nothing (`ECONNRESET`)
 * - `unreachable`: there is no KMS (`ECONNREFUSED` in the process; over a socket the connection is closed unanswered)
 * - `other-key`: the answer to a cryptographic operation names another key: `keyId`, default an ARN of no key
 * - `plaintext-length`: the plaintext in the answer of GenerateDataKey or Decrypt is cut, or filled up with zeros, to
 *   `bytes` bytes, 0 to 1,024
 */
export type FaultKind =
  | { readonly kind: 'error'; readonly exception: InjectableException }
  | { readonly kind: 'latency'; readonly millis: number }
  | { readonly kind: 'connection-reset' }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'other-key'; readonly keyId?: string }
  | { readonly kind: 'plaintext-length'; readonly bytes: number };

/**
 * Exceptions that come from the state of the service and not from what was asked or who asked: all others can be had by
 * doing what they forbid.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/throttling.html
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html#API_Decrypt_Errors
 */
export const INJECTABLE_EXCEPTIONS = [
  'DependencyTimeoutException',
  'KeyUnavailableException',
  'KMSInternalException',
  'ThrottlingException',
] as const;
export type InjectableException = (typeof INJECTABLE_EXCEPTIONS)[number];

/** A fault that is being injected, until it is removed; `using` removes it too. */
export interface InjectedFault extends Disposable {
  /** Names the fault in events, e.g. `fault-1`. */
  readonly id: string;
  /** As it was given. */
  readonly injection: FaultInjection;
  /** How many calls it has befallen. */
  readonly fired: number;
  /** Ends it. Twice is fine. */
  remove(): void;
}

/** A fault that befell a call, as the call's event shows it. */
export interface InjectedFaultRecord {
  readonly id: string;
  readonly kind: FaultKind['kind'];
}
