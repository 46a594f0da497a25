import { faults } from '../wire/texts.ts';
import { REQUIRED_CUSTOM_KEY_STORE_ID } from './custom-key-stores.ts';
import { operation } from './operation.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_ConnectCustomKeyStore.html */
export const connectCustomKeyStore = operation({
  input: { CustomKeyStoreId: REQUIRED_CUSTOM_KEY_STORE_ID },
  keys: [],
  permissions: [{ action: 'kms:ConnectCustomKeyStore', on: 'account' }],
  states: 'any',
  usages: [],
  event: { readOnly: false },
  run() {
    throw faults.customKeyStoreNotFound();
  },
});
