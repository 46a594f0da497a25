import { requireCiphertext, requireNoRecipient } from './checks.ts';
import { decryptUnder, materialMember } from './encryption.ts';
import {
  CIPHERTEXT,
  DRY_RUN,
  DRY_RUN_MODIFIERS,
  ENCRYPTION_ALGORITHM,
  ENCRYPTION_CONTEXT,
  GRANT_TOKENS,
  KEY_ID,
  RECIPIENT,
} from './members.ts';
import { keyIn, operation } from './operation.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html */
export const decrypt = operation({
  input: {
    CiphertextBlob: CIPHERTEXT,
    EncryptionContext: ENCRYPTION_CONTEXT,
    GrantTokens: GRANT_TOKENS,
    KeyId: KEY_ID,
    EncryptionAlgorithm: ENCRYPTION_ALGORITHM,
    Recipient: RECIPIENT,
    DryRun: DRY_RUN,
    DryRunModifiers: DRY_RUN_MODIFIERS,
  },
  keys: [{ role: 'key', member: 'KeyId', alias: true, ciphertext: 'CiphertextBlob' }],
  permissions: [{ action: 'kms:Decrypt', on: 'key' }],
  states: 'cryptographic',
  usages: [{ role: 'key', usage: 'ENCRYPT_DECRYPT', algorithm: 'EncryptionAlgorithm' }],
  event: { readOnly: true },
  check(input) {
    requireNoRecipient(input.Recipient);
    requireCiphertext(input, input.KeyId);
  },
  run(input, keys) {
    const key = keyIn(keys, 'key');
    // Only a dry run may come without a ciphertext, and only to ask about permission: there is nothing left to do.
    if (input.CiphertextBlob === undefined) return {};
    const { EncryptionContext: context, EncryptionAlgorithm: algorithm = 'SYMMETRIC_DEFAULT' } = input;
    const { plaintext, material } = decryptUnder(key, context, input.CiphertextBlob, algorithm);
    return {
      EncryptionAlgorithm: algorithm,
      KeyId: key.arn,
      ...materialMember('KeyMaterialId', key, material),
      Plaintext: plaintext,
    };
  },
});
