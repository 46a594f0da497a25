import { faults } from '../wire/texts.ts';
import { DRY_RUN, GRANT_TOKENS, MESSAGE, MESSAGE_TYPE, PROOF, REQUIRED_KEY_ID, SIGNING_ALGORITHM } from './members.ts';
import { keyIn, operation } from './operation.ts';
import { schemeFor, signingKeyOf } from './signatures.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_Verify.html */
export const verify = operation({
  input: {
    KeyId: REQUIRED_KEY_ID,
    Message: MESSAGE,
    MessageType: MESSAGE_TYPE,
    Signature: PROOF,
    SigningAlgorithm: SIGNING_ALGORITHM,
    GrantTokens: GRANT_TOKENS,
    DryRun: DRY_RUN,
  },
  keys: [{ role: 'key', member: 'KeyId', alias: true }],
  permissions: [{ action: 'kms:Verify', on: 'key' }],
  states: 'cryptographic',
  usages: [{ role: 'key', usage: 'SIGN_VERIFY', algorithm: 'SigningAlgorithm' }],
  event: { readOnly: true },
  run(input, keys) {
    const key = keyIn(keys, 'key');
    // A wrong signature is an error and never SignatureValid: false.
    if (!schemeFor(input).verify(signingKeyOf(key), input.Message, input.Signature)) throw faults.invalidSignature();
    return { KeyId: key.arn, SignatureValid: true, SigningAlgorithm: input.SigningAlgorithm };
  },
});
