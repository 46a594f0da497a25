import type { KeyKind } from '../policy/key-uses';
import { unsuitedAction } from '../policy/kms-actions';

/**
 * An operation that a KMS grant can allow. Which of them a key has follows from its usage; a grant with another one is
 * refused at synthesis.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/grants.html#terms-grant-operations
 */
export enum GrantOperation {
  /** Decryption; encryption keys. */
  DECRYPT = 'Decrypt',
  /** Encryption of up to 4,096 bytes; encryption keys. */
  ENCRYPT = 'Encrypt',
  /** Data keys, in plaintext as well; symmetric encryption keys. */
  GENERATE_DATA_KEY = 'GenerateDataKey',
  /** Data keys in encrypted form only; symmetric encryption keys. */
  GENERATE_DATA_KEY_WITHOUT_PLAINTEXT = 'GenerateDataKeyWithoutPlaintext',
  /** Data key pairs, in plaintext as well; symmetric encryption keys. */
  GENERATE_DATA_KEY_PAIR = 'GenerateDataKeyPair',
  /** Data key pairs in encrypted form only; symmetric encryption keys. */
  GENERATE_DATA_KEY_PAIR_WITHOUT_PLAINTEXT = 'GenerateDataKeyPairWithoutPlaintext',
  /** Being the source of re-encryption; encryption keys. */
  RE_ENCRYPT_FROM = 'ReEncryptFrom',
  /** Being the target of re-encryption; encryption keys. */
  RE_ENCRYPT_TO = 'ReEncryptTo',
  /** Signing; signing keys. */
  SIGN = 'Sign',
  /** Verification of signatures; signing keys. */
  VERIFY = 'Verify',
  /** Making message authentication codes; MAC keys. */
  GENERATE_MAC = 'GenerateMac',
  /** Verification of message authentication codes; MAC keys. */
  VERIFY_MAC = 'VerifyMac',
  /** Deriving shared secrets; key agreement keys. */
  DERIVE_SHARED_SECRET = 'DeriveSharedSecret',
  /** Reading the public key; all asymmetric keys. */
  GET_PUBLIC_KEY = 'GetPublicKey',
  /** Reading what the key is; all keys. A constraint on the encryption context does not hold for it. */
  DESCRIBE_KEY = 'DescribeKey',
  /** Handing on what this grant allows, or less, by another grant; all keys. */
  CREATE_GRANT = 'CreateGrant',
  /** Giving this grant up; all keys. Constraints do not hold for it. */
  RETIRE_GRANT = 'RetireGrant',
}

/** The operations that a grant on a key of this kind can allow, in the order of the enumeration. */
export function grantOperationsFor({ usage, symmetric }: KeyKind): GrantOperation[] {
  return Object.values(GrantOperation).filter(
    (operation) => unsuitedAction(`kms:${operation}`, usage, symmetric) === undefined,
  );
}
