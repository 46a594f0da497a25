import { faults } from '../wire/texts.ts';
import { CUSTOM_KEY_STORE, CUSTOM_KEY_STORE_NAME, REQUIRED_CUSTOM_KEY_STORE_ID } from './custom-key-stores.ts';
import { operation } from './operation.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdateCustomKeyStore.html */
export const updateCustomKeyStore = operation({
  input: {
    CustomKeyStoreId: REQUIRED_CUSTOM_KEY_STORE_ID,
    NewCustomKeyStoreName: CUSTOM_KEY_STORE_NAME,
    ...CUSTOM_KEY_STORE,
  },
  keys: [],
  permissions: [{ action: 'kms:UpdateCustomKeyStore', on: 'account' }],
  states: 'any',
  usages: [],
  event: { readOnly: false },
  run() {
    throw faults.customKeyStoreNotFound();
  },
});
