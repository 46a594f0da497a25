import type { EncryptionContext } from './context.ts';
import type { Monitor } from './events.ts';

/** A data key as the header of a message carries it: wrapped, with what is needed to find the key that wrapped it. */
export interface EncryptedDataKey {
  /** Which kind of wrapping wrote it, for example `aws-kms`. */
  readonly providerId: string;
  /** What that wrapping needs to know; for `aws-kms` the ARN of the KMS key. */
  readonly providerInfo: Uint8Array;
  /** The wrapped data key. */
  readonly ciphertext: Uint8Array;
}

/** What both requests say. */
interface WrappingRequest {
  /** Bytes of the data key: 16, 24 or 32. An answer of another length is refused. */
  readonly dataKeyLength: number;
  /** Tells that nobody waits for the answer any more. */
  readonly signal?: AbortSignal | undefined;
  /** Is told of KMS calls, for counters and events. Default: nobody does. */
  readonly monitor?: Monitor | undefined;
}

/** What {@link DataKeyWrapping.wrapDataKey} is asked for. */
export interface WrapRequest extends WrappingRequest {
  /** The whole encryption context, constants included. */
  readonly context: EncryptionContext;
}

/** A new data key in clear, and wrapped at least once. */
export interface WrappedDataKey {
  /** Memory that the receiver owns and wipes. */
  readonly dataKey: Uint8Array;
  /** One for each key that can unwrap it, in the order they are written. */
  readonly encryptedDataKeys: readonly EncryptedDataKey[];
}

/** What {@link DataKeyWrapping.unwrapDataKey} is asked for. */
export interface UnwrapRequest extends WrappingRequest {
  /** As the message lists them; untrusted. */
  readonly encryptedDataKeys: readonly EncryptedDataKey[];
  /** The encryption context of the message; untrusted until the wrapping key has authenticated it. */
  readonly context: EncryptionContext;
}

/**
 * The seam between the message format and whatever protects data keys. The format asks for these two things and
 * nothing else; KMS is one implementation. Envelopes share no data keys, so that a wrapping needs no name.
 */
export interface DataKeyWrapping {
  /** Makes a new random data key and wraps it. */
  wrapDataKey(request: WrapRequest): Promise<WrappedDataKey>;
  /** Unwraps the first of the encrypted data keys that it can. The receiver owns the answer and wipes it. */
  unwrapDataKey(request: UnwrapRequest): Promise<Uint8Array>;
}
