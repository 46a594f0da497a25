import { encryptUnder } from './encryption.ts';
import { DRY_RUN, ENCRYPTION_ALGORITHM, ENCRYPTION_CONTEXT, GRANT_TOKENS, REQUIRED_KEY_ID } from './members.ts';
import { keyIn, operation } from './operation.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html */
export const encrypt = operation({
  input: {
    KeyId: REQUIRED_KEY_ID,
    Plaintext: { type: 'blob', required: true, min: 1, max: 4096 },
    EncryptionContext: ENCRYPTION_CONTEXT,
    GrantTokens: GRANT_TOKENS,
    EncryptionAlgorithm: ENCRYPTION_ALGORITHM,
    DryRun: DRY_RUN,
  },
  keys: [{ role: 'key', member: 'KeyId', alias: true }],
  permissions: [{ action: 'kms:Encrypt', on: 'key' }],
  states: 'cryptographic',
  usages: [{ role: 'key', usage: 'ENCRYPT_DECRYPT', algorithm: 'EncryptionAlgorithm' }],
  event: { readOnly: true },
  run(input, keys) {
    const key = keyIn(keys, 'key');
    const { EncryptionAlgorithm: algorithm = 'SYMMETRIC_DEFAULT' } = input;
    const { blob } = encryptUnder(key, input.EncryptionContext, input.Plaintext, algorithm);
    // KeyMaterialId is in every other cryptographic answer, but not in this one.
    return { CiphertextBlob: blob, EncryptionAlgorithm: algorithm, KeyId: key.arn };
  },
});
