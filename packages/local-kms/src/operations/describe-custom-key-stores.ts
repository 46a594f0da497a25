import { page } from '../state/pages.ts';
import { faults } from '../wire/texts.ts';
import { CUSTOM_KEY_STORE_NAME } from './custom-key-stores.ts';
import { CUSTOM_KEY_STORE_ID, LIMIT, MARKER } from './members.ts';
import { operation } from './operation.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeCustomKeyStores.html */
export const describeCustomKeyStores = operation({
  input: {
    CustomKeyStoreId: CUSTOM_KEY_STORE_ID,
    CustomKeyStoreName: CUSTOM_KEY_STORE_NAME,
    Limit: LIMIT,
    Marker: MARKER,
  },
  keys: [],
  permissions: [{ action: 'kms:DescribeCustomKeyStores', on: 'account' }],
  states: 'any',
  usages: [],
  event: { readOnly: true },
  check({ CustomKeyStoreId, CustomKeyStoreName }) {
    if (CustomKeyStoreId === undefined || CustomKeyStoreName === undefined) return;
    throw faults.unworded('specify either CustomKeyStoreId or CustomKeyStoreName, and not both');
  },
  run({ CustomKeyStoreId, CustomKeyStoreName, Limit = 1, Marker }) {
    if (CustomKeyStoreId !== undefined || CustomKeyStoreName !== undefined) throw faults.customKeyStoreNotFound();
    const { items } = page<never>([], () => '', 'DescribeCustomKeyStores', Limit, Marker);
    return { CustomKeyStores: items, Truncated: false };
  },
});
