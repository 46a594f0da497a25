import { page } from '../state/pages.ts';
import { partitionFor } from '../state/store.ts';
import { LIMIT, MARKER } from './members.ts';
import { operation } from './operation.ts';

const DEFAULT_LIMIT = 100;

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeys.html */
export const listKeys = operation({
  input: { Limit: LIMIT, Marker: MARKER },
  keys: [],
  permissions: [{ action: 'kms:ListKeys', on: 'account' }],
  states: 'any',
  usages: [],
  event: { readOnly: true },
  run(input, _keys, { world, account, region }) {
    const { keys } = partitionFor(world.store, account, region);
    const limit = input.Limit ?? DEFAULT_LIMIT;
    const { items, nextMarker } = page(keys.values(), (key) => key.id, 'ListKeys', limit, input.Marker);
    return {
      Keys: items.map((key) => ({ KeyArn: key.arn, KeyId: key.id })),
      ...(nextMarker !== undefined && { NextMarker: nextMarker }),
      Truncated: nextMarker !== undefined,
    };
  },
});
