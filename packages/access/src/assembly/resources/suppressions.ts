import type { DeclaredSuppression } from '../../model.ts';
import { isObject, type Json } from '../../parsing/findings.ts';
import { constructOf } from '../input/paths.ts';
import type { Stack } from '../input/stack.ts';
import { located, metadataOf, type Resource } from './resource.ts';

/** What comes before the name of a rule of ours where the CDK names rules of all plugins. */
const NAMESPACE = 'keysmith::';

/** What the app says about findings of checks: in the metadata of resources, and by acknowledgements of the CDK. */
export function suppressionsOf(
  stacks: readonly Stack[],
  resources: readonly Resource[],
): readonly DeclaredSuppression[] {
  return [...resources.flatMap(inMetadata), ...stacks.flatMap(acknowledged)];
}

function inMetadata(resource: Resource): readonly DeclaredSuppression[] {
  const { keysmith } = metadataOf(resource);
  if (!isObject(keysmith) || keysmith['suppress'] === undefined) return [];
  const { constructPath, logicalId, stack, source } = located(resource);
  const place = { kind: 'metadata', constructPath, logicalId, stack, ...(source && { source }) } as const;
  const list: unknown = keysmith['suppress'];
  return (Array.isArray(list) ? list : [list]).map((item: unknown) => {
    const entry: Json = isObject(item) ? item : {};
    return { ...place, rule: textAt(entry, 'rule'), reason: textAt(entry, 'reason') };
  });
}

function textAt(json: Json, member: string): string | undefined {
  const value = json[member];
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** A nested stack shares the list of the stack that it is in. */
function acknowledged({ id: stack, parent, acknowledgements }: Stack): readonly DeclaredSuppression[] {
  if (parent !== undefined) return [];
  return acknowledgements
    .filter(({ id }) => id.startsWith(NAMESPACE))
    .map(({ path, id, reason }) => {
      const place = { kind: 'acknowledgement', constructPath: constructOf(path), logicalId: '', stack } as const;
      return { ...place, rule: id.slice(NAMESPACE.length), reason };
    });
}
