import { requireNoRecipient } from './checks.ts';
import { newDataKey, requireOneSize } from './data-key.ts';
import { encryptUnder } from './encryption.ts';
import {
  DATA_KEY_BYTES,
  DATA_KEY_SPEC,
  DRY_RUN,
  ENCRYPTION_CONTEXT,
  GRANT_TOKENS,
  RECIPIENT,
  REQUIRED_KEY_ID,
} from './members.ts';
import { keyIn, operation } from './operation.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKey.html */
export const generateDataKey = operation({
  input: {
    KeyId: REQUIRED_KEY_ID,
    EncryptionContext: ENCRYPTION_CONTEXT,
    NumberOfBytes: DATA_KEY_BYTES,
    KeySpec: DATA_KEY_SPEC,
    GrantTokens: GRANT_TOKENS,
    Recipient: RECIPIENT,
    DryRun: DRY_RUN,
  },
  keys: [{ role: 'key', member: 'KeyId', alias: true }],
  permissions: [{ action: 'kms:GenerateDataKey', on: 'key' }],
  states: 'cryptographic',
  usages: [{ role: 'key', usage: 'ENCRYPT_DECRYPT' }],
  event: { readOnly: true },
  check(input) {
    requireNoRecipient(input.Recipient);
    requireOneSize(input);
  },
  run(input, keys) {
    const key = keyIn(keys, 'key');
    const plaintext = newDataKey(input);
    const { blob, material } = encryptUnder(key, input.EncryptionContext, plaintext);
    return { CiphertextBlob: blob, KeyId: key.arn, KeyMaterialId: material.id, Plaintext: plaintext };
  },
});
