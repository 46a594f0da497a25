import { timingSafeEqual } from 'node:crypto';
import { faults } from '../wire/texts.ts';
import { macOf } from './macs.ts';
import { DRY_RUN, GRANT_TOKENS, MAC_ALGORITHM, MESSAGE, PROOF, REQUIRED_KEY_ID } from './members.ts';
import { keyIn, operation } from './operation.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_VerifyMac.html */
export const verifyMac = operation({
  input: {
    Message: MESSAGE,
    KeyId: REQUIRED_KEY_ID,
    MacAlgorithm: MAC_ALGORITHM,
    Mac: PROOF,
    GrantTokens: GRANT_TOKENS,
    DryRun: DRY_RUN,
  },
  keys: [{ role: 'key', member: 'KeyId', alias: true }],
  permissions: [{ action: 'kms:VerifyMac', on: 'key' }],
  states: 'cryptographic',
  usages: [{ role: 'key', usage: 'GENERATE_VERIFY_MAC', algorithm: 'MacAlgorithm' }],
  event: { readOnly: true },
  run({ Message, Mac, MacAlgorithm }, keys) {
    const key = keyIn(keys, 'key');
    const expected = macOf(key, MacAlgorithm, Message);
    const same = Mac.length === expected.length && timingSafeEqual(Mac, expected);
    expected.fill(0);
    // A wrong MAC is an error and never MacValid: false.
    if (!same) throw faults.invalidMac();
    return { KeyId: key.arn, MacAlgorithm, MacValid: true };
  },
});
