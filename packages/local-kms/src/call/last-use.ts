import type { LocalKmsEvent } from '../events/event.ts';
import type { Trace } from './trace.ts';

/**
 * Operations that count as use of a key, when they succeed. Reading the public key is none.
 *
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyLastUsageData.html
 */
export const OPERATIONS_THAT_USE: ReadonlySet<string> = new Set([
  'Decapsulate',
  'Decrypt',
  'DeriveSharedSecret',
  'Encapsulate',
  'Encrypt',
  'GenerateDataKey',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
  'GenerateDataKeyWithoutPlaintext',
  'GenerateMac',
  'ReEncrypt',
  'Sign',
  'Verify',
  'VerifyMac',
]);

/** Keeps, with each key of a call that succeeded, that it was used. ReEncrypt uses two of them. */
export function rememberUse({ name, progress, now, requestId }: Trace, { eventID }: LocalKmsEvent): void {
  if (progress === undefined || !OPERATIONS_THAT_USE.has(name)) return;
  for (const { key } of progress.keys.values()) {
    key.lastUse = { operation: name, at: now, eventId: eventID, requestId };
  }
}
