import { requireNoRecipient, requireSpecOf } from './checks.ts';
import { newDataKeyPair } from './data-key-pair.ts';
import {
  DATA_KEY_PAIR_SPEC,
  DRY_RUN,
  ENCRYPTION_CONTEXT,
  GRANT_TOKENS,
  RECIPIENT,
  REQUIRED_KEY_ID,
} from './members.ts';
import { keyIn, operation } from './operation.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKeyPair.html */
export const generateDataKeyPair = operation({
  input: {
    EncryptionContext: ENCRYPTION_CONTEXT,
    KeyId: REQUIRED_KEY_ID,
    KeyPairSpec: DATA_KEY_PAIR_SPEC,
    GrantTokens: GRANT_TOKENS,
    Recipient: RECIPIENT,
    DryRun: DRY_RUN,
  },
  keys: [{ role: 'key', member: 'KeyId', alias: true }],
  permissions: [{ action: 'kms:GenerateDataKeyPair', on: 'key' }],
  states: 'cryptographic',
  usages: [{ role: 'key', usage: 'ENCRYPT_DECRYPT' }],
  event: { readOnly: true },
  check(input) {
    requireNoRecipient(input.Recipient);
  },
  run(input, keys, { region }) {
    requireSpecOf(input.KeyPairSpec, region);
    // The pair costs up to seconds, and nobody will get it.
    if (input.DryRun) return {};
    const { privateKey, answer } = newDataKeyPair(keyIn(keys, 'key'), input);
    return { ...answer, PrivateKeyPlaintext: privateKey };
  },
});
