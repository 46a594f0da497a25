import { agree } from '../crypto/agreement.ts';
import { faults } from '../wire/texts.ts';
import { requireNoRecipient } from './checks.ts';
import { usableMaterial } from './encryption.ts';
import { DRY_RUN, GRANT_TOKENS, RECIPIENT, REQUIRED_KEY_ID } from './members.ts';
import { keyIn, operation } from './operation.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_DeriveSharedSecret.html */
export const deriveSharedSecret = operation({
  input: {
    KeyId: REQUIRED_KEY_ID,
    KeyAgreementAlgorithm: { type: 'string', values: ['ECDH'], required: true },
    PublicKey: { type: 'blob', required: true, min: 1, max: 8192 },
    GrantTokens: GRANT_TOKENS,
    DryRun: DRY_RUN,
    Recipient: RECIPIENT,
  },
  keys: [{ role: 'key', member: 'KeyId', alias: true }],
  permissions: [{ action: 'kms:DeriveSharedSecret', on: 'key' }],
  states: 'cryptographic',
  usages: [{ role: 'key', usage: 'KEY_AGREEMENT', algorithm: 'KeyAgreementAlgorithm' }],
  event: { readOnly: true },
  check(input) {
    requireNoRecipient(input.Recipient);
  },
  run(input, keys) {
    const key = keyIn(keys, 'key');
    const secret = agree(usableMaterial(key).secret, input.PublicKey);
    if (secret === undefined) {
      throw faults.unworded(`PublicKey is not a SubjectPublicKeyInfo in DER of a key of spec ${key.spec}`);
    }
    return {
      KeyAgreementAlgorithm: input.KeyAgreementAlgorithm,
      KeyId: key.arn,
      KeyOrigin: key.origin,
      SharedSecret: secret,
    };
  },
});
