import { faults } from '../wire/texts.ts';

const MAX_TAGS = 50;

/** Tags as KMS takes them, or its refusal. */
export const TAGS = {
  type: 'list',
  of: {
    type: 'structure',
    members: {
      TagKey: { type: 'string', required: true, min: 1, max: 128 },
      TagValue: { type: 'string', required: true, min: 0, max: 256 },
    },
  },
} as const;

/** @throws Fault TagException */
export function tagsOf(
  tags: readonly { readonly TagKey: string; readonly TagValue: string }[] | undefined,
): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const { TagKey, TagValue } of tags ?? []) {
    if (map.has(TagKey)) throw faults.tags('Duplicate tag keys');
    if (TagKey.toLowerCase().startsWith('aws:')) throw faults.tags('Tags beginning with aws: are reserved');
    map.set(TagKey, TagValue);
  }
  if (map.size > MAX_TAGS) throw faults.tags('Too many tags');
  return map;
}
