import { randomBytes } from '../crypto/random.ts';
import { withKemPair } from './kem.ts';
import { DRY_RUN, GRANT_TOKENS, KEM_ALGORITHM, REQUIRED_KEY_ID } from './members.ts';
import { keyIn, operation } from './operation.ts';

/** What an encapsulation is made of: FIPS 203, algorithm 20. */
const MESSAGE_BYTES = 32;

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_Encapsulate.html */
export const encapsulate = operation({
  input: {
    KeyId: REQUIRED_KEY_ID,
    EncapsulationAlgorithm: KEM_ALGORITHM,
    GrantTokens: GRANT_TOKENS,
    DryRun: DRY_RUN,
  },
  keys: [{ role: 'key', member: 'KeyId', alias: true }],
  permissions: [{ action: 'kms:Encapsulate', on: 'key' }],
  states: 'cryptographic',
  usages: [{ role: 'key', usage: 'ENCAPSULATE_DECAPSULATE', algorithm: 'EncapsulationAlgorithm' }],
  event: { readOnly: true },
  run({ EncapsulationAlgorithm }, keys) {
    const key = keyIn(keys, 'key');
    const made = withKemPair(key, (kem, { publicKey }) =>
      kem.encapsulate(publicKey, Uint8Array.from(randomBytes(MESSAGE_BYTES))),
    );
    return {
      EncapsulationAlgorithm,
      KeyId: key.arn,
      SharedSecret: made.sharedSecret,
      SharedSecretCiphertextBlob: made.cipherText,
    };
  },
});
