/**
 * Request quotas of KMS that several operations share, in each account and Region.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html
 */
export enum KmsRequestQuota {
  /** `Encrypt`, `Decrypt`, `ReEncrypt`, data keys, MACs and random bytes. */
  SYMMETRIC = 'CryptographicOperationsSymmetric',
  /** Encryption, decryption and signatures with RSA keys. */
  RSA = 'CryptographicOperationsRsa',
  /** Signatures and key agreement with keys on elliptic curves. */
  ECC = 'CryptographicOperationsEcc',
}
