import { faults } from '../wire/texts.ts';
import { withKemPair } from './kem.ts';
import { CIPHERTEXT, DRY_RUN, GRANT_TOKENS, KEM_ALGORITHM, REQUIRED_KEY_ID } from './members.ts';
import { keyIn, operation } from './operation.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_Decapsulate.html */
export const decapsulate = operation({
  input: {
    KeyId: REQUIRED_KEY_ID,
    SharedSecretCiphertextBlob: { ...CIPHERTEXT, required: true },
    EncapsulationAlgorithm: KEM_ALGORITHM,
    GrantTokens: GRANT_TOKENS,
    DryRun: DRY_RUN,
  },
  keys: [{ role: 'key', member: 'KeyId', alias: true }],
  permissions: [{ action: 'kms:Decapsulate', on: 'key' }],
  states: 'cryptographic',
  usages: [{ role: 'key', usage: 'ENCAPSULATE_DECAPSULATE', algorithm: 'EncapsulationAlgorithm' }],
  event: { readOnly: true },
  run({ SharedSecretCiphertextBlob: blob, EncapsulationAlgorithm }, keys) {
    const key = keyIn(keys, 'key');
    const secret = withKemPair(key, (kem, { secretKey }) =>
      // Any blob of the right length gives a secret: ML-KEM rejects implicitly (FIPS 203, section 6.3).
      blob.length === kem.lengths.cipherText ? kem.decapsulate(blob, secretKey) : undefined,
    );
    if (secret === undefined) throw faults.invalidCiphertext(`not the length of a ciphertext of ${key.spec}`);
    return { EncapsulationAlgorithm, KeyId: key.arn, SharedSecret: secret };
  },
});
