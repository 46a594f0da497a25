import { requireCiphertext } from './checks.ts';
import { decryptUnder, encryptUnder, materialMember } from './encryption.ts';
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
    const {
      SourceEncryptionContext: oldContext,
      SourceEncryptionAlgorithm: oldAlgorithm = 'SYMMETRIC_DEFAULT',
      DestinationEncryptionContext: newContext,
      DestinationEncryptionAlgorithm: newAlgorithm = 'SYMMETRIC_DEFAULT',
    } = input;
    const { plaintext, material: from } = decryptUnder(source, oldContext, input.CiphertextBlob, oldAlgorithm);
    try {
      const { blob, material: to } = encryptUnder(destination, newContext, plaintext, newAlgorithm);
      return {
        CiphertextBlob: blob,
        DestinationEncryptionAlgorithm: newAlgorithm,
        ...materialMember('DestinationKeyMaterialId', destination, to),
        KeyId: destination.arn,
        SourceEncryptionAlgorithm: oldAlgorithm,
        SourceKeyId: source.arn,
        ...materialMember('SourceKeyMaterialId', source, from),
      };
    } finally {
      plaintext.fill(0);
    }
  },
});
