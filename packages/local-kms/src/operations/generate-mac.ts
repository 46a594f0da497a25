import { macOf } from './macs.ts';
import { DRY_RUN, GRANT_TOKENS, MAC_ALGORITHM, MESSAGE, REQUIRED_KEY_ID } from './members.ts';
import { keyIn, operation } from './operation.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateMac.html */
export const generateMac = operation({
  input: {
    Message: MESSAGE,
    KeyId: REQUIRED_KEY_ID,
    MacAlgorithm: MAC_ALGORITHM,
    GrantTokens: GRANT_TOKENS,
    DryRun: DRY_RUN,
  },
  keys: [{ role: 'key', member: 'KeyId', alias: true }],
  permissions: [{ action: 'kms:GenerateMac', on: 'key' }],
  states: 'cryptographic',
  usages: [{ role: 'key', usage: 'GENERATE_VERIFY_MAC', algorithm: 'MacAlgorithm' }],
  event: { readOnly: true },
  run({ Message, MacAlgorithm }, keys) {
    const key = keyIn(keys, 'key');
    return { KeyId: key.arn, Mac: macOf(key, MacAlgorithm, Message), MacAlgorithm };
  },
});
