import { faults } from '../wire/texts.ts';

const MAX_TAGS = 50;

export const TAG_KEY = { type: 'string', required: true, min: 1, max: 128 } as const;

/** Tags as KMS takes them, or its refusal. */
export const TAGS = {
  type: 'list',
  of: {
    type: 'structure',
    members: { TagKey: TAG_KEY, TagValue: { type: 'string', required: true, min: 0, max: 256 } },
  },
} as const;

/** @throws Fault TagException */
export function tagsOf(
  tags: readonly { readonly TagKey: string; readonly TagValue: string }[] | undefined,
): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const { TagKey, TagValue } of tags ?? []) {
    if (map.has(TagKey)) throw faults.tags('Duplicate tag keys');
    requireFreeTagKey(TagKey);
    map.set(TagKey, TagValue);
  }
  requireRoomForTags(map);
  return map;
}

/** @throws Fault TagException */
export function requireFreeTagKey(key: string): void {
  if (key.toLowerCase().startsWith('aws:')) throw faults.tags('Tags beginning with aws: are reserved');
}

/** @throws Fault TagException */
export function requireRoomForTags(tags: ReadonlyMap<string, string>): void {
  if (tags.size > MAX_TAGS) throw faults.tags('Too many tags');
}
