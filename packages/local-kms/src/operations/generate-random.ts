import { randomBytes } from '../crypto/random.ts';
import { faults } from '../wire/texts.ts';
import { requireNoRecipient } from './checks.ts';
import { CUSTOM_KEY_STORE_ID, DATA_KEY_BYTES, RECIPIENT } from './members.ts';
import { operation } from './operation.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateRandom.html */
export const generateRandom = operation({
  input: { NumberOfBytes: DATA_KEY_BYTES, CustomKeyStoreId: CUSTOM_KEY_STORE_ID, Recipient: RECIPIENT },
  keys: [],
  permissions: [{ action: 'kms:GenerateRandom', on: 'account' }],
  states: 'any',
  usages: [],
  event: { readOnly: true },
  check(input) {
    requireNoRecipient(input.Recipient);
    // The service model does not require it, KMS does.
    if (input.NumberOfBytes === undefined) throw faults.validation('NumberOfBytes is required.');
  },
  run({ NumberOfBytes = 0, CustomKeyStoreId }) {
    if (CustomKeyStoreId !== undefined) throw faults.customKeyStoreNotFound();
    return { Plaintext: Uint8Array.from(randomBytes(NumberOfBytes)) };
  },
});
