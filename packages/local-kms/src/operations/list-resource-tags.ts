import { pageInOrder } from '../state/pages.ts';
import { MARKER, REQUIRED_KEY_ID } from './members.ts';
import { keyIn, operation } from './operation.ts';

const MAX_LIMIT = 50;

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_ListResourceTags.html */
export const listResourceTags = operation({
  // The service model allows 1,000 a page; the documentation of this operation allows 50.
  input: { KeyId: REQUIRED_KEY_ID, Limit: { type: 'number', min: 1, max: MAX_LIMIT }, Marker: MARKER },
  keys: [{ role: 'key', member: 'KeyId', alias: false }],
  permissions: [{ action: 'kms:ListResourceTags', on: 'key' }],
  states: 'any',
  usages: [],
  event: { readOnly: true },
  run({ Limit = MAX_LIMIT, Marker }, keys) {
    const { arn, tags } = keyIn(keys, 'key');
    const { items, nextMarker } = pageInOrder([...tags], `ListResourceTags ${arn}`, Limit, Marker);
    return {
      ...(nextMarker !== undefined && { NextMarker: nextMarker }),
      Tags: items.map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
      Truncated: nextMarker !== undefined,
    };
  },
});
