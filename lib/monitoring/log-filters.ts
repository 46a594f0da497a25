/**
 * Patterns of metric filters on the log group of a trail. CloudTrail records cryptographic operations, and EventBridge
 * does not pass on those, since they only read: what goes wrong with them is seen in the log.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html
 */

const FROM_KMS = '($.eventSource = "kms.amazonaws.com")';
const DECRYPTS = '(($.eventName = "Decrypt") || ($.eventName = "ReEncrypt"))';

/** Errors of a decryption that somebody may not make, or of a ciphertext that is not what it should be. */
const REFUSED = ['AccessDenied', 'AccessDeniedException', 'IncorrectKeyException', 'InvalidCiphertextException'].map(
  (code) => `($.errorCode = "${code}")`,
);

/**
 * Refused decryptions under a key. A denied request has no resources: its message names the key.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/ct-decrypt.html
 */
export function failedDecrypts(keyId: string): string {
  const key = `(($.resources[0].ARN = "*:key/${keyId}") || ($.errorMessage = "*:key/${keyId}*"))`;
  return `{ ${FROM_KMS} && ${DECRYPTS} && (${REFUSED.join(' || ')}) && ${key} }`;
}

/** Ciphertexts of which KMS cannot tell the key, because they are damaged or were not made by KMS at all. */
export const UNKNOWN_CIPHERTEXTS = `{ ${FROM_KMS} && ${DECRYPTS} && ($.errorCode = "InvalidCiphertextException") && ($.resources[0].ARN NOT EXISTS) }`;

/**
 * Use of a key that waits for its deletion.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys-creating-cloudwatch-alarm.html
 */
export function useWhilePendingDeletion(keyId: string): string {
  return `{ ${FROM_KMS} && ($.errorMessage = "*:key/${keyId} is pending deletion*") }`;
}
