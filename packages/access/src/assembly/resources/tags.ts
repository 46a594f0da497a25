import type { Tag } from '../../model.ts';
import { itemsOf } from '../../symbolic/cases.ts';
import { asValue, isRecord } from '../../symbolic/outcome.ts';
import { property, type Resource } from './resource.ts';

/** A tag that is there in some cases only is not known: what tests it is decided by nothing here. */
export function tagsOf(resource: Resource, problems: string[]): readonly Tag[] {
  const tags = itemsOf(property(resource, 'Tags')).map(({ value: tag, when }): Tag | undefined => {
    const [key, value] = isRecord(tag) && when.length === 0 ? [asValue(tag['Key']), asValue(tag['Value'])] : [];
    return key === undefined || value === undefined ? undefined : { key, value };
  });
  if (tags.includes(undefined)) problems.push('Tags: some tags are not known before deployment');
  return tags.filter((tag) => tag !== undefined);
}
