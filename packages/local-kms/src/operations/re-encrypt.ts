import { requireCiphertext } from './checks.ts';
import { decryptUnder, encryptUnder } from './encryption.ts';
import {
  CIPHERTEXT,
  DRY_RUN,
  DRY_RUN_MODIFIERS,
  ENCRYPTION_ALGORITHM,
  ENCRYPTION_CONTEXT,
  GRANT_TOKENS,
  KEY_ID,
  REQUIRED_KEY_ID,
} from './members.ts';
import { keyIn, operation } from './operation.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_ReEncrypt.html */
export const reEncrypt = operation({
  input: {
    CiphertextBlob: CIPHERTEXT,
    SourceEncryptionContext: ENCRYPTION_CONTEXT,
    SourceKeyId: KEY_ID,
    DestinationKeyId: REQUIRED_KEY_ID,
    DestinationEncryptionContext: ENCRYPTION_CONTEXT,
    SourceEncryptionAlgorithm: ENCRYPTION_ALGORITHM,
    DestinationEncryptionAlgorithm: ENCRYPTION_ALGORITHM,
    GrantTokens: GRANT_TOKENS,
    DryRun: DRY_RUN,
    DryRunModifiers: DRY_RUN_MODIFIERS,
  },
  keys: [
    { role: 'source', member: 'SourceKeyId', alias: true, ciphertext: 'CiphertextBlob' },
    { role: 'destination', member: 'DestinationKeyId', alias: true },
  ],
  permissions: [
    { action: 'kms:ReEncryptFrom', on: 'source' },
    { action: 'kms:ReEncryptTo', on: 'destination' },
  ],
  states: 'cryptographic',
  usages: [
    { role: 'source', usage: 'ENCRYPT_DECRYPT', algorithm: 'SourceEncryptionAlgorithm' },
    { role: 'destination', usage: 'ENCRYPT_DECRYPT', algorithm: 'DestinationEncryptionAlgorithm' },
  ],
  event: { readOnly: true },
  check(input) {
    requireCiphertext(input, input.SourceKeyId);
  },
  run(input, keys) {
    const source = keyIn(keys, 'source');
    const destination = keyIn(keys, 'destination');
    if (input.CiphertextBlob === undefined) return {};
    const { plaintext, material: from } = decryptUnder(source, input.SourceEncryptionContext, input.CiphertextBlob);
    try {
      const { blob, material: to } = encryptUnder(destination, input.DestinationEncryptionContext, plaintext);
      return {
        CiphertextBlob: blob,
        DestinationEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
        DestinationKeyMaterialId: to.id,
        KeyId: destination.arn,
        SourceEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
        SourceKeyId: source.arn,
        SourceKeyMaterialId: from.id,
      };
    } finally {
      plaintext.fill(0);
    }
  },
});
