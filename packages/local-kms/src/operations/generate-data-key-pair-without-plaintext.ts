import { requireSpecOf } from './checks.ts';
import { newDataKeyPair } from './data-key-pair.ts';
import { DATA_KEY_PAIR_SPEC, DRY_RUN, ENCRYPTION_CONTEXT, GRANT_TOKENS, REQUIRED_KEY_ID } from './members.ts';
import { keyIn, operation } from './operation.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKeyPairWithoutPlaintext.html */
export const generateDataKeyPairWithoutPlaintext = operation({
  input: {
    EncryptionContext: ENCRYPTION_CONTEXT,
    KeyId: REQUIRED_KEY_ID,
    KeyPairSpec: DATA_KEY_PAIR_SPEC,
    GrantTokens: GRANT_TOKENS,
    DryRun: DRY_RUN,
  },
  keys: [{ role: 'key', member: 'KeyId', alias: true }],
  permissions: [{ action: 'kms:GenerateDataKeyPairWithoutPlaintext', on: 'key' }],
  states: 'cryptographic',
  usages: [{ role: 'key', usage: 'ENCRYPT_DECRYPT' }],
  event: { readOnly: true },
  run(input, keys, { region }) {
    requireSpecOf(input.KeyPairSpec, region);
    if (input.DryRun) return {};
    const { privateKey, answer } = newDataKeyPair(keyIn(keys, 'key'), input);
    privateKey.fill(0);
    return answer;
  },
});
