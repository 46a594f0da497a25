import { DRY_RUN, GRANT_TOKENS, MESSAGE, MESSAGE_TYPE, REQUIRED_KEY_ID, SIGNING_ALGORITHM } from './members.ts';
import { keyIn, operation } from './operation.ts';
import { schemeFor, signingKeyOf } from './signatures.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html */
export const sign = operation({
  input: {
    KeyId: REQUIRED_KEY_ID,
    Message: MESSAGE,
    MessageType: MESSAGE_TYPE,
    GrantTokens: GRANT_TOKENS,
    SigningAlgorithm: SIGNING_ALGORITHM,
    DryRun: DRY_RUN,
  },
  keys: [{ role: 'key', member: 'KeyId', alias: true }],
  permissions: [{ action: 'kms:Sign', on: 'key' }],
  states: 'cryptographic',
  usages: [{ role: 'key', usage: 'SIGN_VERIFY', algorithm: 'SigningAlgorithm' }],
  event: { readOnly: true },
  run(input, keys) {
    const key = keyIn(keys, 'key');
    const signature = schemeFor(input).sign(signingKeyOf(key), input.Message);
    return { KeyId: key.arn, Signature: signature, SigningAlgorithm: input.SigningAlgorithm };
  },
});
