import { newDataKey, requireOneSize } from './data-key.ts';
import { encryptUnder } from './encryption.ts';
import {
  DATA_KEY_BYTES,
  DATA_KEY_SPEC,
  DRY_RUN,
  ENCRYPTION_CONTEXT,
  GRANT_TOKENS,
  REQUIRED_KEY_ID,
} from './members.ts';
import { keyIn, operation } from './operation.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKeyWithoutPlaintext.html */
export const generateDataKeyWithoutPlaintext = operation({
  input: {
    KeyId: REQUIRED_KEY_ID,
    EncryptionContext: ENCRYPTION_CONTEXT,
    KeySpec: DATA_KEY_SPEC,
    NumberOfBytes: DATA_KEY_BYTES,
    GrantTokens: GRANT_TOKENS,
    DryRun: DRY_RUN,
  },
  keys: [{ role: 'key', member: 'KeyId', alias: true }],
  permissions: [{ action: 'kms:GenerateDataKeyWithoutPlaintext', on: 'key' }],
  states: 'cryptographic',
  usages: [{ role: 'key', usage: 'ENCRYPT_DECRYPT' }],
  event: { readOnly: true },
  check(input) {
    requireOneSize(input);
  },
  run(input, keys) {
    const key = keyIn(keys, 'key');
    const plaintext = newDataKey(input);
    const { blob, material } = encryptUnder(key, input.EncryptionContext, plaintext);
    plaintext.fill(0);
    return { CiphertextBlob: blob, KeyId: key.arn, KeyMaterialId: material.id };
  },
});
